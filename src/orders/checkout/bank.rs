//! The account that customers transfer to, and what they are told about it.

use crate::clock::Timestamp;
use crate::money::Money;
use crate::orders::{OrderState, Payment, Status};
use crate::server::{App, app};
use crate::ui::{Price, When};
use leptos::prelude::*;

/// An account at a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    pub holder: String,
    /// An IBAN, or a number where there are none.
    pub number: String,
    /// Empty where it goes without.
    pub bank: String,
    /// The same.
    pub bic: String,
}

impl BankAccount {
    /// The shop's; nothing where it takes no transfers.
    pub fn of(app: &App) -> Option<Self> {
        app.config.payment.account(app.in_development())
    }

    /// What stands on a transfer to it, but for the amount and what it is for.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("Account holder", self.holder.as_str()),
            ("Account number", &self.number),
            ("Bank", &self.bank),
            ("BIC", &self.bic),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        given
            .map(|(label, value)| (label, value.to_owned()))
            .collect()
    }
}

/// Until when a transfer for the order is waited for; nothing where none is.
pub fn transfer_until(state: &OrderState) -> Option<Timestamp> {
    let waits = state.status == Status::Placed && state.payment == Payment::Invoice;
    state.expires_at.filter(|_| waits)
}

/// What an unpaid order is paid with, and until when.
#[component]
pub fn HowToPay(number: String, state: OrderState) -> impl IntoView {
    let until = transfer_until(&state)?;
    let total = Money::new(state.total(), state.currency);
    let details = match BankAccount::of(&app()) {
        Some(account) => {
            let lines = account.lines().into_iter();
            let lines = lines.map(|(label, value)| view! { <BankLine label>{value}</BankLine> });
            view! {
                <dl class="bank-details">
                    {lines.collect::<Vec<_>>()} <BankLine label="Payment reference">
                        <code>{number}</code>
                    </BankLine>
                </dl>
            }
            .into_any()
        }
        None => view! {
            <p>
                "Ask us for the account to transfer to, and give the order's number: " <code>{number}</code>
            </p>
        }
        .into_any(),
    };
    Some(view! {
        <div class="how-to-pay">
            <p>
                "Transfer " <strong>
                    <Price money=total />
                </strong> " to our bank account by " <strong>
                    <When at=until />
                </strong> "."
            </p>
            {details}
            <p class="muted">"After that time your things go back on the shelf, and nothing is owed."</p>
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
