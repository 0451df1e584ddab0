//! The language of a response.
//!
//! It is the person's own choice, then this browser's cookie, then the best match for its
//! `Accept-Language`, then the shop's.

use crate::i18n::{Language, current, within};
use crate::server::App;
use crate::server::cookies::cookie;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// The cookie holding the language that somebody chose in this browser.
pub const LANGUAGE_COOKIE: &str = "language";

/// Gate: negotiates the request's language, and has caches keep the responses in each apart.
pub async fn negotiate_language<F>(
    app: &App,
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let language = asked_for(request.headers()).unwrap_or(app.config.shop.language);
    let answer = async { (next(request).await, current()) };
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

/// Returns true for types with words: pages, JSON and tables, not images, styles and scripts.
fn has_words(kind: &HeaderValue) -> bool {
    let kinds = ["text/html", "application/json", "text/csv", "text/plain"];
    let kind = kind.to_str().unwrap_or_default();
    kinds.iter().any(|one| kind.starts_with(one))
}

fn asked_for(headers: &HeaderMap) -> Option<Language> {
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(|tag| tag.parse().ok());
    chosen.or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        accepted_language(accepted)
    })
}

/// Returns the supported language that the header prefers (RFC 9110, section 12.5.4), if any.
/// Chinese of any country or script is nearer to ours than English is.
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
        // Of equally preferred ones, the first.
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
