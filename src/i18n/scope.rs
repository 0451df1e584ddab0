//! The language of the present request.
//!
//! It is what the person chose, then what the cookie of this browser says, then what its
//! `Accept-Language` asks for, then the shop's. Outside a request it is English, unless [`within`]
//! says otherwise.

use super::Language;
use crate::server::App;
use crate::server::cookies::cookie;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::cell::Cell;

/// The cookie with the language that somebody chose in this browser.
pub const COOKIE: &str = "language";

tokio::task_local! {
    static LANGUAGE: Cell<Language>;
}

pub fn current() -> Language {
    LANGUAGE.try_with(Cell::get).unwrap_or_default()
}

/// It is known now which language the person has chosen for good: the rest of the request speaks it.
pub fn set_language(language: Language) {
    // Outside a request there is nobody to speak to.
    let _ = LANGUAGE.try_with(|present| present.set(language));
}

/// Does the work in this language, wherever it is done.
pub async fn within<F: Future>(language: Language, work: F) -> F::Output {
    LANGUAGE.scope(Cell::new(language), work).await
}

/// The same of what waits for nothing.
pub fn with<T>(language: Language, work: impl FnOnce() -> T) -> T {
    LANGUAGE.sync_scope(Cell::new(language), work)
}

/// Middleware: finds the request's language, and has caches keep the answers in each apart.
pub async fn negotiate(State(app): State<App>, request: Request, next: Next) -> Response {
    let language = asked_for(request.headers()).unwrap_or(app.config.shop.language);
    let answer = async {
        let response = next.run(request).await;
        (response, current())
    };
    let (mut response, language) = within(language, answer).await;
    let headers = response.headers_mut();
    if headers.get(header::CONTENT_TYPE).is_some_and(has_words) {
        let depends_on = HeaderValue::from_static("accept-language, cookie");
        headers.append(header::VARY, depends_on);
        let language = HeaderValue::from_static(language.as_str());
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    response
}

/// Pages, JSON and tables have words; pictures, styles and scripts none.
fn has_words(kind: &HeaderValue) -> bool {
    let kinds = ["text/html", "application/json", "text/csv", "text/plain"];
    let kind = kind.to_str().unwrap_or_default();
    kinds.iter().any(|one| kind.starts_with(one))
}

fn asked_for(headers: &HeaderMap) -> Option<Language> {
    let chosen = cookie(headers, COOKIE).and_then(|tag| tag.parse().ok());
    chosen.or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        accepted_language(accepted)
    })
}

/// The language of ours that is liked best (RFC 9110, section 12.5.4), where one is. Chinese of any
/// country or script is nearer to ours than English is.
fn accepted_language(header: &str) -> Option<Language> {
    let liking = |range: &str| {
        let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
        let quality: f32 = quality.trim().strip_prefix("q=")?.parse().ok()?;
        let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
        let language = match primary.as_str() {
            "en" => Language::English,
            "zh" => Language::Chinese,
            _ => return None,
        };
        (quality > 0.0).then_some((quality, language))
    };
    let mut best: Option<(f32, Language)> = None;
    for (quality, language) in header.split(',').filter_map(liking) {
        // Of those that are liked alike, the first.
        if best.is_none_or(|(best, _)| quality > best) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_liked_best_is_spoken() {
        let (english, chinese) = (Some(Language::English), Some(Language::Chinese));
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", chinese),
            ("en-GB,en;q=0.9,zh;q=0.1", english),
            ("en;q=0.5, zh", chinese),
            ("de-DE,de;q=0.9,en;q=0.5", english),
            ("zh-Hant-TW", chinese),
            ("ZH", chinese),
            ("en;q=0, zh;q=0.1", chinese),
            ("en, zh", english),
            ("de, fr;q=0.3", None),
            ("*", None),
            ("en;q=much", None),
            ("", None),
            ("enough, zhuang", None),
        ] {
            assert_eq!(accepted_language(header), language, "{header}");
        }
    }

    #[test]
    fn the_choice_of_this_browser_comes_before_what_it_asks_for() {
        let mut headers = HeaderMap::new();
        let asks = HeaderValue::from_static("en");
        headers.insert(header::ACCEPT_LANGUAGE, asks);
        assert_eq!(asked_for(&headers), Some(Language::English));
        let chose = HeaderValue::from_static("theme=dark; language=zh-CN");
        headers.insert(header::COOKIE, chose);
        assert_eq!(asked_for(&headers), Some(Language::Chinese));
        let unknown = HeaderValue::from_static("language=tlh");
        headers.insert(header::COOKIE, unknown);
        assert_eq!(asked_for(&headers), Some(Language::English));
    }
}
