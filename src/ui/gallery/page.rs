//! The specimen page: every part in every state.

use super::basics::{Colours, Icons, Words};
use super::demo::PEOPLE;
use super::fields::{Buttons, Fields};
use super::specimen::Specimen;
use crate::error::AppError;
use crate::i18n::t;
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
            <Breadcrumbs trail=vec![("/".into(), t!("ui-home").into())] here=t!("gallery-title") />
            <h1>{t!("gallery-title")}</h1>
            <p class="lead">{t!("gallery-lead")}</p>
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
                <Alert tone title=t!("gallery-alert-title")>
                    {t!("gallery-alert")}
                </Alert>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    let avatars = PEOPLE
        .map(|name| view! { <Avatar name /> })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <Specimen title=t!("gallery-messages")>
            <p class="row">{badges}</p>
            <p class="row">{avatars}</p>
            <div class="stack">{alerts}</div>
        </Specimen>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let head = vec![
        t!("gallery-product"),
        t!("gallery-state"),
        t!("gallery-stock"),
        t!("gallery-price"),
    ];
    let views = [
        (t!("gallery-details"), false),
        (t!("gallery-stock"), true),
        (t!("gallery-history"), false),
    ]
    .map(|(label, here)| ("#main".to_owned(), label.to_owned(), here));
    view! {
        <Specimen title=t!("gallery-lists")>
            <TabLinks label=t!("gallery-views") items=views.into() />
            <Table caption=t!("gallery-products") head=head.clone() num=&[2, 3] stack=true>
                <SampleRows />
            </Table>
            <Pager first=Some("#main".into()) next=Some("#main".into()) shown=24 />
            <Table caption=t!("gallery-products-dense") head num=&[2, 3] dense=true wide=true>
                <SampleRows />
            </Table>
        </Specimen>
    }
}

#[component]
fn SampleRows() -> impl IntoView {
    [
        (
            t!("gallery-longjing"),
            Tone::Good,
            t!("gallery-on-sale"),
            "120",
            19_900,
        ),
        (
            t!("gallery-gaiwan"),
            Tone::Warn,
            t!("gallery-few-left"),
            "3",
            32_800,
        ),
        (
            t!("gallery-tray"),
            Tone::Neutral,
            t!("gallery-draft"),
            "0",
            8_850,
        ),
    ]
    .map(|(name, tone, state, stock, price)| {
        view! {
            <tr>
                <th scope="row">
                    <a href="#main">{name}</a>
                </th>
                <td data-label=t!("gallery-state")>
                    <Badge tone>{state}</Badge>
                </td>
                <td data-label=t!("gallery-stock") class="num">
                    {stock}
                </td>
                <td data-label=t!("gallery-price") class="num">
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
        <Specimen title=t!("gallery-dialogs")>
            <div class="row">
                <DialogButton target="gallery-dialog">{t!("gallery-dialog-open")}</DialogButton>
                <ConfirmButton
                    action="/ui"
                    label=t!("gallery-delete")
                    title=t!("gallery-delete-title")
                    message=t!("gallery-delete-message")
                    confirm_label=t!("gallery-delete-confirm")
                />
            </div>
            <Dialog id="gallery-dialog" title=t!("gallery-dialog")>
                <p>{t!("gallery-dialog-text")}</p>
            </Dialog>
        </Specimen>
    }
}

#[component]
fn Places() -> impl IntoView {
    view! {
        <Specimen title=t!("gallery-places")>
            <div class="specimen-columns">
                <Card title=t!("gallery-loading")>
                    <Skeleton lines=4 />
                </Card>
                <Card>
                    <Empty icon=Icon::Box title=t!("gallery-empty")>
                        <p>{t!("gallery-empty-advice")}</p>
                        <LinkButton href="#main" kind=ButtonKind::Primary icon=Icon::Plus>
                            {t!("gallery-add-product")}
                        </LinkButton>
                    </Empty>
                </Card>
            </div>
            <ErrorPage error=AppError::internal() trace_id="4bf92f3577b34da6a3ce929d0e0e4736" />
        </Specimen>
    }
}
