//! The form that signs a visit, on the subject's page.

use super::sign::{NewSignature, sign_visit};
use crate::accounts::Person;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::form_two_below;
use crate::server::{App, ClientIp, IdempotencyKey, Path, Posted, done};
use crate::trials::components::study_path;
use crate::trials::subject::subject_id;
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

pub fn form_router() -> Router<App> {
    Router::new().route(
        "/trials/{code}/subjects/{number}/sign/{visit}",
        form_two_below(sign_form),
    )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignForm {
    meaning: String,
    /// The hash that was shown.
    hash: String,
    current_password: String,
    idempotency_key: String,
}

async fn sign_form(
    State(app): State<App>,
    Person(user): Person,
    address: ClientIp,
    Path((code, number, visit)): Path<(String, String, i64)>,
    Posted(form): Posted<SignForm>,
) -> Result<Response, AppError> {
    let subject = subject_id(&app, &user, &code, &number).await?;
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let input = NewSignature {
        meaning: form.meaning,
        hash: form.hash,
        current_password: form.current_password,
    };
    sign_visit(&app, &user, address, &once, (subject, visit), input).await?;
    let said = Flash::good(t!("trials-sign-done"));
    let path = format!("subjects/{number}");
    Ok(done(&study_path(&code, &path), said))
}
