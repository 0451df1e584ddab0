//! The page of an edit conflict: both versions of a product that two people saved, and the choice
//! between them.

use super::types::{Category, Product};
use crate::catalog::components::ProductFields;
use crate::i18n::t;
use crate::money::Currency;
use crate::ui::{
    Alert, Badge, Breadcrumbs, Button, ButtonKind, Form, HiddenField, LinkButton, Originals,
    Refusal, TextField, Tone, When, merged,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Theirs beside mine. Mine can still be worked on; saved from here, it starts from theirs.
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
        (path, product.name.clone()),
    ];
    let theirs = Version::of(&product, currency);
    let refusal = Refusal {
        typed: merged(&refusal.typed, &fields_of(&product, currency)),
        ..refusal
    };
    let mine = Version::typed(&refusal);
    view! {
        <Title text=t!("catalog-two-versions-of", product = product.name.as_str()) />
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

/// The fields of an edit by their names in the form, as they are saved.
pub fn fields_of(product: &Product, currency: Currency) -> Vec<(&'static str, String)> {
    let Version {
        name,
        price,
        category,
        description,
        picture_alt,
    } = Version::of(product, currency);
    vec![
        ("name", name),
        ("price", price),
        ("category", category),
        ("description", description),
        ("picture_alt", picture_alt),
    ]
}

/// The fields of an edit, as text.
#[derive(Clone, PartialEq, Eq)]
struct Version {
    name: String,
    price: String,
    category: String,
    description: String,
    picture_alt: String,
}

impl Version {
    fn of(product: &Product, currency: Currency) -> Self {
        Self {
            name: product.name.clone(),
            price: product.price_field(currency),
            category: product.category.slug.clone(),
            description: product.description.clone(),
            picture_alt: product.picture_alt.clone(),
        }
    }

    fn typed(refusal: &Refusal) -> Self {
        let text = |name: &str| {
            let typed = refusal.typed.iter().find(|(field, _)| field == name);
            typed.map_or_else(String::new, |(_, value)| value.replace("\r\n", "\n"))
        };
        Self {
            name: text("name"),
            price: text("price"),
            category: text("category"),
            description: text("description"),
            picture_alt: text("picture_alt"),
        }
    }
}

#[component]
fn Theirs(
    product: Product,
    theirs: Version,
    mine: Version,
    categories: Vec<Category>,
) -> impl IntoView {
    let category = |slug: &str| {
        let found = categories.iter().find(|category| category.slug == slug);
        found.map_or_else(|| slug.to_owned(), |category| category.name.clone())
    };
    let rows = [
        (t!("catalog-name"), theirs.name.clone(), theirs.name != mine.name),
        (t!("catalog-price"), theirs.price.clone(), theirs.price != mine.price),
        (t!("catalog-category"), category(&theirs.category), theirs.category != mine.category),
        (t!("catalog-description"), theirs.description.clone(), theirs.description != mine.description),
        (t!("catalog-alt"), theirs.picture_alt.clone(), theirs.picture_alt != mine.picture_alt),
    ]
    .map(|(label, text, differs)| {
        view! {
            <div>
                <dt>{label} " " {differs.then(|| view! { <Badge tone=Tone::Warn>{t!("catalog-differs")}</Badge> })}</dt>
                <dd>{text}</dd>
            </div>
        }
    });
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
    mine: Version,
    theirs: Version,
    categories: Vec<Category>,
    currency: Currency,
) -> impl IntoView {
    let same = mine == theirs;
    // The form is filled here and not as a refused one: its version has to be the present one.
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
                <Originals fields=fields_of(&product, currency) seen=true />
                <TextField name="name" label=t!("catalog-name") value=mine.name required=true maxlength=120_u32 autocomplete="off" />
                <ProductFields
                    categories
                    category=mine.category
                    price=mine.price
                    description=mine.description
                    currency
                />
                <TextField
                    name="picture_alt"
                    label=t!("catalog-alt")
                    value=mine.picture_alt
                    maxlength=300_u32
                    autocomplete="off"
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("catalog-save-mine")}</Button>
                </div>
            </Form>
        </section>
    }
}
