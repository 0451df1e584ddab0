//! The steps that need input: each is a button and the dialog it opens.

use super::fields::StepFields;
use crate::i18n::t;
use crate::money::Money;

use crate::orders::order::Order;
use crate::orders::{Line, RefundTo, Step};
use crate::ui::{
    Button, ButtonKind, CheckField, Choice, Dialog, DialogButton, DialogClose, Form, FormScope,
    Icon, Price, RadioField, Refusal, TextField,
};
use leptos::prelude::*;

/// A button and the dialog with the step's form. A refused form is shown open on the page instead, with the
/// errors and what was typed.
#[component]
fn StepDialog(
    order: Order,
    step: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] title: String,
    /// The label of the submit button; a verb.
    #[prop(into)]
    confirm: String,
    #[prop(optional)] kind: ButtonKind,
    icon: Icon,
    children: Children,
) -> impl IntoView {
    let action = format!("{}/{step}", order.path());
    let refused = use_context::<Refusal>().is_some_and(|refusal| refusal.action == action);
    let id = format!("step-{step}");
    let close = (!refused).then(|| {
        view! { <DialogClose target=id.clone()>{t!("orders-not-now")}</DialogClose> }
    });
    let confirm_kind = match kind {
        ButtonKind::Danger => ButtonKind::Danger,
        _ => ButtonKind::Primary,
    };
    let form = view! {
        <Form action>
            <StepFields version=order.state.version />
            {children()}
            <div class="dialog-actions">
                {close} <Button kind=confirm_kind>{confirm}</Button>
            </div>
        </Form>
    };
    if refused {
        return view! {
            <section class="card step-refused">
                <h2 class="card-title">{title}</h2>
                {form}
            </section>
        }
        .into_any();
    }
    let opener = match kind {
        ButtonKind::Primary => ButtonKind::Primary,
        _ => ButtonKind::Secondary,
    };
    view! {
        <DialogButton target=id.clone() kind=opener icon>
            {label.clone()}
        </DialogButton>
        <Dialog id title>
            {form}
        </Dialog>
    }
    .into_any()
}

#[component]
fn ReasonField(#[prop(optional)] required: bool) -> impl IntoView {
    view! { <TextField name="reason" label=t!("orders-reason") required maxlength=200_u32 autocomplete="off" /> }
}

#[component]
pub fn ShipStep(order: Order) -> impl IntoView {
    view! {
        <StepDialog
            order
            step="ship"
            label=Step::Ship.label()
            title=t!("orders-ship-title")
            confirm=t!("orders-ship-confirm")
            kind=ButtonKind::Primary
            icon=Icon::ArrowRight
        >
            <TextField name="carrier" label=t!("orders-ship-carrier") maxlength=200_u32 autocomplete="off" />
            <TextField name="tracking" label=t!("orders-ship-tracking") hint=t!("orders-ship-hint") maxlength=200_u32 autocomplete="off" />
        </StepDialog>
    }
}

#[component]
pub fn CancelStep(order: Order) -> impl IntoView {
    let state = &order.state;
    let back = state.held + state.refundable();
    let said = match back {
        0 => t!("orders-cancel-uncharged").to_owned(),
        back => {
            let amount = Money::new(back, state.currency).to_string();
            t!("orders-cancel-back", amount = amount)
        }
    };
    view! {
        <StepDialog
            order
            step="cancel"
            label=Step::Cancel.label()
            title=t!("orders-cancel-title")
            confirm=Step::Cancel.label()
            kind=ButtonKind::Danger
            icon=Icon::Close
        >
            <p>{said}</p>
            <ReasonField />
        </StepDialog>
    }
}

#[component]
pub fn FlagStep(order: Order) -> impl IntoView {
    view! {
        <StepDialog
            order
            step="flag"
            label=t!("orders-flag")
            title=t!("orders-flag-dialog")
            confirm=t!("orders-flag-confirm")
            icon=Icon::Flag
        >
            <p>{t!("orders-flag-effect")}</p>
            <ReasonField required=true />
        </StepDialog>
    }
}

#[component]
pub fn ReturnStep(order: Order) -> impl IntoView {
    let out = |line: &&Line| line.returned < line.quantity;
    let lines = order
        .state
        .items
        .iter()
        .filter(out)
        .cloned()
        .collect::<Vec<_>>();
    view! {
        <StepDialog
            order
            step="return"
            label=Step::Return.label()
            title=t!("orders-return-title")
            confirm=Step::Return.label()
            icon=Icon::Undo
        >
            <ReturnLines lines />
            <CheckField name="restock" label=t!("orders-return-restock") hint=t!("orders-return-restock-hint") checked=true />
            <ReasonField />
        </StepDialog>
    }
}

#[component]
fn ReturnLines(lines: Vec<Line>) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id("items"), scope.error("items"));
    let rows = lines
        .into_iter()
        .map(|line| {
            let out = line.quantity - line.returned;
            let hint = t!("orders-return-out", count = out);
            let out = out.to_string();
            view! {
                <TextField
                    name=format!("quantity.{}", line.product_id)
                    label=line.name.shown().to_owned()
                    hint
                    kind="number"
                    value=out.clone()
                    min="0"
                    max=out
                    inputmode="numeric"
                />
            }
        })
        .collect::<Vec<_>>();
    view! {
        <fieldset id=id class="return-lines">
            <legend>{t!("orders-return-quantities")}</legend>
            {rows}
            {error.map(|error| view! { <p class="field-error">{error}</p> })}
        </fieldset>
    }
}

#[component]
pub fn RefundStep(order: Order) -> impl IntoView {
    let state = order.state.clone();
    let money = |minor| Money::new(minor, state.currency);
    let left = money(state.refundable());
    let facts = [
        (t!("orders-captured"), money(state.captured)),
        (t!("orders-refunded"), money(state.refunded)),
        (t!("orders-refund-left"), left),
    ]
    .map(|(label, money)| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>
                    <Price money />
                </dd>
            </div>
        }
    })
    .into_iter()
    .collect::<Vec<_>>();
    let label = t!("orders-refund-amount", currency = state.currency.code());
    let choices = vec![
        Choice::new(
            RefundTo::Wallet.as_str(),
            t!("orders-payment-wallet"),
            t!("orders-refund-wallet-hint"),
        ),
        Choice::new(
            RefundTo::Bank.as_str(),
            t!("orders-payment-invoice"),
            t!("orders-refund-bank-hint"),
        ),
    ];
    view! {
        <StepDialog
            order
            step="refund"
            label=Step::Refund.label()
            title=t!("orders-refund-title")
            confirm=Step::Refund.label()
            icon=Icon::Wallet
        >
            <dl class="refund-facts">{facts}</dl>
            <TextField name="amount" label value=left.decimal() required=true inputmode="decimal" autocomplete="off" />
            <RadioField name="to" legend=t!("orders-refund-to") value="wallet" choices />
            <ReasonField />
        </StepDialog>
    }
}
