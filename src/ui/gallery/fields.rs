//! The specimen page's buttons and fields.

use super::specimen::Specimen;
use crate::error::AppError;
use crate::i18n::t;
use crate::ui::forms::{
    CheckField, Choice, Form, RadioField, Refusal, SelectField, TextArea, TextField,
};
use crate::ui::{Button, ButtonKind, Icon, LinkButton};
use leptos::context::Provider;
use leptos::prelude::*;

#[component]
pub(super) fn Buttons() -> impl IntoView {
    let row = |small: bool, disabled: bool| {
        let kinds = [
            (ButtonKind::Primary, t!("gallery-primary")),
            (ButtonKind::Secondary, t!("gallery-second")),
            (ButtonKind::Quiet, t!("gallery-quiet")),
            (ButtonKind::Danger, t!("gallery-danger")),
        ];
        kinds
            .map(|(kind, words)| {
                view! {
                    <Button kind small disabled button_type="button">
                        {words}
                    </Button>
                }
            })
            .into_iter()
            .collect::<Vec<_>>()
    };
    view! {
        <Specimen title=t!("gallery-buttons")>
            <div class="row">{row(false, false)}</div>
            <div class="row">{row(true, false)}</div>
            <div class="row">{row(false, true)}</div>
            <div class="row">
                <Button icon=Icon::Plus kind=ButtonKind::Primary button_type="button">
                    {t!("gallery-with-icon")}
                </Button>
                <Button icon=Icon::Edit label=t!("gallery-edit") button_type="button" />
                <LinkButton href="#main" icon=Icon::ArrowRight>
                    {t!("gallery-a-link")}
                </LinkButton>
            </div>
        </Specimen>
    }
}

#[component]
pub(super) fn Fields() -> impl IntoView {
    let faults = [
        ("name", t!("gallery-fault-name")),
        ("price", t!("gallery-fault-price")),
    ]
    .map(|(field, message)| (field.to_owned(), message.to_owned()));
    let refusal = Refusal {
        action: "/ui/refused".into(),
        error: AppError::invalid_fields(faults.into()),
        typed: vec![
            ("name".into(), String::new()),
            ("price".into(), t!("gallery-typed-price").into()),
            ("notes".into(), t!("gallery-typed-notes").into()),
            ("listed".into(), "on".into()),
        ],
    };
    view! {
        <Specimen title=t!("gallery-forms")>
            <div class="specimen-columns">
                <SampleForm action="/ui/plain" />
                <Provider value=refusal>
                    <SampleForm action="/ui/refused" />
                </Provider>
            </div>
        </Specimen>
    }
}

#[component]
fn SampleForm(action: &'static str) -> impl IntoView {
    let categories = vec![
        ("tea".to_owned(), t!("gallery-tea").to_owned()),
        ("ware".to_owned(), t!("gallery-ware").to_owned()),
        ("books".to_owned(), t!("gallery-books").to_owned()),
    ];
    view! {
        <Form action>
            <TextField name="name" label=t!("gallery-name") required=true maxlength=120_u32 />
            <TextField
                name="price"
                label=t!("gallery-price")
                value="199.00"
                inputmode="decimal"
                hint=t!("gallery-price-hint")
            />
            <SelectField name="category" label=t!("gallery-category") value="ware" options=categories />
            <TextField name="password" label=t!("gallery-password") kind="password" />
            <TextArea name="notes" label=t!("gallery-notes") placeholder=t!("gallery-notes-placeholder") />
            <RadioField
                name="packing"
                legend=t!("gallery-packing")
                value="box"
                choices=vec![
                    Choice::new("box", t!("gallery-box"), t!("gallery-box-hint")),
                    Choice::new("bag", t!("gallery-bag"), t!("gallery-bag-hint")),
                ]
            />
            <CheckField name="listed" label=t!("gallery-listed") hint=t!("gallery-listed-hint") />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{t!("gallery-save")}</Button>
                <LinkButton href="#main" kind=ButtonKind::Quiet>
                    {t!("ui-cancel")}
                </LinkButton>
            </div>
        </Form>
    }
}
