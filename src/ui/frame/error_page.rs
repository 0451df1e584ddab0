//! The error page.

use crate::error::{AppError, Kind};
use crate::i18n::t;
use crate::ui::{Button, ButtonKind, Kept, LinkButton, non_empty};
use leptos::prelude::*;

/// The error page: what happened, what to do, and the way out. Server errors carry the trace id to quote.
#[component]
pub fn ErrorPage(error: AppError, #[prop(into, optional)] trace_id: String) -> impl IntoView {
    let status = error.status();
    let (headline, advice) = words(error.kind);
    let wait = error
        .retry_after
        .filter(|seconds| *seconds > 1)
        .map(|seconds| t!("ui-error-wait", seconds = seconds));
    let trace = non_empty(trace_id).filter(|_| status >= 500);
    let sign_in = (error.kind == Kind::Unauthenticated).then(|| {
        view! {
            <LinkButton href="/login" kind=ButtonKind::Primary>
                {t!("ui-sign-in")}
            </LinkButton>
        }
    });
    let again = use_context::<Kept>().map(|kept| {
        let action = kept.action.clone();
        let inputs = kept
            .fields_to_send_again()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view();
        view! {
            <form method="post" action=action>
                {inputs}
                <Button kind=ButtonKind::Primary>{t!("server-away-again")}</Button>
            </form>
        }
    });
    view! {
        <section class="error-page">
            <p class="error-status">{t!("ui-error-status", status = status.to_string())}</p>
            <h1>{headline}</h1>
            <p class="lead">{error.message}</p>
            <p>{advice} {wait}</p>
            <div class="actions">
                {sign_in} {again} <LinkButton href="/">{t!("ui-home")}</LinkButton>
                <LinkButton href="/products">{t!("ui-nav-shop")}</LinkButton>
            </div>
            {trace
                .map(|trace| {
                    view! {
                        <p class="error-trace">{t!("ui-error-quote")} " " <code>{trace}</code></p>
                    }
                })}
        </section>
    }
}

/// Returns a calm headline, and what to do next.
fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::NotFound => (t!("ui-error-not-found"), t!("ui-error-not-found-advice")),
        Kind::Forbidden => (t!("ui-error-forbidden"), t!("ui-error-forbidden-advice")),
        Kind::Unauthenticated => (t!("ui-error-sign-in"), t!("ui-error-sign-in-advice")),
        Kind::Conflict => (t!("ui-error-conflict"), t!("ui-error-conflict-advice")),
        Kind::TooMany => (t!("ui-error-too-many"), t!("ui-error-too-many-advice")),
        Kind::Unavailable => (
            t!("ui-error-unavailable"),
            t!("ui-error-unavailable-advice"),
        ),
        Kind::Internal => (t!("ui-error-internal"), t!("ui-error-internal-advice")),
        Kind::Invalid
        | Kind::Malformed
        | Kind::MethodNotAllowed
        | Kind::TooLarge
        | Kind::Unsupported => (t!("ui-error-unreadable"), t!("ui-error-unreadable-advice")),
    }
}
