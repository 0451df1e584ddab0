//! Components around the list of products: filters, count, sort order.

use super::filter::{ProductFilter, Sort, State};
use super::listing::Listing;
use crate::i18n::t;
use crate::ui::{
    Button, CheckField, Filters, Form, HiddenField, Icon, IconView, SelectField, TextField,
};
use leptos::prelude::*;

/// The categories with their counts, and a form for the other filters.
pub fn product_filters(listing: &Listing) -> impl IntoView + use<> {
    let filter = &listing.filter;
    let staff_field = listing.staff.then(|| {
        let options = State::ALL.map(|state| (state.as_str().into(), state.label().into()));
        view! {
            <SelectField
                name="state"
                label=t!("catalog-state")
                value=filter.state.as_str()
                options=options.into()
            />
        }
    });
    // A value that could not be read stays in its field, to be corrected there.
    let price = |field: &str, minor: Option<i64>| {
        let fault = listing.faults.iter().find(|fault| fault.field == field);
        let typed = fault.map(|fault| fault.typed.clone());
        typed.or_else(|| minor.map(|minor| price_text(listing, minor)))
    };
    let low = price("min_price", filter.min_price);
    let high = price("max_price", filter.max_price);
    let open = !listing.faults.is_empty();
    let kept = hidden(listing, &["q", "category", "sort"]);
    let (in_stock, categories) = (filter.in_stock, categories(listing));
    let narrowing = filter.narrowing();
    view! {
        <Filters narrowing open class="product-filters">
            <nav class="category-filter" aria-label=t!("catalog-filter-categories")>
                {categories}
            </nav>
            <Form action="/products" id="filter" method="get">
                {kept}
                <div class="field-row">
                    <TextField
                        name="min_price"
                        label=t!("catalog-price-from")
                        inputmode="decimal"
                        autocomplete="off"
                        value=low.unwrap_or_default()
                    />
                    <TextField
                        name="max_price"
                        label=t!("catalog-price-to")
                        inputmode="decimal"
                        autocomplete="off"
                        value=high.unwrap_or_default()
                    />
                </div>
                <CheckField name="in_stock" label=t!("catalog-in-stock-only") checked=in_stock />
                {staff_field}
                <Button icon=Icon::Filter>{t!("catalog-apply")}</Button>
            </Form>
        </Filters>
    }
}

/// The categories, as links and not a field, so that one click is enough.
fn categories(listing: &Listing) -> impl IntoView + use<> {
    let link = |slug: &str, name: &str, count: i64| {
        let href = listing.href_with(|filter| slug.clone_into(&mut filter.category));
        let here = (listing.filter.category == slug).then_some("true");
        view! {
            <li>
                <a href=href aria-current=here>
                    <span>{name.to_owned()}</span>
                    <span class="visually-hidden">": "</span>
                    <span class="category-filter-count">
                        <span aria-hidden="true">{crate::number::count(count)}</span>
                        <span class="visually-hidden">{t!("catalog-products", count = count)}</span>
                    </span>
                </a>
            </li>
        }
    };
    let all: i64 = listing.counts.values().sum();
    let each = listing
        .categories
        .iter()
        .map(|category| {
            link(
                &category.slug,
                category.name.shown(),
                listing.count(category),
            )
        })
        .collect::<Vec<_>>();
    view! { <ul>{link("", t!("catalog-all-categories"), all)} {each}</ul> }
}

/// The number of products, their order, and the active filters.
pub fn list_toolbar(listing: &Listing) -> impl IntoView + use<> {
    let chips = chips(listing);
    let count = t!("catalog-products", count = listing.total());
    let order = listing.filter.order();
    let searched = !listing.filter.text.is_empty();
    let options = Sort::ALL
        .into_iter()
        .filter(|sort| searched || *sort != Sort::Relevance)
        .map(|sort| (sort.as_str().to_owned(), sort.label().to_owned()))
        .collect();
    let kept = hidden(
        listing,
        &[
            "q",
            "category",
            "min_price",
            "max_price",
            "in_stock",
            "state",
        ],
    );
    view! {
        <div class="list-toolbar">
            <p class="list-count">{count}</p>
            <Form action="/products" id="sort" method="get">
                {kept} <SelectField name="sort" label=t!("catalog-sort-by") value=order.as_str() options />
                <Button icon=Icon::Sort>{t!("catalog-sort")}</Button>
            </Form>
        </div>
        {chips}
    }
}

/// The active filters, each with a link that removes it.
fn chips(listing: &Listing) -> Option<impl IntoView + use<>> {
    type Without = fn(&mut ProductFilter);
    let filter = &listing.filter;
    let price = |minor: i64| crate::money::Money::new(minor, listing.currency);
    let category = listing
        .categories
        .iter()
        .find(|category| category.slug == filter.category)
        .map(|category| category.name.shown().to_owned());
    let text = (!filter.text.is_empty()).then(|| t!("catalog-search", text = filter.text.as_str()));
    let state = filter.state.label().to_owned();
    let all: [(Option<String>, Without); 6] = [
        (text, |filter| filter.text.clear()),
        (category, |filter| filter.category.clear()),
        (
            filter
                .min_price
                .map(|low| t!("catalog-from", price = price(low).to_string())),
            |filter| filter.min_price = None,
        ),
        (
            filter
                .max_price
                .map(|high| t!("catalog-to", price = price(high).to_string())),
            |filter| filter.max_price = None,
        ),
        (
            filter.in_stock.then(|| t!("catalog-in-stock").to_owned()),
            |filter| filter.in_stock = false,
        ),
        ((filter.state != State::Active).then_some(state), |filter| {
            filter.state = State::Active;
        }),
    ];
    let chips = all
        .into_iter()
        .filter_map(|(words, without)| Some((words?, listing.href_with(without))))
        .map(|(words, href)| {
            let label = t!("catalog-remove-filter", filter = words.as_str());
            view! {
                <li>
                    <a class="chip" href=href aria-label=label>
                        <span>{words}</span>
                        <IconView icon=Icon::Close />
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!chips.is_empty()).then(|| view! { <ul class="filter-chips">{chips}</ul> })
}

/// The parts of the filter that a form does not show but has to keep.
fn hidden(listing: &Listing, names: &[&str]) -> Vec<impl IntoView + use<>> {
    listing
        .filter
        .pairs(listing.currency)
        .into_iter()
        .filter(|(name, _)| names.contains(name))
        .map(|(name, value)| view! { <HiddenField name value /> })
        .collect()
}

fn price_text(listing: &Listing, minor: i64) -> String {
    crate::money::Money::new(minor, listing.currency).decimal()
}
