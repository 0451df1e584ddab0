//! Sessions that end or change while requests with them are under way.

use crate::accounts::sessions::is_signed_in;
use crate::support::{Client, PASSWORD, TestServer, cookie_of, number};
use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use guildhall::accounts::{Role, User};
use guildhall::server::App;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A page that is answered when the test says so.
#[derive(Clone)]
struct SlowPage {
    came: Arc<Semaphore>,
    go_on: Arc<Semaphore>,
}

impl SlowPage {
    fn new() -> Self {
        Self {
            came: Arc::new(Semaphore::new(0)),
            go_on: Arc::new(Semaphore::new(0)),
        }
    }

    fn route(&self) -> Router<App> {
        let page = self.clone();
        Router::new().route(
            "/slow",
            get(async move || {
                page.came.add_permits(1);
                page.go_on.acquire().await.expect("goes on").forget();
                StatusCode::NO_CONTENT
            }),
        )
    }

    /// Asks for the page, does `meanwhile` once the request knows who it is, and gives the answer.
    async fn around(
        &self,
        client: &mut Client,
        meanwhile: impl Future<Output = ()>,
    ) -> crate::support::Answer {
        let meanwhile = async {
            self.came.acquire().await.expect("came").forget();
            meanwhile.await;
            self.go_on.add_permits(1);
        };
        let (answer, ()) = tokio::join!(client.get("/slow"), meanwhile);
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        answer
    }
}

struct Scene {
    server: TestServer,
    page: SlowPage,
    user: User,
    /// A browser of the user's, whose session is due to be noted as used.
    browser: Client,
}

impl Scene {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let page = SlowPage::new();
        let user = server.person(Role::Customer).await;
        let mut browser = server.client_with(page.route());
        let fields = [("email", &*user.email), ("password", PASSWORD)];
        let answer = browser.post("/login", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        server.app.clock.advance(301);
        Self {
            server,
            page,
            user,
            browser,
        }
    }

    async fn sessions(&self) -> i64 {
        number(&self.server.app, "SELECT COUNT(*) FROM sessions").await
    }

    async fn change_role(&self, role: &str) {
        let mut admin = self.server.program(Role::Admin).await;
        let path = format!("/api/v1/users/{}", self.user.id);
        let answer = admin
            .send_json(Method::PATCH, &path, json!({ "role": role }))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_request_under_way_does_not_bring_a_session_back() {
    for way in [
        "signed out",
        "all the others",
        "one of them",
        "password",
        "disabled",
    ] {
        let mut scene = Scene::new().await;
        let mut elsewhere = scene.server.sign_in(&scene.user).await;
        let mut before = scene.browser.clone();
        let mut same = scene.browser.clone();
        let mut admin = scene.server.program(Role::Admin).await;
        let user = scene.user.id;
        let meanwhile = async {
            let answer = match way {
                "signed out" => same.post("/logout", &[]).await,
                "all the others" => elsewhere.post("/account/sessions", &[]).await,
                "one of them" => {
                    let page = elsewhere.page("/account").await;
                    let id = page.split("name=\"id\" value=\"").nth(1).expect("an id");
                    let id = id.split('"').next().expect("an id").to_owned();
                    elsewhere.post("/account/sessions", &[("id", &id)]).await
                }
                "password" => {
                    let new = [
                        ("current_password", PASSWORD),
                        ("password", "harbour-violin-88"),
                    ];
                    elsewhere.post("/account/password", &new).await
                }
                _ => {
                    let path = format!("/api/v1/users/{user}");
                    admin.send_json(Method::DELETE, &path, json!(null)).await
                }
            };
            assert!(
                answer.status.is_redirection() || answer.status.is_success(),
                "{way}"
            );
        };
        let answer = scene.page.around(&mut scene.browser, meanwhile).await;
        assert_eq!(cookie_of(&answer, "session"), None, "{way}");
        assert!(!is_signed_in(&mut before).await, "{way}: it is over");
        let left = i64::from(way != "disabled");
        assert_eq!(scene.sessions().await, left, "{way}");
    }
}

#[tokio::test]
async fn a_late_request_leaves_the_new_cookie_alone() {
    let scene = Scene::new().await;
    let mut late = scene.browser.clone();
    let mut browser = scene.browser.clone();
    let fields = [("email", &*scene.user.email), ("password", PASSWORD)];
    let answer = browser.post("/login", &fields).await;
    let new = cookie_of(&answer, "session").expect("a new id");

    // Sent with the id before, it opens nothing, and says nothing of cookies.
    for (path, method) in [
        ("/account", Method::GET),
        ("/", Method::GET),
        ("/logout", Method::POST),
        ("/theme", Method::POST),
    ] {
        let answer = if method == Method::GET {
            late.get(path).await
        } else {
            late.post(path, &[("theme", "dark")]).await
        };
        assert_eq!(cookie_of(&answer, "session"), None, "{path}");
    }
    // Sent before, and answered after.
    let mut under_way = browser.clone();
    let again = async {
        let answer = browser.post("/login", &fields).await;
        assert_ne!(cookie_of(&answer, "session"), Some(new));
    };
    let answer = scene.page.around(&mut under_way, again).await;
    assert_eq!(cookie_of(&answer, "session"), None);
    assert!(is_signed_in(&mut browser).await);

    // What ends the session ends its cookie, once.
    let mut twin = browser.clone();
    let ended = browser.post("/logout", &[]).await;
    let cookie = cookie_of(&ended, "session").expect("is cleared");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    let again = twin.post("/logout", &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(cookie_of(&again, "session"), None);
}

#[tokio::test]
async fn a_new_role_signs_nobody_out_who_has_requests_under_way() {
    let scene = Scene::new().await;
    let before = scene.browser.clone();
    // The role changes while a request is under way: the next one brings the new id.
    let mut first = before.clone();
    let change = Box::pin(scene.change_role("staff"));
    scene.page.around(&mut first, change).await;
    let mut second = before.clone();
    let answer = second.get("/orders/all").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let new = cookie_of(&answer, "session").expect("a new id");
    assert_ne!(second.cookies["session"], before.cookies["session"]);

    // Those that were sent with the id before are answered, and bring the same.
    for path in ["/orders/all", "/account", "/cart"] {
        let answer = before.clone().get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(cookie_of(&answer, "session").as_ref(), Some(&new), "{path}");
    }
    assert_eq!(
        cookie_of(&second.get("/account").await, "session"),
        None,
        "idempotency_key"
    );
    assert_eq!(scene.sessions().await, 1);
    let page = before.clone().page("/account").await;
    assert_eq!(page.matches("This browser").count(), 1);

    // Seconds later the id before is worth nothing, and still clears no cookie.
    scene.server.app.clock.advance(11);
    let answer = before.clone().get("/account").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(cookie_of(&answer, "session"), None);
    assert!(is_signed_in(&mut second).await);
}

#[tokio::test]
async fn requests_that_see_the_new_role_at_once_bring_one_new_id() {
    let scene = Scene::new().await;
    scene.change_role("admin").await;
    let mut clients: Vec<Client> = (0..4).map(|_| scene.browser.clone()).collect();
    let requests = clients.iter_mut().map(|client| client.get("/admin/users"));
    let answers = futures_util::future::join_all(requests).await;
    let mut cookies: Vec<String> = Vec::new();
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::OK);
        cookies.extend(cookie_of(answer, "session"));
    }
    cookies.dedup();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    for client in &mut clients {
        assert!(is_signed_in(client).await);
    }
    assert_eq!(scene.sessions().await, 1);
}

#[tokio::test]
async fn signing_out_ends_the_session_under_both_its_ids() {
    for with_former in [true, false] {
        let scene = Scene::new().await;
        scene.change_role("staff").await;
        let former = scene.browser.clone();
        let mut renewed = former.clone();
        assert!(is_signed_in(&mut renewed).await);
        assert_ne!(renewed.cookies["session"], former.cookies["session"]);
        let mut leaves = if with_former { &former } else { &renewed }.clone();
        let answer = leaves.post("/logout", &[]).await;
        let cookie = cookie_of(&answer, "session").expect("is cleared");
        assert!(cookie.contains("Max-Age=0"), "{cookie}");
        for mut client in [former, renewed] {
            assert!(!is_signed_in(&mut client).await);
        }
        assert_eq!(scene.sessions().await, 0);
    }
}
