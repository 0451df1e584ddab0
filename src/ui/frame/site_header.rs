//! The header of every page.

use super::fixed::Fixed;
use super::language_switch::LanguageSwitch;
use super::own::{Own, own};
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

/// The kind of person a page is for, which decides the links around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    Visitor,
    Customer,
    Staff,
    Admin,
}

impl Reader {
    pub(super) fn of(person: Option<&Person>) -> Self {
        match person {
            None => Self::Visitor,
            Some(person) if person.admin => Self::Admin,
            Some(person) if person.staff => Self::Staff,
            Some(_) => Self::Customer,
        }
    }

    pub fn is_staff(self) -> bool {
        self >= Self::Staff
    }
}

/// Returns the places in the main navigation, by address and name. Tasks are work: customers find
/// theirs in their account menu.
pub(super) fn places(reader: Reader) -> Vec<(&'static str, &'static str)> {
    let mut places = vec![("/products", t!("ui-nav-shop"))];
    if reader.is_staff() {
        places.push(("/tasks", t!("ui-nav-tasks")));
        places.push(("/orders/all", t!("ui-nav-orders")));
        places.push(("/ledger", t!("ui-nav-ledger")));
        places.push(("/trials", t!("ui-nav-trials")));
    }
    if reader == Reader::Admin {
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
        "trials" => "/trials",
        "admin" => "/admin/users",
        "wallet" => "/wallet",
        "events" | "webhooks" => "/events",
        "ops" => "/ops/conservation",
        "account" => "/account",
        _ => return None,
    })
}

/// The place that the links mark as current, and its `aria-current`: `page` for the place itself,
/// `true` for a page that is part of it.
type Here = Option<(&'static str, &'static str)>;

fn here(path: &str, staff: bool) -> Here {
    let place = place_of(path, staff)?;
    let is_place = path.split(['?', '#']).next() == Some(place);
    Some((place, if is_place { "page" } else { "true" }))
}

/// Returns the `aria-current` of a link.
fn current(href: &str, here: Here) -> Option<&'static str> {
    here.filter(|(place, _)| *place == href)
        .map(|(_, current)| current)
}

/// Mark, navigation, search, theme and account. On narrow screens navigation and account open as
/// native popovers, without script.
#[component]
pub fn SiteHeader(
    person: Option<Person>,
    theme: Theme,
    /// The path and query of this page, to return to.
    path: String,
    query: String,
    search: Option<AnyView>,
    tools: Option<AnyView>,
) -> impl IntoView {
    let search = search.unwrap_or_else(|| view! { <SearchForm query /> }.into_any());
    let reader = Reader::of(person.as_ref());
    let here = here(&path, reader.is_staff());
    view! {
        <header class="site-header">
            <div class="site-bar">
                {START.around((reader, here), &path, |next| start(reader, here, next))}
                <div class="site-search">{search}</div>
                <div class="site-tools">
                    {tools} {SWITCHES.around(theme, &path, |next| switches(theme, next))}
                    <AccountMenu person here />
                </div>
            </div>
        </header>
    }
}

static START: Fixed<(Reader, Here)> = Fixed::new();
static SWITCHES: Fixed<Theme> = Fixed::new();

/// The mark and the main navigation.
fn start(reader: Reader, here: Here, next: &'static str) -> impl IntoView {
    view! {
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
            <NavList places=places(reader) here />
            // On narrow screens there is no room for it in the bar.
            <LanguageSwitch next />
        </nav>
    }
}

fn switches(theme: Theme, next: &'static str) -> impl IntoView {
    view! {
        <LanguageSwitch next />
        <ThemeSwitch theme next />
    }
}

#[component]
fn NavList(places: Vec<(&'static str, &'static str)>, here: Here) -> impl IntoView {
    let items = places
        .into_iter()
        .map(|(href, label)| {
            view! {
                <li>
                    <a href=href aria-current=current(href, here)>
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
fn AccountMenu(person: Option<Person>, here: Here) -> impl IntoView {
    static VISITOR: Fixed<()> = Fixed::new();
    let Some(person) = person else {
        let make = || {
            let face = view! { <IconView icon=Icon::User /> };
            let label = t!("ui-account").to_owned();
            account_menu(
                "account account-visitor",
                face,
                label,
                view! { <SignedOut /> },
            )
        };
        return VISITOR.get((), make).into_any();
    };
    let face = own(Own::Face, || face_of(&person.name));
    let label = t!("ui-account-of", name = person.name.as_str());
    account_menu("account", face, label, view! { <SignedIn person here /> }).into_any()
}

/// The avatar on the account's button.
pub fn face_of(name: &str) -> impl IntoView + use<> {
    view! { <Avatar name decorative=true /> }
}

fn account_menu(
    class: &'static str,
    face: impl IntoView,
    label: String,
    inside: impl IntoView,
) -> impl IntoView {
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
fn SignedIn(person: Person, here: Here) -> impl IntoView {
    static PLACES: Fixed<(bool, Here)> = Fixed::new();
    let places = PLACES.get((person.staff, here), || own_places(person.staff, here));
    view! {
        <p class="account-name">
            <strong>{person.name}</strong>
            <span>{person.email}</span>
        </p>
        {places}
    }
}

/// The places of somebody's own, and the way out.
fn own_places(staff: bool, here: Here) -> impl IntoView {
    let mut items = vec![("/orders", Icon::Box, t!("ui-my-orders"))];
    if !staff {
        items.push(("/tasks", Icon::CheckCircle, t!("ui-my-tasks")));
    }
    items.push(("/wallet", Icon::Wallet, t!("ui-wallet")));
    if staff {
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
                <a class="menu-item" href=href aria-current=current(href, here)>
                    <IconView icon />
                    <span>{label}</span>
                </a>
            }
        })
        .collect::<Vec<_>>();
    view! {
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
        let current_of = |href, path| current(href, here(path, true));
        assert_eq!(current_of("/orders/all", "/orders/new"), Some("true"));
        assert_eq!(current_of("/orders", "/orders?cursor=1"), Some("page"));
        assert_eq!(current_of("/wallet", "/orders"), None);
    }
}
