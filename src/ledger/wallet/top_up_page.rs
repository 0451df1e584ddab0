//! Topping up somebody's wallet by their e-mail address, whether it has been opened or not.

use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::money::Currency;
use crate::server::{IdempotencyKey, app, page};
use crate::ui::{Breadcrumbs, Button, ButtonKind, Form, HiddenField, Icon, LinkButton, TextField};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/ledger/top-up?email=`
#[component]
pub fn TopUpPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let email = use_query_map().get_untracked().get("email");
    page(async move {
        viewer.staff()?;
        let (email, currency) = (email.unwrap_or_default(), app.config.shop.currency);
        Ok::<_, AppError>(view! { <TopUpSomebody email currency /> })
    })
}

#[component]
fn TopUpSomebody(email: String, currency: Currency) -> impl IntoView {
    view! {
        <Title text=t!("ledger-top-up-title") />
        <Breadcrumbs trail=vec![("/ledger".into(), t!("ledger-title").into())] here=t!("ledger-top-up-title") />
        <div class="page-head">
            <h1>{t!("ledger-top-up-title")}</h1>
        </div>
        <div class="page-narrow">
            <p class="muted">{t!("ledger-top-up-lead")}</p>
            <Form action="/ledger/top-up">
                <TextField
                    name="email"
                    label=t!("ledger-top-up-email")
                    kind="email"
                    value=email
                    required=true
                    autocomplete="off"
                />
                <TopUpFields currency />
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Icon::Plus>
                        {t!("ledger-top-up")}
                    </Button>
                    <LinkButton href="/ledger">{t!("ledger-cancel")}</LinkButton>
                </div>
            </Form>
        </div>
    }
}

/// The fields of every top-up form.
#[component]
pub fn TopUpFields(currency: Currency) -> impl IntoView {
    let label = t!("ledger-top-up-amount", currency = currency.code());
    view! {
        <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
        <div class="field-row">
            <TextField name="amount" label required=true inputmode="decimal" autocomplete="off" />
            <TextField name="memo" label=t!("ledger-memo") maxlength=200_u32 autocomplete="off" />
        </div>
    }
}
