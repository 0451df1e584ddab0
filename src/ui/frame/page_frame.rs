//! The frame around every page.

use super::fixed::Fixed;
use super::palette::{Command, Palette, Shortcuts};
use super::site_header::{Person, Reader, SiteHeader, places};
use super::theme::Theme;
use super::toast::{Flash, FlashMessage};
use crate::i18n::t;
use crate::ui::{ButtonKind, DialogButton, Icon};
use leptos::prelude::*;

/// Skip link, header, the page itself in `<main>`, footer, and the dialogs for the keyboard.
#[component]
pub fn Frame(
    /// The signed-in person.
    person: Option<Person>,
    theme: Theme,
    /// True if single-key shortcuts are on.
    single_keys: bool,
    /// The address of this page: its path, with the query where there is one.
    #[prop(into)]
    path: String,
    /// The text in the search field.
    #[prop(into, optional)]
    query: String,
    /// The message left by the last action.
    flash: Option<Flash>,
    /// A replacement for the search field: an island with suggestions.
    #[prop(optional)]
    search: Option<AnyView>,
    /// The tools before the theme switch: the cart.
    #[prop(optional)]
    tools: Option<AnyView>,
    /// The commands of such a reader in addition to the places everybody has.
    commands: fn(Reader) -> Vec<Command>,
    children: Children,
) -> impl IntoView {
    let reader = Reader::of(person.as_ref());
    let everywhere = || [common_places(reader), commands(reader)].concat();
    view! {
        <a class="skip-link" href="#main">
            {t!("ui-skip")}
        </a>
        <SiteHeader person theme path=path.clone() query search tools />
        {flash.map(|flash| view! { <FlashMessage flash /> })}
        <main id="main" class="site-main" tabindex="-1">
            {children()}
        </main>
        {FOOTER.get((), || view! { <SiteFooter /> })}
        {PALETTE.get(reader, || view! { <Palette commands=everywhere() /> })}
        <Shortcuts single_keys next=path />
    }
}

static FOOTER: Fixed<()> = Fixed::new();
static PALETTE: Fixed<Reader> = Fixed::new();

fn common_places(reader: Reader) -> Vec<Command> {
    let mut commands = vec![Command::new(t!("ui-home"), "/", t!("ui-kind-page"))];
    commands.extend(
        places(reader)
            .into_iter()
            .map(|(href, label)| Command::new(label, href, t!("ui-kind-page"))),
    );
    if reader == Reader::Visitor {
        commands.push(Command::new(t!("ui-sign-in"), "/login", t!("ui-account")));
        commands.push(Command::new(
            t!("ui-register"),
            "/register",
            t!("ui-account"),
        ));
    } else {
        commands.push(Command::new(
            t!("ui-my-orders"),
            "/orders",
            t!("ui-account"),
        ));
        if !reader.is_staff() {
            commands.push(Command::new(t!("ui-my-tasks"), "/tasks", t!("ui-account")));
        }
        commands.push(Command::new(t!("ui-wallet"), "/wallet", t!("ui-account")));
        commands.push(Command::new(
            t!("ui-my-account"),
            "/account",
            t!("ui-account"),
        ));
    }
    commands
}

#[component]
fn SiteFooter() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <div class="site-footer-bar">
                <p>{t!("ui-footer")}</p>
                <nav aria-label=t!("ui-footer-label")>
                    <a href="/products">{t!("ui-nav-shop")}</a>
                    <a href="/cart">{t!("ui-cart")}</a>
                </nav>
                <DialogButton
                    target="shortcuts"
                    kind=ButtonKind::Quiet
                    small=true
                    icon=Icon::Keyboard
                >
                    {t!("ui-shortcuts")}
                </DialogButton>
            </div>
        </footer>
    }
}
