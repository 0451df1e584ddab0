//! Topping up the wallet of somebody whose address one knows, opened or not.

use crate::accounts::viewer;
use crate::error::AppError;
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
        <Title text="Top up a wallet" />
        <Breadcrumbs trail=vec![("/ledger".into(), "Ledger".into())] here="Top up a wallet" />
        <div class="page-head">
            <h1>"Top up a wallet"</h1>
        </div>
        <div class="page-narrow">
            <p class="muted">"Money that came in at the bank, from there into somebody's wallet."</p>
            <Form action="/ledger/top-up">
                <TextField
                    name="email"
                    label="Whose wallet, by e-mail address"
                    kind="email"
                    value=email
                    required=true
                    autocomplete="off"
                />
                <TopUpFields currency />
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Icon::Plus>
                        "Top up"
                    </Button>
                    <LinkButton href="/ledger">"Cancel"</LinkButton>
                </div>
            </Form>
        </div>
    }
}

/// What every top-up asks for.
#[component]
pub fn TopUpFields(currency: Currency) -> impl IntoView {
    let label = format!("Amount in {}", currency.code());
    view! {
        <HiddenField name="once" value=IdempotencyKey::new_key() />
        <div class="field-row">
            <TextField name="amount" label required=true inputmode="decimal" autocomplete="off" />
            <TextField name="memo" label="Memo" maxlength=200_u32 autocomplete="off" />
        </div>
    }
}
