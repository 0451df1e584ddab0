//! The panel with an order's next steps, and with the reason why one was refused.

use super::dialogs::{CancelStep, FlagStep, RefundStep, ReturnStep, ShipStep};
use super::fields::StepFields;
use crate::i18n::t;
use crate::orders::detail::OrderView;
use crate::orders::order::Order;
use crate::orders::{Event, Step};
use crate::server::IdempotencyKey;
use crate::ui::{Alert, Button, ButtonKind, ConfirmButton, Icon, Refusal, Tone, gap};
use leptos::prelude::*;

/// The steps that have fields, whose form shows its own refusal.
const WITH_FIELDS: [&str; 5] = ["ship", "cancel", "return", "refund", "flag"];

/// The buttons of the next steps: those that move the order on first, then those that take it back.
#[component]
pub fn StepPanel(view: OrderView) -> impl IntoView {
    let steps = view.order.steps_for(&view.user);
    let may_flag = Order::may_be_flagged_by(&view.user);
    let flagged = may_flag && view.order.state.flagged;
    let can_be_flagged = may_flag && view.order.can_be_flagged();
    let buttons = steps
        .into_iter()
        .map(|step| step_button(&view, step))
        .collect::<Vec<_>>();
    view! {
        {flagged.then(|| view! { <FlaggedAlert view=view.clone() /> })}
        <div class="order-steps">
            {buttons}
            {can_be_flagged.then(|| view! { <FlagStep order=view.order.clone() /> })}
        </div>
    }
}

fn step_button(view: &OrderView, step: Step) -> AnyView {
    let order = view.order.clone();
    match step {
        Step::Pay => view! { <PayStep view=view.clone() /> }.into_any(),
        Step::Pack => view! { <PlainStep order step icon=Icon::Box /> }.into_any(),
        Step::Ship => view! { <ShipStep order /> }.into_any(),
        Step::Deliver => view! { <PlainStep order step icon=Icon::Check /> }.into_any(),
        Step::Cancel => view! { <CancelStep order /> }.into_any(),
        Step::Return => view! { <ReturnStep order /> }.into_any(),
        Step::Refund => view! { <RefundStep order /> }.into_any(),
        Step::Expire => ().into_any(),
    }
}

/// A step that needs only a click.
#[component]
fn PlainStep(
    order: Order,
    step: Step,
    /// The button's label, if it is to say more than the step's name.
    #[prop(into, optional)]
    label: Option<String>,
    icon: Icon,
) -> impl IntoView {
    let label = label.unwrap_or_else(|| step.label().to_owned());
    view! {
        <form method="post" action=format!("{}/{step}", order.path())>
            <StepFields version=order.state.version />
            <Button kind=ButtonKind::Primary icon>
                {label}
            </Button>
        </form>
    }
}

/// The payment step: customers pay from the wallet; staff confirm that the money came in.
#[component]
fn PayStep(view: OrderView) -> impl IntoView {
    let OrderView {
        order, available, ..
    } = view.clone();
    let total = view.money(order.state.total());
    if view.for_staff() {
        let message = t!(
            "orders-pay-message",
            amount = total.to_string(),
            number = &order.number
        );
        let hidden = vec![
            ("idempotency_key".to_owned(), IdempotencyKey::new_key()),
            ("version".to_owned(), order.state.version.to_string()),
        ];
        return view! {
            <ConfirmButton
                action=format!("{}/pay", order.path())
                label=Step::Pay.label()
                title=t!("orders-pay-title")
                message
                confirm_label=Step::Pay.label()
                kind=ButtonKind::Primary
                hidden
                icon=Icon::Wallet
            />
        }
        .into_any();
    }
    if available >= order.state.total() {
        let label = t!("orders-pay-from-wallet", amount = total.to_string());
        return view! { <PlainStep order step=Step::Pay label icon=Icon::Wallet /> }.into_any();
    }
    let available = view.money(available).to_string();
    view! {
        <p class="order-hint">
            {t!("orders-pay-wallet-short", amount = available)} {gap()} <a href="/wallet">{t!("orders-pay-your-wallet")}</a>
        </p>
    }
    .into_any()
}

/// The reason why the order is held back, and the button that clears it.
#[component]
fn FlaggedAlert(view: OrderView) -> impl IntoView {
    let reason = view
        .events
        .iter()
        .rev()
        .find_map(|written| match &written.event {
            Event::Flagged { reason } => Some((reason.as_str(), written.actor_label())),
            _ => None,
        });
    let said = reason.map(|(reason, actor)| t!("orders-flag-said", name = actor, reason = reason));
    view! {
        <Alert tone=Tone::Warn title=t!("orders-flag-title")>
            {said.map(|said| view! { <p>{said}</p> })}
            <form method="post" action=format!("{}/clear", view.order.path())>
                <StepFields version=view.order.state.version />
                <Button icon=Icon::Check>{t!("orders-flag-remove")}</Button>
            </form>
        </Alert>
    }
}

/// Shows why a step was refused if its form cannot: it has no fields, or the order moved on and the step is
/// no longer possible. Repeats what was typed, so that it is not lost.
#[component]
pub fn StepRefused(order: Order, steps: Vec<Step>) -> impl IntoView {
    let Refusal {
        action,
        error,
        typed,
    } = use_context::<Refusal>()?;
    let step = action
        .strip_prefix(&format!("{}/", order.path()))?
        .to_owned();
    let possible = match step.as_str() {
        "flag" => order.can_be_flagged(),
        word => steps.iter().any(|step| step.as_str() == word),
    };
    if WITH_FIELDS.contains(&step.as_str()) && possible {
        return None;
    }
    let faults = error
        .errors
        .into_values()
        .map(|fault| view! { <li>{fault}</li> });
    let faults = faults.collect::<Vec<_>>();
    let kept = typed
        .into_iter()
        .filter(|(name, value)| {
            !matches!(name.as_str(), "idempotency_key" | "version") && !value.is_empty()
        })
        .map(|(name, value)| {
            let name = field_label(&name);
            view! { <li>{t!("orders-step-typed", name = name, value = value)}</li> }
        })
        .collect::<Vec<_>>();
    Some(view! {
        <Alert tone=Tone::Bad title=t!("orders-step-refused")>
            <p>{error.message}</p>
            {(!faults.is_empty()).then(|| view! { <ul>{faults}</ul> })}
            {(!kept.is_empty())
                .then(|| {
                    view! {
                        <p>{t!("orders-step-had-typed")}</p>
                        <ul>{kept}</ul>
                    }
                })}
        </Alert>
    })
}

/// Returns the label of a step's field.
fn field_label(name: &str) -> String {
    let words = match name {
        "reason" => t!("orders-reason"),
        "carrier" => t!("orders-ship-carrier"),
        "tracking" => t!("orders-ship-tracking"),
        "restock" => t!("orders-return-restock"),
        "amount" => t!("orders-amount"),
        "to" => t!("orders-refund-to"),
        // `quantity.12`, for the product with id 12.
        _ => return name.replacen("quantity.", t!("orders-step-quantity-of"), 1),
    };
    words.to_owned()
}
