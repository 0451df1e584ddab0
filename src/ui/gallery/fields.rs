//! The specimen page's buttons and fields.

use super::specimen::Specimen;
use crate::error::AppError;
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
            (ButtonKind::Primary, "Primary"),
            (ButtonKind::Secondary, "Secondary"),
            (ButtonKind::Quiet, "Quiet"),
            (ButtonKind::Danger, "Danger"),
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
        <Specimen title="Buttons">
            <div class="row">{row(false, false)}</div>
            <div class="row">{row(true, false)}</div>
            <div class="row">{row(false, true)}</div>
            <div class="row">
                <Button icon=Icon::Plus kind=ButtonKind::Primary button_type="button">
                    "With an icon"
                </Button>
                <Button icon=Icon::Edit label="Edit" button_type="button" />
                <LinkButton href="#main" icon=Icon::ArrowRight>
                    "A link"
                </LinkButton>
            </div>
        </Specimen>
    }
}

#[component]
pub(super) fn Fields() -> impl IntoView {
    let faults = [
        ("name", "Give it a name."),
        ("price", "Write an amount such as 199.00."),
    ]
    .map(|(field, message)| (field.to_owned(), message.to_owned()));
    let refusal = Refusal {
        action: "/ui/refused".into(),
        error: AppError::invalid_fields(faults.into()),
        typed: vec![
            ("name".into(), String::new()),
            ("price".into(), "twelve".into()),
            ("notes".into(), "Typed, refused, and still here.".into()),
            ("listed".into(), "on".into()),
        ],
    };
    view! {
        <Specimen title="Forms, as they come and as they come back">
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
    let categories = ["Tea", "Ware", "Books"]
        .map(|name| (name.to_lowercase(), name.to_owned()))
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <Form action>
            <TextField name="name" label="Name" required=true maxlength=120_u32 />
            <TextField
                name="price"
                label="Price"
                value="199.00"
                inputmode="decimal"
                hint="In yuan, with two digits after the point."
            />
            <SelectField name="category" label="Category" value="ware" options=categories />
            <TextField name="password" label="Password" kind="password" />
            <TextArea name="notes" label="Notes" placeholder="What a customer should know" />
            <RadioField
                name="packing"
                legend="Packing"
                value="box"
                choices=vec![
                    Choice::new("box", "Box", "Paper and string."),
                    Choice::new("bag", "Bag", "For what does not break."),
                ]
            />
            <CheckField name="listed" label="Show in the shop" hint="Drafts are seen by staff alone." />
            <div class="actions">
                <Button kind=ButtonKind::Primary>"Save"</Button>
                <LinkButton href="#main" kind=ButtonKind::Quiet>
                    "Cancel"
                </LinkButton>
            </div>
        </Form>
    }
}
