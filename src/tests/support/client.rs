//! A client of the router: a browser with its cookies, or a program with its token.

use crate::support::described;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use guildhall::accounts::User;
use http_body_util::BodyExt;
use serde_json::Value;
use std::collections::BTreeMap;
use tower::ServiceExt;

/// A browser with its cookies, or a program with its token.
#[derive(Clone)]
pub struct Client {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub token: Option<String>,
    /// The person whose client it is.
    pub user: Option<User>,
    /// The page the next request is made from.
    pub referer: Option<String>,
}

impl Client {
    /// A new visitor to this router.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            token: None,
            user: None,
            referer: None,
        }
    }

    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The same client, at another server.
    pub fn at(&self, router: &Router) -> Self {
        Self {
            router: router.clone(),
            ..self.clone()
        }
    }

    pub fn id(&self) -> i64 {
        self.user.as_ref().expect("somebody signed in").id
    }

    /// Opens a page, as a browser does.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], Body::empty())
            .await
    }

    /// Opens a page and expects to see it.
    pub async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "GET {path}: {}", answer.body);
        answer.body
    }

    /// Sends a form, as a browser without script does.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, path, &headers, Body::from(body))
            .await
    }

    /// Asks the JSON API.
    pub async fn api(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "*/*")], Body::empty())
            .await
    }

    /// Sends JSON to the API.
    pub async fn send_json(&mut self, method: Method, path: &str, body: Value) -> Answer {
        let headers = [
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(method, path, &headers, Body::from(body.to_string()))
            .await
    }

    /// Sends any request, with the cookies and the token, and keeps the cookies that come back.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("host", "guildhall.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(page) = &self.referer {
            request = request.header(header::REFERER, format!("http://guildhall.test{page}"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let request = request.body(body).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = body.collect().await.expect("a body").to_bytes();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        };
        described::check(&method, path, &answer);
        answer
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let (name, rest) = cookie.split_once('=').expect("name and value");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a readable header"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The `data` of the JSON API's envelope.
    pub fn data(&self) -> Value {
        let json = self.json();
        assert_eq!(json["code"], 0, "{json}");
        json["data"].clone()
    }

    /// The `code` of a refusal.
    pub fn code(&self) -> i64 {
        self.json()["code"].as_i64().expect("a code")
    }
}

/// The cookie with this name that the answer sets, with its attributes.
pub fn cookie_of(answer: &Answer, name: &str) -> Option<String> {
    let prefix = format!("{name}=");
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    let found = cookies.find(|cookie| cookie.as_bytes().starts_with(prefix.as_bytes()))?;
    Some(found.to_str().expect("a readable cookie").to_owned())
}
