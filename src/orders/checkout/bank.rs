//! The bank account that customers transfer to, and the payment instructions they see.

use crate::clock::Timestamp;
use crate::i18n::t;
use crate::money::Money;
use crate::orders::{OrderState, Payment, Status};
use crate::server::{App, app};
use crate::ui::{Price, When};
use leptos::prelude::*;

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    pub holder: String,
    /// The IBAN, or an account number where IBANs are not used.
    pub number: String,
    /// The bank's name; may be empty.
    pub bank: String,
    /// May be empty.
    pub bic: String,
}

impl BankAccount {
    /// Returns the shop's account; `None` if it takes no transfers.
    pub fn of(app: &App) -> Option<Self> {
        app.config.payment.account(app.in_development())
    }

    /// Returns the labelled details of a transfer to it, other than the amount and the reference.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let all = [
            (t!("orders-bank-holder"), self.holder.as_str()),
            (t!("orders-bank-number"), &self.number),
            (t!("orders-bank-name"), &self.bank),
            (t!("orders-bank-bic"), &self.bic),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        given
            .map(|(label, value)| (label, value.to_owned()))
            .collect()
    }
}

/// Returns the deadline of the transfer that the order awaits; `None` if it awaits none.
pub fn transfer_until(state: &OrderState) -> Option<Timestamp> {
    let waits = state.status == Status::Placed && state.payment == Payment::Invoice;
    state.expires_at.filter(|_| waits)
}

/// Instructions for paying an unpaid order by transfer, with the deadline.
#[component]
pub fn HowToPay(number: String, state: OrderState) -> impl IntoView {
    let until = transfer_until(&state)?;
    let total = Money::new(state.total(), state.currency);
    let account = BankAccount::of(&app());
    let how = match account {
        Some(_) => t!("orders-bank-transfer"),
        None => t!("orders-bank-ask"),
    };
    let lines = account.map(|account| account.lines()).unwrap_or_default();
    let lines = lines
        .into_iter()
        .map(|(label, value)| view! { <BankLine label>{value}</BankLine> })
        .collect::<Vec<_>>();
    Some(view! {
        <div class="how-to-pay">
            <p>{how}</p>
            <dl class="bank-details">
                <BankLine label=t!("orders-bank-amount")>
                    <strong>
                        <Price money=total />
                    </strong>
                </BankLine>
                <BankLine label=t!("orders-bank-until")>
                    <strong>
                        <When at=until />
                    </strong>
                </BankLine>
                {lines}
                <BankLine label=t!("orders-bank-reference")>
                    <code>{number}</code>
                </BankLine>
            </dl>
            <p class="muted">{t!("orders-bank-late")}</p>
        </div>
    })
}

#[component]
fn BankLine(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
