//! Whole pages of the shop, kept for a moment for those who are nobody yet.
//!
//! A page that is the same for every visitor is rendered once, and sent as it is, compressed once as well.
//! Its inline scripts may run because the policy names their hashes, where other pages name a nonce. Anybody
//! with a session, a cart or a message waiting has cookies that say so, and gets a page of their own.

use super::cookies;
use super::pages::{self, framing};
use super::security::{content_security_policy, nonce_of};
use crate::error::AppError;
use crate::i18n::{Language, current};
use crate::server::App;
use crate::ui::Theme;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::{Arc, OnceLock};

/// The largest page that is kept, in bytes.
const LARGEST: usize = 1 << 20;

/// The longest address whose page is kept.
const LONGEST_ADDRESS: usize = 512;

/// The cookies that a kept page is made for; with any other the page is somebody's own.
const CHOICES: [&str; 3] = ["theme", "language", "single_keys"];

/// Everything that pages for visitors differ by.
#[derive(PartialEq, Eq, Hash)]
pub struct DocumentKey {
    address: String,
    language: Language,
    theme: Theme,
    single_keys: bool,
}

/// A page as text, in each coding that somebody accepted so far.
#[derive(Clone)]
pub struct Document(Arc<Parts>);

struct Parts {
    policy: HeaderValue,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

/// The coding of a body on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl DocumentKey {
    /// Returns the key of the page that the request asks for; `None` if it is not one for everybody.
    fn of(app: &App, request: &Request) -> Option<Self> {
        let address = request.uri().path_and_query()?.as_str();
        let is_kept = app.files.stylesheet().is_some()
            && request.method().is_safe()
            && address.len() <= LONGEST_ADDRESS
            && is_public(request.uri().path())
            && is_nobody(request.headers())
            && pages::is_first_hand(request);
        let framing = is_kept.then(|| framing(request))?;
        Some(Self {
            address: address.to_owned(),
            language: current(),
            theme: framing.theme,
            single_keys: framing.single_keys,
        })
    }
}

fn is_public(path: &str) -> bool {
    matches!(path, "/" | "/products" | "/login" | "/register") || path.starts_with("/products/")
}

fn is_nobody(headers: &HeaderMap) -> bool {
    !headers.contains_key(AUTHORIZATION)
        && cookies::names(headers).all(|name| CHOICES.contains(&name))
}

/// Answers with the page at the request's path: the kept one, or one rendered for this request.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    match DocumentKey::of(&app, &request) {
        Some(key) => serve_kept(app, key, request).await,
        None => render(app, request).await,
    }
}

/// On the heap: a page takes far more room than what leads to it.
async fn render(app: App, request: Request) -> Response {
    Box::pin(pages::render(State(app), request)).await
}

/// Renders the page only where none is kept. Those who ask at once for the same share one.
async fn serve_kept(app: App, key: DocumentKey, request: Request) -> Response {
    let coding = Coding::accepted(request.headers());
    let mut request = Some(request);
    let mut unkept = None;
    let keep = async || {
        let Some(request) = request.take() else {
            return Ok(None);
        };
        let response = render(app.clone(), request).await;
        let document = Document::read(response).await;
        Ok(document.map_err(|response| unkept = Some(response)).ok())
    };
    if let Ok(Some(document)) = app.shop.documents.get(key, keep).await {
        return document.answer(coding);
    }
    match (unkept, request) {
        (Some(response), _) => response,
        // Somebody asked at the same time, and got what is not for everybody.
        (None, Some(request)) => render(app, request).await,
        (None, None) => AppError::internal().into_response(),
    }
}

impl Document {
    /// Reads the page, or returns the response as it is if it is not one to keep.
    async fn read(response: Response) -> Result<Self, Response> {
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
            plain: html.into(),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        })))
    }

    /// Returns the size of the page in bytes, its compressed copies included.
    pub fn size(&self) -> usize {
        self.0.plain.len() * 3 / 2
    }

    fn answer(&self, coding: Coding) -> Response {
        let parts = &self.0;
        let (body, coding) = match coding {
            Coding::Plain => (&parts.plain, None),
            Coding::Gzip => (parts.gzip.get_or_init(|| gzip(&parts.plain)), Some("gzip")),
            Coding::Brotli => (
                parts.brotli.get_or_init(|| brotli(&parts.plain)),
                Some("br"),
            ),
        };
        let mut response = Body::from(body.clone()).into_response();
        let headers = response.headers_mut();
        headers.reserve(16);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(CONTENT_SECURITY_POLICY, parts.policy.clone());
        // As every page: Back asks for it again.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
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

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    // To a buffer in memory nothing can fail to be written.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default().into()
}

fn brotli(plain: &[u8]) -> Bytes {
    const QUALITY: u32 = 5;
    const WINDOW_BITS: u32 = 18;
    let mut encoded = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut encoded, 4096, QUALITY, WINDOW_BITS);
    let _ = encoder.write_all(plain);
    drop(encoder);
    encoded.into()
}

impl Coding {
    /// Returns the smallest coding that the client accepts (RFC 9110, section 12.5.3).
    fn accepted(headers: &HeaderMap) -> Self {
        let named = |name: &str| {
            let lines = headers.get_all(ACCEPT_ENCODING).iter();
            let lines = lines.filter_map(|line| line.to_str().ok());
            lines.flat_map(|line| line.split(',')).any(|one| {
                let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
                let weight = weight.trim().strip_prefix("q=");
                let refused = weight.is_some_and(|weight| weight.parse() == Ok(0.0));
                coding.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        match (named("br"), named("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;
    use std::io::Read;

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

    #[test]
    fn whoever_has_more_than_choices_is_somebody() {
        let nobody = |cookies: &'static str| {
            let value = HeaderValue::from_static(cookies);
            is_nobody(&HeaderMap::from_iter([(COOKIE, value)]))
        };
        assert!(is_nobody(&HeaderMap::new()));
        assert!(nobody("theme=dark; language=zh-CN;single_keys=off"));
        for cookies in [
            "session=1",
            "theme=dark; cart=1",
            "__Host-session=1",
            "flash=x",
            "theme",
            "=x",
        ] {
            assert!(!nobody(cookies), "{cookies}");
        }
        let token = HeaderValue::from_static("Bearer x");
        assert!(!is_nobody(&HeaderMap::from_iter([(AUTHORIZATION, token)])));
    }

    #[test]
    fn the_smallest_coding_that_is_accepted_is_sent() {
        for (line, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("GZIP", Coding::Gzip),
            ("gzip;q=0.000", Coding::Plain),
            ("identity", Coding::Plain),
            ("", Coding::Plain),
        ] {
            let value = HeaderValue::from_static(line);
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, value)]);
            assert_eq!(Coding::accepted(&headers), coding, "{line}");
        }
        assert_eq!(Coding::accepted(&HeaderMap::new()), Coding::Plain);
    }

    #[test]
    fn what_was_compressed_is_read_again() {
        let text = "键盘 and a keyboard, ".repeat(500);
        let (mut unzipped, mut unpacked) = (String::new(), String::new());
        let zipped = gzip(text.as_bytes());
        let packed = brotli(text.as_bytes());
        flate2::read::GzDecoder::new(&*zipped)
            .read_to_string(&mut unzipped)
            .expect("gzip");
        brotli::Decompressor::new(&*packed, 4096)
            .read_to_string(&mut unpacked)
            .expect("brotli");
        assert_eq!(
            (unzipped.as_str(), unpacked.as_str()),
            (text.as_str(), text.as_str())
        );
        assert!(packed.len() < text.len() / 20);
    }
}
