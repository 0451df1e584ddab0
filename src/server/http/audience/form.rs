//! Content negotiation at an address with two representations: a page for people, JSON for programs.
//!
//! 1. `Accept` decides if it names either: `text/html` asks for the page, `application/json` for
//!    JSON; if it names both, the preferred one.
//! 2. If it names neither (`*/*`, or no `Accept` at all), a browser's `Sec-Fetch-Dest` decides: a
//!    document is a page, what a script fetches is not.
//! 3. Without that header, the page goes to clients that call themselves a browser, a crawler or
//!    a messenger that shows link previews. All others (curl, the libraries of every language)
//!    are programs, and get JSON as they always did.

use axum::http::{HeaderMap, HeaderName, header};

/// Lower-case words in the `User-Agent` of clients that read pages. The first is what every
/// browser begins with; crawlers mostly say "bot" or give the address of a page about themselves.
const READERS: [&str; 18] = [
    "mozilla/",
    "bot",
    "crawler",
    "spider",
    "facebookexternalhit",
    "facebookcatalog",
    "meta-externalagent",
    "whatsapp",
    "slack-imgproxy",
    "skypeuripreview",
    "linkedin",
    "pinterest",
    "vkshare",
    "viber",
    "embedly",
    "iframely",
    "mastodon",
    "google-",
];

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The request headers that the response at such an address varies by.
pub const VARIES: &str = "accept, sec-fetch-dest, user-agent";

/// Returns true if the client is to see a page.
pub fn wants_page(headers: &HeaderMap) -> bool {
    named(headers).unwrap_or_else(|| reads_pages(headers))
}

/// Returns true if `Accept` names the page: for requests that change something, which no crawler makes.
pub fn names_page(headers: &HeaderMap) -> bool {
    named(headers).unwrap_or_default()
}

/// Returns true if `Accept` prefers the page, false if JSON; `None` if it names neither.
fn named(headers: &HeaderMap) -> Option<bool> {
    let lines = headers.get_all(header::ACCEPT).iter();
    let ranges = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    let (mut page, mut json) = (None, None);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let liking = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(1.0, |(_, liking)| liking.trim().parse().unwrap_or(0.0));
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => page = page.max(Some(thousandths(liking))),
            "application/json" => json = json.max(Some(thousandths(liking))),
            _ => {}
        }
    }
    (page.is_some() || json.is_some()).then(|| page > Some(0) && page >= json)
}

/// Converts a quality value of RFC 9110, from 0 to 1 with three digits.
fn thousandths(liking: f32) -> u16 {
    (liking.clamp(0.0, 1.0) * 1_000.0) as u16
}

fn reads_pages(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(SEC_FETCH_DEST) {
        Some(dest) => matches!(dest, "document" | "iframe" | "frame" | "embed" | "object"),
        None => {
            let agent = text(header::USER_AGENT).unwrap_or_default();
            let agent = agent.to_ascii_lowercase();
            READERS.iter().any(|reader| agent.contains(reader))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn page(pairs: &[(&'static str, &str)]) -> bool {
        let pairs = pairs.iter().map(|(name, value)| {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
            (HeaderName::from_static(name), value)
        });
        wants_page(&pairs.collect())
    }

    #[test]
    fn what_accept_names_decides() {
        let chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert!(page(&[("accept", chrome), ("user-agent", "anything")]));
        assert!(page(&[(
            "accept",
            "text/html;q=0.9, application/json;q=0.5"
        )]));
        let bot = ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)");
        for json in [
            "application/json",
            "application/json, text/plain, */*",
            "text/html;q=0.2, application/json",
            "text/html;q=0, application/json;q=0",
        ] {
            assert!(!page(&[("accept", json), bot]), "{json}");
        }
    }

    #[test]
    fn a_script_in_a_browser_is_a_program_and_a_window_is_not() {
        let browser = (
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        );
        assert!(page(&[("accept", "*/*"), browser]));
        assert!(page(&[
            ("accept", "*/*"),
            browser,
            ("sec-fetch-dest", "document")
        ]));
        assert!(!page(&[
            ("accept", "*/*"),
            browser,
            ("sec-fetch-dest", "empty")
        ]));
    }

    #[test]
    fn crawlers_and_previews_get_the_page_and_programs_get_json() {
        for reader in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Googlebot/2.1 (+http://www.google.com/bot.html)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "WhatsApp/2.23.20.0",
            "Twitterbot/1.0",
            "TelegramBot (like TwitterBot)",
            "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
            "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
            "SkypeUriPreview Preview/0.5",
        ] {
            for accept in [Some("*/*"), None] {
                let accept = accept.map(|accept| ("accept", accept));
                let headers: Vec<_> = accept.into_iter().chain([("user-agent", reader)]).collect();
                assert!(page(&headers), "{reader}");
            }
        }
        for program in [
            "curl/8.14.1",
            "Wget/1.25.0",
            "python-requests/2.32.5",
            "python-httpx/0.28.1",
            "Python-urllib/3.13",
            "okhttp/5.1.0",
            "Go-http-client/1.1",
            "Java-http-client/21.0.4",
            "axios/1.12.2",
            "node",
            "PostmanRuntime/7.46.1",
            "k6/1.3.0 (https://k6.io/)",
            "",
        ] {
            assert!(
                !page(&[("accept", "*/*"), ("user-agent", program)]),
                "{program}"
            );
        }
        assert!(!page(&[]));
    }

    proptest! {
        #[test]
        fn any_accept_at_all_is_read(accept in "[ -~]{0,60}", liking in "[0-9.e+-]{0,8}") {
            let _ = page(&[("accept", &accept)]);
            let _ = page(&[("accept", &format!("text/html;q={liking}"))]);
        }
    }
}
