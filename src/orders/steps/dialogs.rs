//! The steps that ask for something first: each a button, and the dialog it opens.

use super::fields::StepFields;
use crate::money::Money;
use crate::orders::Line;
use crate::orders::order::Order;
use crate::ui::{
    Button, ButtonKind, CheckField, Choice, Dialog, DialogButton, DialogClose, Form, FormScope,
    Icon, Price, RadioField, Refusal, TextField,
};
use leptos::prelude::*;

/// A button and the dialog with the step's form. A refused form lies open on the page instead, with
/// what is wrong and what was typed.
#[component]
fn StepDialog(
    order: Order,
    step: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] title: String,
    /// On the button that acts; a verb.
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
        view! { <DialogClose target=id.clone()>"Not now"</DialogClose> }
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
    view! { <TextField name="reason" label="Reason" required maxlength=200_u32 autocomplete="off" /> }
}

#[component]
pub fn ShipStep(order: Order) -> impl IntoView {
    view! {
        <StepDialog order step="ship" label="Ship" title="Hand it to the carrier" confirm="Ship it" kind=ButtonKind::Primary icon=Icon::ArrowRight>
            <TextField name="carrier" label="Carrier" maxlength=200_u32 autocomplete="off" />
            <TextField name="tracking" label="Tracking number" hint="The customer sees both." maxlength=200_u32 autocomplete="off" />
        </StepDialog>
    }
}

#[component]
pub fn CancelStep(order: Order) -> impl IntoView {
    let state = &order.state;
    let back = state.held + state.refundable();
    let money = match back {
        0 => "Nothing was charged.".to_owned(),
        back => format!(
            "{} is free in the wallet again.",
            Money::new(back, state.currency)
        ),
    };
    view! {
        <StepDialog
            order
            step="cancel"
            label="Cancel the order"
            title="Cancel this order?"
            confirm="Cancel it"
            kind=ButtonKind::Danger
            icon=Icon::Close
        >
            <p>{format!("Its things go back on the shelf. {money} This cannot be undone.")}</p>
            <ReasonField />
        </StepDialog>
    }
}

#[component]
pub fn FlagStep(order: Order) -> impl IntoView {
    view! {
        <StepDialog order step="flag" label="Flag" title="Hold this order back" confirm="Flag it" icon=Icon::Flag>
            <p>"Until somebody clears it, it is neither packed nor shipped."</p>
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
        <StepDialog order step="return" label="Take back" title="What came back?" confirm="Note it" icon=Icon::Undo>
            <ReturnLines lines />
            <CheckField name="restock" label="It can be sold again" hint="Then it goes back into the stock." checked=true />
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
            let out = (line.quantity - line.returned).to_string();
            view! {
                <TextField
                    name=format!("quantity.{}", line.product_id)
                    label=line.name
                    hint=format!("{out} still out")
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
            <legend>"How many of each"</legend>
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
        ("Taken", money(state.captured)),
        ("Given back", money(state.refunded)),
        ("Left", left),
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
    let label = format!("Amount in {}", state.currency.code());
    let choices = vec![
        Choice::new("wallet", "To the wallet", "There at once."),
        Choice::new(
            "bank",
            "By bank transfer",
            "Send it from the bank yourself.",
        ),
    ];
    view! {
        <StepDialog order step="refund" label="Refund" title="Give money back" confirm="Refund" icon=Icon::Wallet>
            <dl class="refund-facts">{facts}</dl>
            <TextField name="amount" label value=left.decimal() required=true inputmode="decimal" autocomplete="off" />
            <RadioField name="to" legend="Where it goes" value="wallet" choices />
            <ReasonField />
        </StepDialog>
    }
}
