//! The specimen page: every part in every state.

use super::basics::{Colours, Icons, Words};
use super::fields::{Buttons, Fields};
use super::specimen::Specimen;
use crate::error::AppError;
use crate::money::{Currency, Money};
use crate::ui::display::{Avatar, Badge, Card, Empty, Price, Skeleton, Table};
use crate::ui::frame::ErrorPage;
use crate::ui::{
    Alert, Breadcrumbs, ButtonKind, ConfirmButton, Dialog, DialogButton, Icon, LinkButton, Pager,
    TabLinks, Tone,
};
use leptos::prelude::*;

const TONES: [Tone; 5] = [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad];

/// Every part of the design system on one page.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <div class="gallery">
            <Breadcrumbs trail=vec![("/".into(), "Home".into())] here="Design system" />
            <h1>"Design system"</h1>
            <p class="lead">"What every page is made of, in every state."</p>
            <Colours />
            <Words />
            <Buttons />
            <Fields />
            <Messages />
            <Lists />
            <Dialogs />
            <Icons />
            <Places />
        </div>
    }
}

#[component]
fn Messages() -> impl IntoView {
    let badges = TONES
        .map(|tone| view! { <Badge tone>{tone.as_str()}</Badge> })
        .into_iter()
        .collect::<Vec<_>>();
    let alerts = TONES
        .map(|tone| {
            view! {
                <Alert tone title="A short title">
                    "What happened, and what to do about it."
                </Alert>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    let names = [
        "Ada Lovelace",
        "Grace Hopper",
        "王小明",
        "Alan Turing",
        "Linus",
        "María José",
    ];
    let avatars = names
        .map(|name| view! { <Avatar name /> })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <Specimen title="Badges, avatars, alerts">
            <p class="row">{badges}</p>
            <p class="row">{avatars}</p>
            <div class="stack">{alerts}</div>
        </Specimen>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let head = vec!["Product", "State", "Stock", "Price"];
    let views = ["Details", "Stock", "History"]
        .map(|label| ("#main".to_owned(), label.to_owned(), label == "Stock"));
    view! {
        <Specimen title="Tables and ways through them">
            <TabLinks label="Views of the product" items=views.into() />
            <Table caption="Products" head=head.clone() num=&[2, 3] stack=true>
                <SampleRows />
            </Table>
            <Pager first=Some("#main".into()) next=Some("#main".into()) shown=24 />
            <Table caption="Products, dense" head num=&[2, 3] dense=true wide=true>
                <SampleRows />
            </Table>
        </Specimen>
    }
}

#[component]
fn SampleRows() -> impl IntoView {
    [
        ("Longjing tea", Tone::Good, "On sale", "120", 19_900),
        ("Gaiwan, celadon", Tone::Warn, "Few left", "3", 32_800),
        ("Bamboo tray", Tone::Neutral, "Draft", "0", 8_850),
    ]
    .map(|(name, tone, state, stock, price)| {
        view! {
            <tr>
                <th scope="row">
                    <a href="#main">{name}</a>
                </th>
                <td data-label="State">
                    <Badge tone>{state}</Badge>
                </td>
                <td data-label="Stock" class="num">
                    {stock}
                </td>
                <td data-label="Price" class="num">
                    <Price money=Money::new(price, Currency::Cny) />
                </td>
            </tr>
        }
    })
    .into_iter()
    .collect::<Vec<_>>()
}

#[component]
fn Dialogs() -> impl IntoView {
    view! {
        <Specimen title="Dialogs">
            <div class="row">
                <DialogButton target="gallery-dialog">"Open a dialog"</DialogButton>
                <ConfirmButton
                    action="/ui"
                    label="Delete the task"
                    title="Delete “Count the tea”?"
                    message="It leaves every board. You can undo this for a minute."
                    confirm_label="Delete"
                />
            </div>
            <Dialog id="gallery-dialog" title="A dialog">
                <p>"It opened without any script, and so it closes."</p>
            </Dialog>
        </Specimen>
    }
}

#[component]
fn Places() -> impl IntoView {
    view! {
        <Specimen title="Nothing, not yet, and not at all">
            <div class="specimen-columns">
                <Card title="Loading">
                    <Skeleton lines=4 />
                </Card>
                <Card>
                    <Empty icon=Icon::Box title="No products yet">
                        <p>"Products you add appear here."</p>
                        <LinkButton href="#main" kind=ButtonKind::Primary icon=Icon::Plus>
                            "Add a product"
                        </LinkButton>
                    </Empty>
                </Card>
            </div>
            <ErrorPage error=AppError::internal() trace_id="4bf92f3577b34da6a3ce929d0e0e4736" />
        </Specimen>
    }
}
