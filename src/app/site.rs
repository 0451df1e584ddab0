//! The HTML document, the frame around every page, and the routes.

use crate::accounts::pages::{AccountPage, LoginPage, RegisterPage};
use crate::accounts::{UserPage, UsersPage, viewer};
use crate::cart::{CartPage, CartTool};
use crate::catalog::islands::SearchSuggestions;
use crate::catalog::pages::{ProductPage, ProductsPage};
use crate::catalog::{CategoriesPage, EditProductPage, HomePage, NewProductPage, staff_places};
use crate::events::{
    ConfirmAddressPage, DeadLettersPage, InboxPage, NewWebhookPage, OutboxPage, WebhookPage,
    WebhooksPage,
};
use crate::i18n::{current, t};
use crate::ledger::{
    JournalPage, LedgerAccountPage, LedgerPage, NewAccountPage, TopUpPage, TrialBalancePage,
    WalletPage,
};
use crate::ops::ConservationPage;
use crate::orders::{
    AllOrdersPage, CheckoutPage, MyOrdersPage, NewOrderPage, OrderPage, PackingListPage,
    PackingListsPage, ThanksPage,
};
use crate::server::app;
use crate::server::pages::{Framing, Shown, set_content_security_policy};
use crate::tasks::{BoardPage, BoardsPage, EditTaskPage, NewTaskPage, TaskPage, TasksPage};
use crate::trials::{
    AuditPage, ImportPage, ImportsPage, MendPage, MissedVisitsPage, NewStudyPage, NewSubjectPage,
    ReadingPage, ReadingsPage, StudiesPage, StudyPage, StudySettingsPage, SubjectPage,
    SubjectsPage,
};
use crate::ui::{Command, ErrorPage, Fixed, Frame, Gallery, Kept, Person, Reader, Refusal};
use crate::{events, ops, orders};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};
use std::sync::OnceLock;

/// Lets the browser prefetch a page of the shop when a link to it is pointed at, so that it is
/// there at the click. Only the shop's: what a person works on must never be even a moment stale.
const FETCH_AHEAD: &str =
    r#"{"prefetch":[{"where":{"href_matches":"/products*"},"eagerness":"moderate"}]}"#;

/// The script for when somebody comes back to a page.
const BACK: &str = include_str!("../ui/back.js");

/// The whole HTML document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    set_content_security_policy();
    let framing = use_context::<Framing>().unwrap_or_default();
    let theme = framing.theme.as_str();
    let single_keys = if framing.single_keys { "on" } else { "off" };
    let answer = use_context::<Refusal>().is_some() || use_context::<Kept>().is_some();
    view! {
        <!DOCTYPE html>
        <html lang=current().as_str() data-theme=theme data-single-keys=single_keys data-answer=answer>
            <head>
                {head(options)}
                <MetaTags />
            </head>
            <body>
                <Site />
            </body>
        </html>
    }
}

/// The head, the same on every page but for the nonce. In production it is rendered once: Leptos'
/// own component looks up the names of the script and the module on disk each time, which took a
/// twelfth of a page's time.
fn head(options: LeptosOptions) -> AnyView {
    static PIECES: OnceLock<Vec<String>> = OnceLock::new();
    let nonce = leptos::nonce::use_nonce().filter(|_| app().files.stylesheet().is_some());
    let Some(nonce) = nonce else {
        return view! { <Head options /> }.into_any();
    };
    let pieces = PIECES.get_or_init(|| {
        let html = view! { <Head options /> }.to_html();
        html.split(&*nonce).map(str::to_owned).collect()
    });
    // As the component does it: nothing outside the islands is to be hydrated.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    InertElement::new(pieces.join(&*nonce)).into_any()
}

#[component]
fn Head(options: LeptosOptions) -> impl IntoView {
    let icon = app().files.address("/favicon.svg");
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href=icon type="image/svg+xml" />
        {stylesheet(&options)}
        <AutoReload options=options.clone() />
        <HydrationScripts options islands=true />
        <script nonce=leptos::nonce::use_nonce() inner_html=BACK></script>
        <script type="speculationrules" nonce=leptos::nonce::use_nonce()>
            {FETCH_AHEAD}
        </script>
    }
}

/// The link to the stylesheet. In development its name may change while the server runs.
fn stylesheet(options: &LeptosOptions) -> AnyView {
    match app().files.stylesheet() {
        Some(address) => {
            let address = address.to_owned();
            view! { <link id="leptos" rel="stylesheet" href=address /> }.into_any()
        }
        None => view! { <HashedStylesheet options=options.clone() id="leptos" /> }.into_any(),
    }
}

/// The frame with the page in it, or with the error to show instead.
#[component]
pub fn Site() -> impl IntoView {
    let framing = use_context::<Framing>().unwrap_or_default();
    let person = viewer().user.map(|user| Person {
        staff: user.role.is_staff(),
        admin: user.role.is_admin(),
        name: user.name,
        email: user.email,
    });
    let refused = use_context::<Refusal>().is_some();
    let shown = use_context::<Shown>().filter(|_| !refused);
    view! {
        <Title formatter=move |title: String| shown_title(&title, refused) />
        <Frame
            person
            theme=framing.theme
            single_keys=framing.single_keys
            path=framing.path
            search=search(framing.search)
            tools=view! { <CartTool sure=shown.is_none() /> }.into_any()
            flash=framing.flash
            commands=commands
        >
            {match shown {
                Some(Shown(error)) => {
                    let trace_id = crate::server::trace_id();
                    view! {
                        <Title text=t!("ui-error-title") />
                        <ErrorPage error trace_id />
                    }
                        .into_any()
                }
                None => view! { <Pages /> }.into_any(),
            }}
        </Frame>
    }
}

fn commands(reader: Reader) -> Vec<Command> {
    let mut commands = vec![Command::new(t!("ui-cart"), "/cart", t!("ui-kind-page"))];
    if reader.is_staff() {
        commands.extend(orders::staff_places());
        commands.extend(staff_places());
        commands.extend(events::staff_places());
        commands.extend(ops::staff_places());
    }
    commands
}

/// The search field; on most pages nobody has searched yet.
fn search(query: String) -> AnyView {
    static EMPTY: Fixed<()> = Fixed::new();
    let field = |query| {
        view! {
            <SearchSuggestions
                query
                label=t!("ui-search-products")
                suggestions=t!("ui-search-found")
            />
        }
    };
    match query.is_empty() {
        true => EMPTY.get((), || field(query)).into_any(),
        false => field(query).into_any(),
    }
}

/// Returns the document's title. A formatter's output is written into the page as it is, so the
/// text, which is often user input, is escaped here, for every page.
fn shown_title(title: &str, refused: bool) -> String {
    let title = html_escape::encode_text(title);
    match refused {
        true => t!("ui-title-refused", title = title.as_ref()),
        false => format!("{title} · Guildhall"),
    }
}

/// The routes of all pages.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NoSuchPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/products") view=ProductsPage ssr=SsrMode::Async />
                <Route path=path!("/products/new") view=NewProductPage ssr=SsrMode::Async />
                <Route path=path!("/products/:slug") view=ProductPage ssr=SsrMode::Async />
                <Route path=path!("/products/:slug/edit") view=EditProductPage ssr=SsrMode::Async />
                <Route path=path!("/categories") view=CategoriesPage ssr=SsrMode::Async />
                <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async />
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                <Route path=path!("/confirm-address") view=ConfirmAddressPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                <Route path=path!("/admin/users") view=UsersPage ssr=SsrMode::Async />
                <Route path=path!("/admin/users/:id") view=UserPage ssr=SsrMode::Async />
                <Route path=path!("/tasks") view=TasksPage ssr=SsrMode::Async />
                <Route path=path!("/tasks/new") view=NewTaskPage ssr=SsrMode::Async />
                <Route path=path!("/tasks/:id") view=TaskPage ssr=SsrMode::Async />
                <Route path=path!("/tasks/:id/edit") view=EditTaskPage ssr=SsrMode::Async />
                <Route path=path!("/boards") view=BoardsPage ssr=SsrMode::Async />
                <Route path=path!("/boards/:id") view=BoardPage ssr=SsrMode::Async />
                <Route path=path!("/checkout") view=CheckoutPage ssr=SsrMode::Async />
                <Route path=path!("/orders") view=MyOrdersPage ssr=SsrMode::Async />
                <Route path=path!("/orders/all") view=AllOrdersPage ssr=SsrMode::Async />
                <Route path=path!("/orders/new") view=NewOrderPage ssr=SsrMode::Async />
                <Route path=path!("/orders/packing-lists") view=PackingListsPage ssr=SsrMode::Async />
                <Route path=path!("/orders/:number") view=OrderPage ssr=SsrMode::Async />
                <Route path=path!("/orders/:number/thanks") view=ThanksPage ssr=SsrMode::Async />
                <Route path=path!("/orders/:number/packing-list") view=PackingListPage ssr=SsrMode::Async />
                <Route path=path!("/wallet") view=WalletPage ssr=SsrMode::Async />
                <Route path=path!("/ledger") view=LedgerPage ssr=SsrMode::Async />
                <Route path=path!("/ledger/accounts/new") view=NewAccountPage ssr=SsrMode::Async />
                <Route path=path!("/ledger/accounts/:id") view=LedgerAccountPage ssr=SsrMode::Async />
                <Route path=path!("/ledger/top-up") view=TopUpPage ssr=SsrMode::Async />
                <Route path=path!("/ledger/journal") view=JournalPage ssr=SsrMode::Async />
                <Route path=path!("/ledger/trial-balance") view=TrialBalancePage ssr=SsrMode::Async />
                <Route path=path!("/trials") view=StudiesPage ssr=SsrMode::Async />
                <Route path=path!("/trials/new") view=NewStudyPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code") view=StudyPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/audit") view=AuditPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/imports") view=ImportsPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/imports/:id") view=ImportPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/imports/:id/mend") view=MendPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/missed-visits") view=MissedVisitsPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/readings") view=ReadingsPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/settings") view=StudySettingsPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/subjects") view=SubjectsPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/subjects/new") view=NewSubjectPage ssr=SsrMode::Async />
                <Route path=path!("/trials/:code/subjects/:number") view=SubjectPage ssr=SsrMode::Async />
                <Route
                    path=path!("/trials/:code/subjects/:number/vital-signs/:id")
                    view=ReadingPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/ops/conservation") view=ConservationPage ssr=SsrMode::Async />
                <Route path=path!("/events") view=OutboxPage ssr=SsrMode::Async />
                <Route path=path!("/events/dead") view=DeadLettersPage ssr=SsrMode::Async />
                <Route path=path!("/webhooks") view=WebhooksPage ssr=SsrMode::Async />
                <Route path=path!("/webhooks/new") view=NewWebhookPage ssr=SsrMode::Async />
                <Route path=path!("/webhooks/inbox") view=InboxPage ssr=SsrMode::Async />
                <Route path=path!("/webhooks/:id") view=WebhookPage ssr=SsrMode::Async />
                <Route path=path!("/ui") view=GalleryPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// `/ui`, in development.
#[component]
fn GalleryPage() -> impl IntoView {
    view! {
        <Title text=t!("gallery-title") />
        <Gallery />
    }
}

#[component]
fn NoSuchPage() -> impl IntoView {
    view! {
        <Title text=t!("ui-error-title") />
        <ErrorPage error=crate::error::AppError::not_found("page") />
    }
}
