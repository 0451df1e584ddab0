//! Error responses: JSON for programs, a page for people.

use super::audience::{names_page, wants_page};
use super::{forms, pages};
use crate::error::{AppError, Kind, OVERLOADED, WRONG_CREDENTIALS};
use crate::i18n::{self, t};
use crate::server::current;
use crate::server::deadline::Patience;
use crate::ui::{Kept, Refusal};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({
            "code": self.code,
            "message": self.message,
            "trace_id": current::trace_id(),
        });
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        let mut response = (status, axum::Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives the refusal of a server function its own status: Leptos answers every one with 500.
pub async fn with_status(response: Response) -> Response {
    const LARGEST_ERROR: usize = 1 << 16;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST_ERROR).await else {
        return AppError::internal().into_response();
    };
    let error = serde_json::from_slice::<AppError>(&bytes).ok();
    if let Some(status) = error.and_then(|error| StatusCode::from_u16(error.status()).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, bytes.into())
}

/// Replaces the response of the layer that limits bodies, which knows nothing of our errors, with
/// one of ours, so that a form comes back with it.
fn name_too_large(response: Response) -> Response {
    let unnamed = response.extensions().get::<AppError>().is_none();
    if unnamed && response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return AppError::too_large(t!("server-body-too-large")).into_response();
    }
    response
}

/// Gate: turns errors that a browser would otherwise see as JSON into pages.
///
/// A refused form gets its own page again, with the input and what is wrong with it; an
/// unauthenticated request is redirected to the sign-in page; all else gets an error page. The page
/// is requested from the router like any other, so that it has the person's own frame around it.
pub async fn present(request: Request, next: Next) -> Response {
    if is_of_program(&request) {
        return name_too_large(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(Patience::default());
    let typed = forms::Typed::default();
    let mut first = Request::from_parts(parts.clone(), body);
    first.extensions_mut().insert(typed.clone());
    let response = name_too_large(next.clone().run(first).await);
    let extensions = response.extensions();
    if extensions.get::<forms::Again>().is_none() && extensions.get::<AppError>().is_none() {
        return response;
    }
    Box::pin(show(parts, response, typed, next)).await
}

/// Returns true if whatever comes of the request is read by a program.
fn is_of_program(request: &Request) -> bool {
    let path = request.uri().path();
    let at_programs = path.starts_with("/api/") || path.starts_with("/fn/");
    at_programs || request.method().is_safe() && !wants_page(request.headers())
}

/// Returns true if whoever sent the request, which is not of a program, sees pages.
fn sees_pages(method: &Method, headers: &HeaderMap) -> bool {
    method.is_safe() || names_page(headers)
}

/// Returns what a request is answered that no other gate has seen, if there is no place for it.
pub fn overloaded(request: &Request) -> Response {
    let error = AppError::overloaded();
    if !is_of_program(request) && sees_pages(request.method(), request.headers()) {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return plain(status, &error.message, None);
    }
    error.into_response()
}

/// Shows a person what became of the request, where it did not simply succeed.
async fn show(parts: Parts, response: Response, typed: forms::Typed, next: Next) -> Response {
    if let Some(again) = form_again(&parts, &response, &typed) {
        return answer_of_form(&parts, next.run(again).await);
    }
    let sees_pages = sees_pages(&parts.method, &parts.headers);
    let error = response.extensions().get::<AppError>();
    let Some(error) = error.filter(|_| sees_pages).cloned() else {
        return response;
    };
    if error.kind == Kind::Unauthenticated && error.code != WRONG_CREDENTIALS {
        return Redirect::to(&pages::sign_in_path(&parts)).into_response();
    }
    if error.code == OVERLOADED {
        return plain_of(&response, None);
    }
    let back = forms::page_of(&parts, &response);
    let mut again = match back.filter(|_| forms::is_about_the_input(&error)) {
        Some(page) => {
            let refusal = Refusal {
                action: parts.uri.path().to_owned(),
                typed: typed.take(),
                error: error.clone(),
            };
            page_request(&parts, page, refusal)
        }
        None => page_request(
            &parts,
            Uri::from_static(pages::ERROR_PATH),
            pages::Shown(error.clone()),
        ),
    };
    let kept = kept_to_send_again(&parts, &error, &typed);
    if let Some(kept) = kept.clone() {
        again.extensions_mut().insert(kept);
    }
    again.extensions_mut().insert(pages::Shown(error));
    let mut page = next.run(again).await;
    if page.status().is_server_error() && page.extensions().get::<AppError>().is_some() {
        // Not even the error page is available: say what happened in the plainest way.
        return plain_of(&response, kept);
    }
    *page.status_mut() = response.status();
    for name in [header::RETRY_AFTER, header::SET_COOKIE, header::ALLOW] {
        for value in response.headers().get_all(&name) {
            page.headers_mut().append(&name, value.clone());
        }
    }
    answer_of_form(&parts, page)
}

/// Lets the browser keep a page that answered a form. Otherwise Back could only ask whether to
/// resubmit the form, where now it shows the input; if the form has been sent since, `ui/back.js`
/// has the page requested anew.
fn answer_of_form(parts: &Parts, mut page: Response) -> Response {
    if !parts.method.is_safe() {
        let keep = HeaderValue::from_static("private, no-cache");
        page.headers_mut().insert(header::CACHE_CONTROL, keep);
    }
    page
}

/// Builds the request for the page of a form that asks to be shown again, with the input.
fn form_again(parts: &Parts, response: &Response, typed: &forms::Typed) -> Option<Request> {
    response.extensions().get::<forms::Again>()?;
    let page = forms::page_of(parts, response)?;
    let kept = Kept {
        action: parts.uri.path().to_owned(),
        typed: typed.take(),
    };
    Some(page_request(parts, page, kept))
}

/// Builds the same person's request for `page`, with `shown` for it to show.
fn page_request<T: Clone + Send + Sync + 'static>(parts: &Parts, page: Uri, shown: T) -> Request {
    let mut request = Request::default();
    *request.method_mut() = Method::GET;
    *request.uri_mut() = page;
    *request.headers_mut() = parts.headers.clone();
    for name in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::IF_NONE_MATCH,
        header::RANGE,
    ] {
        request.headers_mut().remove(name);
    }
    *request.extensions_mut() = parts.extensions.clone();
    request
        .extensions_mut()
        .insert(pages::Asked(parts.uri.clone()));
    request.extensions_mut().insert(shown);
    request
}

/// Returns what was typed into a form that could not be saved, to be sent again as it is: nobody knows whether the
/// form's own page can be shown, and the browser may have forgotten.
fn kept_to_send_again(parts: &Parts, error: &AppError, typed: &forms::Typed) -> Option<Kept> {
    let action = parts.uri.path_and_query()?.to_string();
    let typed = typed.take();
    let is_kept = !parts.method.is_safe() && !typed.is_empty() && *error == AppError::cannot_save();
    is_kept.then_some(Kept { action, typed })
}

fn plain_of(response: &Response, kept: Option<Kept>) -> Response {
    let message = response
        .extensions()
        .get::<AppError>()
        .map_or("", |error| &error.message);
    plain(response.status(), message, kept)
}

/// Builds a page that takes nothing: no frame, no picture, no script.
fn plain(status: StatusCode, message: &str, kept: Option<Kept>) -> Response {
    let message = html_escape::encode_text(message);
    let label = t!("server-away-again");
    let again = match kept {
        None => format!("<p><a href=\"\">{label}</a></p>"),
        Some(kept) => form_of(kept, label),
    };
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>Guildhall</title>\
         <h1>{}</h1><p>{message}</p>{again}</html>",
        i18n::current().as_str(),
        t!("server-away-title"),
    );
    let mut page = (status, axum::response::Html(html)).into_response();
    page.headers_mut().insert(header::RETRY_AFTER, 1.into());
    page
}

/// Builds a form that sends the same again.
fn form_of(kept: Kept, label: &str) -> String {
    let encode = |text: &str| html_escape::encode_double_quoted_attribute(text).into_owned();
    let action = encode(&kept.action);
    let fields = kept.fields_to_send_again();
    let inputs = fields.map(|(name, value)| {
        let [name, value] = [name, value].map(|text| encode(&text));
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    });
    let inputs: String = inputs.collect();
    format!("<form method=\"post\" action=\"{action}\">{inputs}<button>{label}</button></form>")
}
