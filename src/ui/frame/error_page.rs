//! The page of an error.

use crate::error::{AppError, Kind};
use crate::ui::{ButtonKind, LinkButton, non_empty};
use leptos::prelude::*;

/// What happened, what to do, and the way out. Faults of ours carry the number to quote.
#[component]
pub fn ErrorPage(error: AppError, #[prop(into, optional)] trace_id: String) -> impl IntoView {
    let status = error.status();
    let (headline, advice) = words(error.kind);
    let wait = error
        .retry_after
        .filter(|seconds| *seconds > 1)
        .map(|seconds| format!(" Wait {seconds} seconds, then try again."));
    let trace = non_empty(trace_id).filter(|_| status >= 500);
    let sign_in = (error.kind == Kind::Unauthenticated).then(|| {
        view! {
            <LinkButton href="/login" kind=ButtonKind::Primary>
                "Sign in"
            </LinkButton>
        }
    });
    view! {
        <section class="error-page">
            <p class="error-status">{format!("Error {status}")}</p>
            <h1>{headline}</h1>
            <p class="lead">{error.message}</p>
            <p>{advice} {wait}</p>
            <div class="actions">
                {sign_in} <LinkButton href="/">"Home"</LinkButton>
                <LinkButton href="/products">"Shop"</LinkButton>
            </div>
            {trace
                .map(|trace| {
                    view! {
                        <p class="error-trace">"If you write to us, quote " <code>{trace}</code></p>
                    }
                })}
        </section>
    }
}

/// A calm headline, and what to do next.
const fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::NotFound => (
            "Not found",
            "The address may be mistyped, or what was here is gone.",
        ),
        Kind::Forbidden => (
            "Not for this account",
            "If you should have access, ask an administrator.",
        ),
        Kind::Unauthenticated => ("Please sign in", "You come back here afterwards."),
        Kind::Conflict => (
            "Something changed in the meantime",
            "Go back, reload the page, and try again.",
        ),
        Kind::TooMany => ("A little slower, please", "This protects every account."),
        Kind::Unavailable => ("Back in a moment", "Try again in a few seconds."),
        Kind::Internal => (
            "This is our fault",
            "It has been recorded. Trying again may help.",
        ),
        Kind::Invalid
        | Kind::Malformed
        | Kind::MethodNotAllowed
        | Kind::TooLarge
        | Kind::Unsupported => (
            "That could not be read",
            "Go back, check what was sent, and try again.",
        ),
    }
}
