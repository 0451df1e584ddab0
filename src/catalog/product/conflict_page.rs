//! The page of an edit conflict: both versions of a product that two people saved, and the choice
//! between them.

use super::text_fields::{Fields, TextFields, field_label, text_fields};
use super::types::{Category, Product};
use crate::catalog::components::ProductFields;
use crate::i18n::t;
use crate::money::Currency;
use crate::ui::{
    Alert, Badge, Breadcrumbs, Button, ButtonKind, Form, HiddenField, LinkButton, Originals,
    Refusal, Tone, When, merged,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Theirs beside mine. Mine can still be edited; saved from here, it is based on theirs.
#[component]
pub fn StaleEdit(
    refusal: Refusal,
    product: Product,
    categories: Vec<Category>,
    currency: Currency,
) -> impl IntoView {
    let path = product.path();
    let trail = vec![
        ("/products".into(), t!("catalog-shop").into()),
        (path, product.name.shown().to_owned()),
    ];
    let theirs = fields_of(&product, currency);
    let refusal = Refusal {
        typed: merged(&refusal.typed, &theirs),
        ..refusal
    };
    let mine = typed(&refusal, &theirs);
    view! {
        <Title text=t!("catalog-two-versions-of", product = product.name.shown()) />
        <Breadcrumbs trail here=t!("catalog-edit") />
        <div class="page-head">
            <h1>{t!("catalog-two-versions")}</h1>
        </div>
        <Alert tone=Tone::Warn title=t!("catalog-conflict")>
            {t!("catalog-conflict-advice")}
        </Alert>
        <div class="versions">
            <Theirs product=product.clone() theirs=theirs.clone() mine=mine.clone() categories=categories.clone() />
            <Mine refusal product mine theirs categories currency />
        </div>
    }
}

/// Returns the fields of the edit form by name, with the saved values.
pub fn fields_of(product: &Product, currency: Currency) -> Fields {
    let mut fields = text_fields(product);
    fields.push(("price".to_owned(), product.price_field(currency)));
    fields.push(("category".to_owned(), product.category.slug.clone()));
    fields
}

/// Returns the same fields as typed. What was not sent stays as it is saved.
fn typed(refusal: &Refusal, fields: &Fields) -> Fields {
    let typed = |(name, saved): &(String, String)| {
        let value = value(&refusal.typed, name).unwrap_or(saved);
        (name.clone(), value.replace("\r\n", "\n"))
    };
    fields.iter().map(typed).collect()
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a String> {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map(|(_, value)| value)
}

#[component]
fn Theirs(
    product: Product,
    theirs: Fields,
    mine: Fields,
    categories: Vec<Category>,
) -> impl IntoView {
    let category = |slug: String| {
        let found = categories.iter().find(|category| category.slug == slug);
        found.map_or(slug, |category| category.name.shown().to_owned())
    };
    let rows = theirs
        .into_iter()
        .zip(mine)
        .map(|((field, theirs), (_, mine))| {
            let differs = theirs != mine;
            match field.as_str() {
                "price" => (t!("catalog-price").to_owned(), theirs, differs),
                "category" => (t!("catalog-category").to_owned(), category(theirs), differs),
                text => (
                    field_label(text, product.language).unwrap_or_default(),
                    theirs,
                    differs,
                ),
            }
        });
    let rows = rows
    .map(|(label, text, differs)| {
        view! {
            <div>
                <dt>{label} " " {differs.then(|| view! { <Badge tone=Tone::Warn>{t!("catalog-differs")}</Badge> })}</dt>
                <dd>{text}</dd>
            </div>
        }
    })
    .collect::<Vec<_>>();
    view! {
        <section class="card" aria-labelledby="theirs">
            <h2 class="card-title" id="theirs">
                {t!("catalog-theirs")}
            </h2>
            <p class="muted">{t!("catalog-theirs-saved")} " " <When at=product.updated_at /></p>
            <dl class="version">{rows}</dl>
            <div class="actions">
                <LinkButton href=format!("{}/edit", product.path())>{t!("catalog-take-theirs")}</LinkButton>
            </div>
        </section>
    }
}

#[component]
fn Mine(
    refusal: Refusal,
    product: Product,
    mine: Fields,
    theirs: Fields,
    categories: Vec<Category>,
    currency: Currency,
) -> impl IntoView {
    let same = mine == theirs;
    // The form is filled here, not as a refused one: its version has to be the current one.
    provide_context(Refusal {
        action: String::new(),
        ..refusal.clone()
    });
    view! {
        <section class="card" aria-labelledby="mine">
            <h2 class="card-title" id="mine">
                {t!("catalog-yours")}
            </h2>
            <p class="muted">
                {if same { t!("catalog-same") } else { t!("catalog-not-saved") }}
            </p>
            <Form action=refusal.action.clone() id="mine-form">
                <HiddenField name="version" value=product.version.to_string() />
                <Originals fields=theirs seen=true />
                <TextFields first=product.language fields=mine.clone() with_picture=true />
                <ProductFields
                    categories
                    category=value(&mine, "category").cloned().unwrap_or_default()
                    price=value(&mine, "price").cloned().unwrap_or_default()
                    currency
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("catalog-save-mine")}</Button>
                </div>
            </Form>
        </section>
    }
}
