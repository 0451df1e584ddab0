//! `/api/v1/subjects/{id}/signatures`, and those of a visit.

use super::read::{Judged, MOST, judge, read_present};
use super::rules::Meaning;
use super::sign::{self, NewSignature, find_visit, visible_place};
use super::store::list_signatures;
use crate::accounts::Person;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{
    App, ClientIp, Cursor, IdempotencyKey, Json, PageOf, Path, Query, created, ok, page_size,
};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_subject_signatures))
        .routes(routes!(list_visit_signatures, sign_visit))
}

/// The signature of a subject's visit.
#[derive(Serialize, ToSchema)]
#[schema(as = Signature)]
struct SignatureBody {
    id: i64,
    /// The visit's name.
    visit: String,
    user_id: i64,
    /// The signer's name as it was.
    signer: String,
    meaning: Meaning,
    signed_at: Timestamp,
    /// The SHA-256 of what was signed.
    hash: String,
    /// True if what was signed has changed since.
    void: bool,
}

impl From<Judged> for SignatureBody {
    fn from(Judged { signature, holds }: Judged) -> Self {
        Self {
            id: signature.id,
            visit: signature.visit,
            user_id: signature.user_id,
            signer: signature.signer,
            meaning: signature.meaning,
            signed_at: signature.signed_at,
            hash: signature.content_hash,
            void: !holds,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct SignatureQuery {
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The signatures of a subject's visits, the latest first, those of visits that are planned no more among them.
#[utoipa::path(get, path = "/subjects/{id}/signatures", tag = "trials", params(("id" = i64, Path), SignatureQuery),
    responses((status = 200, body = PageOf<SignatureBody>),
              (status = 404, description = "No such subject, or none of your studies'")))]
async fn list_subject_signatures(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Query(query): Query<SignatureQuery>,
) -> Result<Response, AppError> {
    let size = page_size(query.limit);
    let before = Cursor::before(&query.cursor)?;
    let mut conn = app.db.read().await?;
    let (study, _, subject) = visible_place(&mut conn, &user, id).await?;
    let rows = list_signatures(&mut conn, subject.id, None, Some(before), size + 1).await?;
    let judged = judge(&mut conn, &study.code, &subject, rows, app.clock.now()).await?;
    let page = PageOf::from_rows(judged, size, |it| Cursor::new([&it.signature.id]));
    Ok(ok(page.map(SignatureBody::from)))
}

/// The signatures of a visit, and what would be signed now.
#[derive(Serialize, ToSchema)]
#[schema(as = VisitSignatures)]
struct VisitSignaturesBody {
    /// The SHA-256 of what would be signed now; null if the visit is not done.
    #[schema(required)]
    hash: Option<String>,
    /// The number of readings in it.
    readings: usize,
    /// The latest 100, the latest first. The signatures of the subject have them all.
    items: Vec<SignatureBody>,
}

/// The latest signatures of a visit of a subject, with the hash that signing it takes.
#[utoipa::path(get, path = "/subjects/{id}/visits/{visit_id}/signatures", tag = "trials",
    params(("id" = i64, Path), ("visit_id" = i64, Path)),
    responses((status = 200, body = VisitSignaturesBody),
              (status = 404, description = "No such visit of the subject, or none of your studies'")))]
async fn list_visit_signatures(
    State(app): State<App>,
    Person(user): Person,
    Path((id, visit)): Path<(i64, i64)>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let (study, _, subject) = visible_place(&mut conn, &user, id).await?;
    let visit = find_visit(&mut conn, &subject, visit, app.clock.now()).await?;
    let present = read_present(&mut conn, &study.code, &subject, &visit).await?;
    let name = Some(visit.visit.name.as_str());
    let rows = list_signatures(&mut conn, subject.id, name, None, MOST).await?;
    let (hash, readings) = present.map(|it| (it.hash, it.readings)).unzip();
    let judged = rows.into_iter().map(|signature| Judged {
        holds: Some(&signature.content_hash) == hash.as_ref(),
        signature,
    });
    let items = judged.map(SignatureBody::from).collect();
    Ok(ok(VisitSignaturesBody {
        hash,
        readings: readings.unwrap_or_default(),
        items,
    }))
}

/// Sign a visit that is done. Coordinators only, with their current password and the hash of what they were shown. A
/// repeated request with the same `Idempotency-Key` returns the signature that was given the first time.
#[utoipa::path(post, path = "/subjects/{id}/visits/{visit_id}/signatures", tag = "trials",
    params(("id" = i64, Path), ("visit_id" = i64, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewSignature,
    responses((status = 201, body = SignatureBody), (status = 403, description = "Not a coordinator of the study"),
              (status = 404, description = "No such visit of the subject, or none of your studies'"),
              (status = 409, description = "What is signed has changed since it was shown, or the visit is not done"),
              (status = 422, description = "A field is at fault, such as the password"),
              (status = 429, description = "Too many wrong passwords")))]
async fn sign_visit(
    State(app): State<App>,
    Person(user): Person,
    address: ClientIp,
    once: IdempotencyKey,
    Path(place): Path<(i64, i64)>,
    Json(input): Json<NewSignature>,
) -> Result<Response, AppError> {
    let signed = sign::sign_visit(&app, &user, address, &once, place, input).await?;
    let location = format!("/api/v1/subjects/{}/signatures", place.0);
    Ok(created(&location, SignatureBody::from(signed)))
}
