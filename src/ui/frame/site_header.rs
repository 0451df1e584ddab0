//! The header of every page.

use super::language_switch::LanguageSwitch;
use super::theme::{Theme, ThemeSwitch};
use crate::i18n::t;
use crate::ui::display::Avatar;
use crate::ui::{ButtonKind, Icon, IconView, LinkButton, non_empty};
use leptos::prelude::*;

/// The signed-in person, as far as the frame needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub staff: bool,
    pub admin: bool,
}

/// Returns the places in the main navigation, by address and name. Tasks are work: customers find
/// theirs in their account menu.
pub(super) fn places(person: Option<&Person>) -> Vec<(&'static str, &'static str)> {
    let mut places = vec![("/products", t!("ui-nav-shop"))];
    if person.is_some_and(|person| person.staff) {
        places.push(("/tasks", t!("ui-nav-tasks")));
        places.push(("/orders/all", t!("ui-nav-orders")));
        places.push(("/ledger", t!("ui-nav-ledger")));
    }
    if person.is_some_and(|person| person.admin) {
        places.push(("/admin/users", t!("ui-nav-users")));
    }
    places
}

/// Returns the place in the navigation or the account menu that a page belongs to.
fn place_of(path: &str, staff: bool) -> Option<&'static str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let section = path.split('/').nth(1).unwrap_or_default();
    Some(match section {
        "products" | "categories" => "/products",
        "tasks" | "boards" => "/tasks",
        // Staff work on everybody's orders; the list of their own is in the menu.
        "orders" if staff && path != "/orders" => "/orders/all",
        "orders" => "/orders",
        "ledger" => "/ledger",
        "admin" => "/admin/users",
        "wallet" => "/wallet",
        "events" | "webhooks" => "/events",
        "ops" => "/ops/conservation",
        "account" => "/account",
        _ => return None,
    })
}

/// Returns the `aria-current` of a link: to this page, or to the place that it is part of.
fn current(href: &str, place: Option<&str>, path: &str) -> Option<&'static str> {
    let path = path.split(['?', '#']).next();
    (place == Some(href)).then_some(match path == Some(href) {
        true => "page",
        false => "true",
    })
}

/// Mark, navigation, search, theme and account. On narrow screens navigation and account open as
/// native popovers, without script.
#[component]
pub fn SiteHeader(
    person: Option<Person>,
    theme: Theme,
    path: String,
    query: String,
    search: Option<AnyView>,
    tools: Option<AnyView>,
) -> impl IntoView {
    let search = search.unwrap_or_else(|| view! { <SearchForm query /> }.into_any());
    let places = places(person.as_ref());
    let here = place_of(&path, person.as_ref().is_some_and(|person| person.staff));
    view! {
        <header class="site-header">
            <div class="site-bar">
                <a class="wordmark" href="/">
                    <Mark />
                    <span>"Guildhall"</span>
                </a>
                <button
                    type="button"
                    class="button button-quiet site-menu-button"
                    popovertarget="site-menu"
                    aria-label=t!("ui-menu")
                >
                    <IconView icon=Icon::Menu />
                </button>
                <nav id="site-menu" class="site-nav" aria-label=t!("ui-nav-main") popover="auto">
                    <NavList places here path=path.clone() />
                    // On narrow screens there is no room for it in the bar.
                    <LanguageSwitch next=path.clone() />
                </nav>
                <div class="site-search">{search}</div>
                <div class="site-tools">
                    {tools} <LanguageSwitch next=path.clone() /> <ThemeSwitch theme next=path.clone() />
                    <AccountMenu person here path />
                </div>
            </div>
        </header>
    }
}

#[component]
fn NavList(
    places: Vec<(&'static str, &'static str)>,
    here: Option<&'static str>,
    path: String,
) -> impl IntoView {
    let items = places
        .into_iter()
        .map(|(href, label)| {
            let here = current(href, here, &path);
            view! {
                <li>
                    <a href=href aria-current=here>
                        {label}
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! { <ul>{items}</ul> }
}

/// The search field without script.
#[component]
fn SearchForm(query: String) -> impl IntoView {
    view! {
        <form class="search-form" role="search" method="get" action="/products">
            <IconView icon=Icon::Search />
            <input
                type="search"
                name="q"
                value=non_empty(query)
                aria-label=t!("ui-search-products")
                placeholder=t!("ui-search-products")
                autocomplete="off"
            />
        </form>
    }
}

#[component]
fn AccountMenu(person: Option<Person>, here: Option<&'static str>, path: String) -> impl IntoView {
    let (class, face, label, inside) = match person {
        Some(person) => (
            "account",
            view! { <Avatar name=person.name.clone() decorative=true /> }.into_any(),
            t!("ui-account-of", name = person.name.as_str()),
            view! { <SignedIn person here path /> }.into_any(),
        ),
        None => (
            "account account-visitor",
            view! { <IconView icon=Icon::User /> }.into_any(),
            t!("ui-account").to_owned(),
            view! { <SignedOut /> }.into_any(),
        ),
    };
    view! {
        <div class=class>
            <button
                type="button"
                class="account-button"
                popovertarget="account-menu"
            >
                {face}
                <span class="visually-hidden">{label}</span>
            </button>
            <div id="account-menu" class="account-menu" popover="auto">
                {inside}
            </div>
        </div>
    }
}

#[component]
fn SignedIn(person: Person, here: Option<&'static str>, path: String) -> impl IntoView {
    let mut items = vec![("/orders", Icon::Box, t!("ui-my-orders"))];
    if !person.staff {
        items.push(("/tasks", Icon::CheckCircle, t!("ui-my-tasks")));
    }
    items.push(("/wallet", Icon::Wallet, t!("ui-wallet")));
    if person.staff {
        items.push(("/events", Icon::List, t!("ui-events")));
        items.push((
            "/ops/conservation",
            Icon::CheckCircle,
            t!("ui-conservation"),
        ));
    }
    items.push(("/account", Icon::Settings, t!("ui-my-account")));
    let items = items
        .into_iter()
        .map(|(href, icon, label)| {
            view! {
                <a class="menu-item" href=href aria-current=current(href, here, &path)>
                    <IconView icon />
                    <span>{label}</span>
                </a>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <p class="account-name">
            <strong>{person.name}</strong>
            <span>{person.email}</span>
        </p>
        {items}
        <form method="post" action="/logout">
            <button type="submit" class="menu-item">
                <IconView icon=Icon::Logout />
                <span>{t!("ui-sign-out")}</span>
            </button>
        </form>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <LinkButton href="/login" kind=ButtonKind::Quiet>
            {t!("ui-sign-in")}
        </LinkButton>
        <LinkButton href="/register" kind=ButtonKind::Secondary>
            {t!("ui-register")}
        </LinkButton>
    }
}

/// A hall with a gable, a door and three steps.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <path d="M16 3L4 12v14h24V12L16 3z"></path>
            <path
                class="mark-cut"
                d="M9 15h3v6H9zM20 15h3v6h-3zM13.5 26v-7.5a2.5 2.5 0 0 1 5 0V26zM16 8.6a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z"
            ></path>
            <path d="M2 27.5h28V30H2z"></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_place() {
        for (path, staff, customer) in [
            ("/products/fountain-pen?from=list", "/products", "/products"),
            ("/categories", "/products", "/products"),
            ("/tasks?view=all", "/tasks", "/tasks"),
            ("/boards", "/tasks", "/tasks"),
            ("/boards/1#task-3", "/tasks", "/tasks"),
            ("/orders", "/orders", "/orders"),
            ("/orders/all?status=paid", "/orders/all", "/orders"),
            ("/orders/new", "/orders/all", "/orders"),
            ("/orders/2026-000009", "/orders/all", "/orders"),
            ("/ledger/journal", "/ledger", "/ledger"),
            ("/admin/users/3", "/admin/users", "/admin/users"),
            ("/wallet", "/wallet", "/wallet"),
            ("/events/dead", "/events", "/events"),
            ("/webhooks/1", "/events", "/events"),
            (
                "/ops/conservation",
                "/ops/conservation",
                "/ops/conservation",
            ),
            ("/account", "/account", "/account"),
        ] {
            assert_eq!(place_of(path, true), Some(staff), "{path}");
            assert_eq!(place_of(path, false), Some(customer), "{path}");
        }
        assert_eq!(place_of("/", true), None);
        assert_eq!(
            current("/orders/all", Some("/orders/all"), "/orders/new"),
            Some("true")
        );
        assert_eq!(
            current("/orders", Some("/orders"), "/orders?cursor=1"),
            Some("page")
        );
        assert_eq!(current("/wallet", Some("/orders"), "/orders"), None);
    }
}
