//! The top of every page.

use super::{Avatar, ButtonKind, Icon, IconView, LinkButton, Theme, ThemeSwitch, given};
use leptos::prelude::*;

/// Who is signed in, as far as the frame needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub staff: bool,
    pub admin: bool,
}

/// The places in the main navigation, by address and name.
pub(super) fn places(person: Option<&Person>) -> Vec<(&'static str, &'static str)> {
    let mut places = vec![("/products", "Shop"), ("/tasks", "Tasks")];
    if person.is_some_and(|person| person.staff) {
        places.push(("/orders/all", "Orders"));
        places.push(("/ledger", "Ledger"));
    }
    if person.is_some_and(|person| person.admin) {
        places.push(("/admin/users", "Users"));
    }
    places
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
                    aria-label="Menu"
                >
                    <IconView icon=Icon::Menu />
                </button>
                <nav id="site-menu" class="site-nav" aria-label="Main" popover="auto">
                    <NavList places path=path.clone() />
                </nav>
                <div class="site-search">{search}</div>
                <div class="site-tools">
                    {tools} <ThemeSwitch theme next=path /> <AccountMenu person />
                </div>
            </div>
        </header>
    }
}

#[component]
fn NavList(places: Vec<(&'static str, &'static str)>, path: String) -> impl IntoView {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let within = |href: &str| {
        path.strip_prefix(href)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let current = places
        .iter()
        .map(|(href, _)| *href)
        .filter(|href| within(href))
        .max_by_key(|href| href.len());
    let items = places
        .into_iter()
        .map(|(href, label)| {
            let here = (Some(href) == current).then_some("page");
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

/// The search field as it is without script.
#[component]
fn SearchForm(query: String) -> impl IntoView {
    view! {
        <form class="search-form" role="search" method="get" action="/products">
            <IconView icon=Icon::Search />
            <input
                type="search"
                name="q"
                value=given(query)
                aria-label="Search products"
                placeholder="Search products"
                autocomplete="off"
            />
        </form>
    }
}

#[component]
fn AccountMenu(person: Option<Person>) -> impl IntoView {
    let (class, face, label, inside) = match person {
        Some(person) => (
            "account",
            view! { <Avatar name=person.name.clone() decorative=true /> }.into_any(),
            format!("Account of {}", person.name),
            view! { <SignedIn person /> }.into_any(),
        ),
        None => (
            "account account-visitor",
            view! { <IconView icon=Icon::User /> }.into_any(),
            "Account".to_owned(),
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
fn SignedIn(person: Person) -> impl IntoView {
    view! {
        <p class="account-name">
            <strong>{person.name}</strong>
            <span>{person.email}</span>
        </p>
        <a class="menu-item" href="/orders">
            <IconView icon=Icon::Box />
            <span>"My orders"</span>
        </a>
        <a class="menu-item" href="/wallet">
            <IconView icon=Icon::Wallet />
            <span>"Wallet"</span>
        </a>
        {person
            .staff
            .then(|| {
                view! {
                    <a class="menu-item" href="/events">
                        <IconView icon=Icon::List />
                        <span>"Events"</span>
                    </a>
                    <a class="menu-item" href="/ops/conservation">
                        <IconView icon=Icon::CheckCircle />
                        <span>"Conservation"</span>
                    </a>
                }
            })}
        <a class="menu-item" href="/account">
            <IconView icon=Icon::Settings />
            <span>"My account"</span>
        </a>
        <form method="post" action="/logout">
            <button type="submit" class="menu-item">
                <IconView icon=Icon::Logout />
                <span>"Sign out"</span>
            </button>
        </form>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <LinkButton href="/login" kind=ButtonKind::Quiet>
            "Sign in"
        </LinkButton>
        <LinkButton href="/register" kind=ButtonKind::Secondary>
            "Register"
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
