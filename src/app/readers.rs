//! The readers of the shop's kept pages: who sees them alike, and what in them is each reader's own.

use crate::accounts::{Role, SESSION_COOKIE, Unidentified, User, Viewer};
use crate::cart::{CART_COOKIE, CartOwner, badge};
use crate::clock::Timestamp;
use crate::server::documents::{Audience, CHOICES, OwnParts, Readers};
use crate::server::{App, IdempotencyKey, cookies};
use crate::ui::{Own, face_of};
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use leptos::prelude::{Owner, RenderHtml};

pub const READERS: Readers = Readers {
    audience,
    is_unidentified,
    anonymise,
    own_parts: |app, parts| Box::pin(own_parts(app, parts)),
};

/// Pages are kept for whoever has no other cookies than these: how the page is to look, a cart, and a session.
fn audience(app: &App, request: &Request) -> Option<Audience> {
    let headers = request.headers();
    if headers.contains_key(AUTHORIZATION) {
        return None;
    }
    if is_unidentified(request) {
        return Some(Audience::Nobody);
    }
    let viewer = request.extensions().get::<Viewer>();
    let role = viewer
        .and_then(|viewer| viewer.user.as_ref())
        .map(|user| user.role);
    let [session, cart] =
        [SESSION_COOKIE, CART_COOKIE].map(|name| cookies::guarded_name(app, name));
    let (mut has_session, mut has_cart) = (false, false);
    for name in cookies::names(headers) {
        has_session |= name == session;
        has_cart |= name == cart;
        if !CHOICES.contains(&name) && name != session && name != cart {
            return None;
        }
    }
    match (role, has_session, has_cart) {
        (Some(Role::Customer), _, _) => Some(Audience::Customer),
        (Some(Role::Staff), _, _) => Some(Audience::Staff),
        (Some(Role::Admin), _, _) => Some(Audience::Admin),
        // A session that has ended: the page says so, once.
        (None, true, _) => None,
        (None, false, true) => Some(Audience::Shopper),
        (None, false, false) => Some(Audience::Nobody),
    }
}

fn is_unidentified(request: &Request) -> bool {
    request.extensions().get::<Unidentified>().is_some()
}

/// Puts somebody without a name in the reader's place, or nobody.
fn anonymise(parts: &mut Parts, audience: Audience) {
    let now = Timestamp(0);
    let role = match audience {
        Audience::Nobody | Audience::Shopper => None,
        Audience::Customer => Some(Role::Customer),
        Audience::Staff => Some(Role::Staff),
        Audience::Admin => Some(Role::Admin),
    };
    let user = role.map(|role| User {
        id: 0,
        name: Own::Name.mark().to_owned(),
        email: Own::Email.mark().to_owned(),
        role,
        active: true,
        version: 0,
        language: None,
        created_at: now,
        updated_at: now,
    });
    parts.extensions.insert(Viewer {
        user,
        ..Viewer::default()
    });
}

async fn own_parts(app: App, parts: Parts) -> OwnParts {
    let viewer = parts
        .extensions
        .get::<Viewer>()
        .cloned()
        .unwrap_or_default();
    let owner = CartOwner::new(&app, &viewer, &parts.headers);
    let count = app.cart_counts.count(&app, owner).await;
    Owner::new().with(|| {
        let mut own = vec![
            (Own::Cart, badge(&app, count).to_html()),
            (Own::Key, IdempotencyKey::new_key()),
        ];
        if let Some(user) = &viewer.user {
            own.push((Own::Face, face_of(&user.name).to_html()));
            for (part, text) in [(Own::Name, &user.name), (Own::Email, &user.email)] {
                let text = html_escape::encode_double_quoted_attribute(text);
                own.push((part, text.into_owned()));
            }
        }
        own
    })
}
