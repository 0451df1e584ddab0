//! A page that is kept, as text.

use super::coding::{Coding, brotli, gzip};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::Stored;
use crate::server::http::security::{content_security_policy, nonce_of};
use crate::ui::{Alert, Own, Tone};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE, VARY,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The parts of a page that are its reader's own, as HTML.
pub type OwnParts = Vec<(Own, String)>;

/// The largest page that is kept, in bytes.
const LARGEST: usize = 1 << 20;

/// A page as text, in each coding that somebody accepted so far.
#[derive(Clone)]
pub struct Document(Arc<Parts>);

struct Parts {
    policy: HeaderValue,
    plain: Bytes,
    /// The places of what is left open, in their order.
    open: Vec<(usize, Own)>,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Document {
    /// Reads the page, or returns the response as it is if it is not one to keep.
    pub async fn read(response: Response) -> Result<Self, Response> {
        let headers = response.headers();
        let is_page = response.status() == StatusCode::OK
            && headers.get(CONTENT_TYPE).is_some_and(is_html)
            && !headers.contains_key(SET_COOKIE);
        let nonce = headers.get(CONTENT_SECURITY_POLICY).and_then(nonce_of);
        let Some(nonce) = nonce.filter(|_| is_page) else {
            return Err(response);
        };
        let (parts, body) = response.into_parts();
        // It was rendered as a whole, so reading it takes no more memory than it has.
        let Ok(html) = to_bytes(body, usize::MAX).await else {
            return Err(AppError::internal().into_response());
        };
        if html.len() > LARGEST {
            return Err(Response::from_parts(parts, Body::from(html)));
        }
        match std::str::from_utf8(&html)
            .ok()
            .and_then(|html| Self::without_nonce(html, &nonce))
        {
            Some(document) => Ok(document),
            None => Err(Response::from_parts(parts, Body::from(html))),
        }
    }

    fn without_nonce(html: &str, nonce: &str) -> Option<Self> {
        let (html, scripts) = inline_scripts(html, nonce)?;
        let hashes: Vec<String> = scripts
            .into_iter()
            .map(|script| hash_source(&script))
            .collect();
        let policy = content_security_policy(&hashes.join(" "));
        Some(Self(Arc::new(Parts {
            policy: HeaderValue::from_str(&policy).ok()?,
            open: left_open(&html),
            plain: html.into(),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        })))
    }

    /// Returns the size of the page in bytes, its compressed copies included.
    pub fn size(&self) -> usize {
        self.0.plain.len() * 3 / 2
    }

    /// Returns true if what stands in the page only once was left open only once. A text that somebody wrote
    /// may hold anything, a mark too.
    pub fn can_be_filled(&self) -> bool {
        let count = |part| self.0.open.iter().filter(|(_, own)| *own == part).count();
        count(Own::Face) <= 1 && count(Own::Cart) == 1
    }

    /// Answers with the page, the reader's own parts in it.
    pub fn fill(&self, own: &OwnParts, stale_for: Option<Duration>) -> Response {
        let parts = &self.0;
        let room: usize = own.iter().map(|(_, html)| html.len()).sum();
        let mut html = Vec::with_capacity(parts.plain.len() + 4 * room);
        let mut from = 0;
        for (at, part) in &parts.open {
            html.extend_from_slice(&parts.plain[from..*at]);
            if let Some((_, text)) = own.iter().find(|(own, _)| own == part) {
                html.extend_from_slice(text.as_bytes());
            }
            from = at + part.mark().len();
        }
        html.extend_from_slice(&parts.plain[from..]);
        if let Some(age) = stale_for {
            html = with_notice(&html, age);
        }
        self.with_headers(html.into(), None)
    }

    /// Answers with the page as it was this long ago, and says so in it.
    pub fn answer_stale(&self, age: Duration) -> Response {
        let html = with_notice(&self.0.plain, age);
        self.with_headers(html.into(), None)
    }

    /// Answers with the page as it is.
    pub fn answer(&self, coding: Coding) -> Response {
        let parts = &self.0;
        let (body, coding) = match coding {
            Coding::Plain => (&parts.plain, None),
            Coding::Gzip => (parts.gzip.get_or_init(|| gzip(&parts.plain)), Some("gzip")),
            Coding::Brotli => (
                parts.brotli.get_or_init(|| brotli(&parts.plain)),
                Some("br"),
            ),
        };
        self.with_headers(body.clone(), coding)
    }

    fn with_headers(&self, body: Bytes, coding: Option<&'static str>) -> Response {
        let mut response = Body::from(body).into_response();
        let headers = response.headers_mut();
        headers.reserve(16);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(CONTENT_SECURITY_POLICY, self.0.policy.clone());
        // As every page: Back asks for it again.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// Returns the page with a line before everything else in it that says how old it is, and why.
fn with_notice(html: &[u8], age: Duration) -> Vec<u8> {
    let minutes = age.as_secs() / 60;
    let text = match minutes {
        0 => t!("server-from-memory-now").to_owned(),
        minutes => t!("server-from-memory", minutes = minutes),
    };
    let notice = Owner::new().with(|| view! { <Alert tone=Tone::Warn>{text}</Alert> }.to_html());
    let main = html.windows(5).position(|bytes| bytes == b"<main");
    let inside =
        main.and_then(|at| Some(at + html[at..].iter().position(|byte| *byte == b'>')? + 1));
    let (before, after) = html.split_at(inside.unwrap_or_default());
    [before, notice.as_bytes(), after].concat()
}

/// Returns the places of the marks in the page, in their order.
/// The policy, and the page as it is.
impl Stored for Document {
    fn write(&self) -> Option<Vec<u8>> {
        let Parts { policy, plain, .. } = &*self.0;
        Some([policy.as_bytes(), plain].join(&b'\n'))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
        let policy = HeaderValue::from_bytes(parts.next()?).ok()?;
        let plain = Bytes::copy_from_slice(parts.next()?);
        Some(Self(Arc::new(Parts {
            policy,
            open: left_open(std::str::from_utf8(&plain).ok()?),
            plain,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        })))
    }
}

fn left_open(html: &str) -> Vec<(usize, Own)> {
    let marks = Own::ALL.into_iter().flat_map(|part| {
        html.match_indices(part.mark())
            .map(move |(at, _)| (at, part))
    });
    let mut places: Vec<(usize, Own)> = marks.collect();
    places.sort_unstable_by_key(|(at, _)| *at);
    places
}

fn is_html(kind: &HeaderValue) -> bool {
    kind.to_str()
        .is_ok_and(|kind| kind.starts_with("text/html"))
}

/// Returns the page without the nonce, and the inline scripts that carried it; `None` if the nonce is
/// anywhere but in an attribute of its own.
fn inline_scripts(html: &str, nonce: &str) -> Option<(String, Vec<String>)> {
    // Leptos puts it there as well, where browsers read any word they do not know as this one.
    let crossorigin = format!("crossorigin=\"{nonce}\"");
    let html = html.replace(&crossorigin, "crossorigin=\"anonymous\"");
    let attribute = format!(" nonce=\"{nonce}\"");
    let pieces: Vec<&str> = html.split(&attribute).collect();
    let scripts = pieces.windows(2).filter_map(|pair| {
        let [before, after] = pair else { return None };
        let start = &before[before.rfind('<')?..];
        let (rest, content) = after.split_once('>')?;
        let is_inline =
            start.starts_with("<script") && !start.contains(" src=") && !rest.contains(" src=");
        let (script, _) = content.split_once("</script>").filter(|_| is_inline)?;
        Some(script.to_owned())
    });
    let scripts = scripts.collect();
    let html = pieces.concat();
    (!html.contains(nonce)).then_some((html, scripts))
}

/// Returns the script's hash as the policy names it.
fn hash_source(script: &str) -> String {
    format!(
        "'sha256-{}'",
        BASE64_STANDARD.encode(Sha256::digest(script))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_leaves_with_its_attribute_and_scripts_are_known_by_hash() {
        let html = r#"<link href="a" crossorigin="N1" nonce="N1"><script nonce="N1">let a = 1 > 0;</script>
            <script src="b.js" nonce="N1"></script><script type="speculationrules" nonce="N1">{}</script>"#;
        let (plain, scripts) = inline_scripts(html, "N1").expect("a page to keep");
        assert!(
            plain.starts_with(r#"<link href="a" crossorigin="anonymous"><script>"#),
            "{plain}"
        );
        assert!(!plain.contains("nonce"), "{plain}");
        assert_eq!(scripts, ["let a = 1 > 0;", "{}"]);
        // From the example of CSP level 3, section 8.3.
        let source = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(hash_source("alert('Hello, world.');"), source);
    }

    #[test]
    fn a_page_that_shows_the_nonce_is_not_kept() {
        assert!(inline_scripts(r#"<script nonce="N1">"N1"</script>"#, "N1").is_none());
    }

    #[tokio::test]
    async fn what_is_left_open_is_filled_for_each_reader() {
        let html = format!(
            "<b>{name}</b><i title=\"{name}\">{face}</i>{cart}<script nonce=\"N\">1</script>",
            name = Own::Name.mark(),
            face = Own::Face.mark(),
            cart = Own::Cart.mark(),
        );
        let document = Document::without_nonce(&html, "N").expect("a page to keep");
        assert!(document.can_be_filled());
        for name in ["Mei", "Ångström &amp; Söhne", ""] {
            let own = vec![
                (Own::Cart, "<a>3</a>".to_owned()),
                (Own::Name, name.to_owned()),
                (Own::Face, "M".to_owned()),
            ];
            let body = to_bytes(document.fill(&own, None).into_body(), LARGEST).await;
            let filled =
                format!("<b>{name}</b><i title=\"{name}\">M</i><a>3</a><script>1</script>");
            assert_eq!(body.expect("a body"), filled);
        }
        let twice = format!("{html}{}", Own::Cart.mark());
        let document = Document::without_nonce(&twice, "N").expect("a page to keep");
        assert!(!document.can_be_filled());
    }
}
