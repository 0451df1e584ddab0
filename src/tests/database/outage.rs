//! A PostgreSQL that goes away and comes back, and a handler that panics.

use crate::support::company::{Company, Opening};
use crate::support::eventually::eventually;
use crate::support::forms::{field, form_of};
use crate::support::{Client, TestServer, postgres_host};
use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use guildhall::server::config::Config;
use guildhall::server::router_with;
use serde_json::json;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Stands between the server and its database.
struct Wire {
    address: SocketAddr,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections end at once, as when the database has stopped.
    Cut,
    /// Nothing gets through and nothing ends, as when the network is gone.
    Silent,
}

/// The time a request may wait for a database that is away: long enough to see that it waits once, and
/// not for each of what it needs the database for.
const WAIT: u64 = 5;

impl Wire {
    async fn to(database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (state, watched) = watch::channel(State::Whole);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, database.clone(), watched.clone()));
            }
        });
        Self { address, state }
    }

    /// Has a server reach its database by this wire.
    fn lead(&self, config: &mut Config, database: &str) {
        let by_wire = self.address.to_string();
        config.database.url = config.database.url.replace(database, &by_wire);
    }

    fn set(&self, state: State) {
        self.state.send_replace(state);
    }
}

/// Passes everything on for as long as the wire is whole.
async fn carry(mut client: TcpStream, database: String, mut state: watch::Receiver<State>) {
    let talk = async {
        let mut server = TcpStream::connect(&database).await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await
    };
    let broken = async |state: &mut watch::Receiver<State>| {
        // An error means that the test is over.
        state.wait_for(|state| *state != State::Whole).await.is_ok()
    };
    let mut ending = state.clone();
    tokio::select! {
        _ = talk => return,
        _ = broken(&mut state) => {}
    }
    // Held, so that it neither answers nor ends.
    let _ = ending.wait_for(|state| *state != State::Silent).await;
}

/// Polls `/api/health` until it answers with this status, and gives how long that took.
async fn until_health_is(probe: &mut Client, status: StatusCode) -> Duration {
    let began = Instant::now();
    let answer = eventually(async || {
        let answer = probe.api("/api/health").await;
        match answer.status == status {
            true => Ok(answer),
            false => Err(format!("health is {}", answer.status)),
        }
    });
    let (word, database) = match status {
        StatusCode::OK => ("ok", "connected"),
        _ => ("degraded", "disconnected"),
    };
    let body = json!({ "status": word, "database": database });
    assert_eq!(answer.await.json(), body);
    began.elapsed()
}

/// An error where it took longer than `most`.
fn within(most: Duration, took: Duration) -> Result<(), String> {
    match took < most {
        true => Ok(()),
        false => Err(format!("it took {took:?}, more than {most:?}")),
    }
}

#[tokio::test]
async fn health_follows_a_postgresql_that_goes_and_comes_back() {
    let Some(host) = postgres_host() else {
        // A file does not go away: what health says of a SQLite that fails is in http/gates.rs.
        eprintln!("left out: PostgreSQL alone is at the end of a wire");
        return;
    };
    let wire = Wire::to(host.clone()).await;
    let server = TestServer::start_with(|config| wire.lead(config, &host)).await;
    let mut probe = server.visitor();
    until_health_is(&mut probe, StatusCode::OK).await;

    for state in [State::Cut, State::Silent] {
        let away = StatusCode::SERVICE_UNAVAILABLE;
        // A busy machine may delay one try, but not each of them.
        eventually(async || {
            wire.set(State::Whole);
            until_health_is(&mut probe, StatusCode::OK).await;
            wire.set(state);
            let took = until_health_is(&mut probe, away).await;
            within(Duration::from_secs(2), took)
        })
        .await;
        assert_eq!(probe.api("/readyz").await.status, away);
        assert_eq!(probe.api("/livez").await.status, StatusCode::OK);
        let page = probe.get("/products").await;
        assert_eq!(page.status, away);
        assert!(page.header("content-type").starts_with("text/html"));

        wire.set(State::Whole);
        until_health_is(&mut probe, StatusCode::OK).await;
        probe.page("/products").await;
    }
}

#[tokio::test]
async fn the_shop_is_shown_as_it_was_while_postgresql_is_away() {
    let Some(host) = postgres_host() else {
        eprintln!("left out: PostgreSQL alone is at the end of a wire");
        return;
    };
    let wire = Wire::to(host.clone()).await;
    let server = TestServer::start_in_production_with(|config| wire.lead(config, &host)).await;
    let company = Company::open_on(server, Opening::default()).await;
    let [_, mut mei] = company.browsers().await;
    let mut visitor = company.server.visitor();
    let (list, one) = (
        "/api/v1/products",
        format!("/api/v1/products/{}", company.product),
    );
    let as_it_was = visitor.page("/products").await;
    let (all, product) = (visitor.api(list).await, visitor.api(&one).await);
    let notice = "The database cannot be reached";
    assert!(!as_it_was.contains(notice));

    wire.set(State::Cut);
    // Once their moment is over.
    for (who, client) in [("a visitor", &mut visitor), ("a customer", &mut mei)] {
        eventually(async || {
            let page = client.get("/products").await;
            let stale = page.body.contains(notice);
            match (page.status, stale) {
                (StatusCode::OK, true) => {
                    assert!(
                        page.header("cache-status")
                            .starts_with("guildhall; hit; ttl=-")
                    );
                    assert!(page.body.contains("headphones"), "{}", page.body);
                    Ok(())
                }
                (status, stale) => Err(format!("{who} gets {status}; marked: {stale}")),
            }
        })
        .await;
    }
    for (path, was) in [(list, &all), (one.as_str(), &product)] {
        let answer = eventually(async || {
            let answer = visitor.api(path).await;
            let marked = answer.headers.contains_key("cache-status");
            if marked {
                Ok(answer)
            } else {
                Err("not marked")
            }
        })
        .await;
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, &was.body));
    }
    // What decides is never from memory, and what was never asked for is in none.
    let away = StatusCode::SERVICE_UNAVAILABLE;
    let product = company.product.to_string();
    let add = [("product_id", product.as_str()), ("quantity", "1")];
    assert_eq!(mei.post("/cart/items", &add).await.status, away);
    assert_eq!(mei.get("/cart").await.status, away);
    assert_eq!(visitor.get("/products?q=never").await.status, away);

    wire.set(State::Whole);
    for client in [&mut visitor, &mut mei] {
        eventually(async || {
            let page = client.get("/products").await;
            let whole = page.status == StatusCode::OK && !page.body.contains(notice);
            if whole { Ok(()) } else { Err(page.status) }
        })
        .await;
    }
}

#[tokio::test]
async fn of_several_addresses_one_that_is_there_is_used() {
    let Some(host) = postgres_host() else {
        eprintln!("left out: PostgreSQL alone has addresses");
        return;
    };
    let wires = [Wire::to(host.clone()).await, Wire::to(host.clone()).await];
    let server = TestServer::start_with(|config| {
        let both = wires.each_ref().map(|wire| wire.address.to_string());
        config.database.url = config.database.url.replace(&host, &both.join(","));
        // Every try is a sign-in that fails.
        config.accounts.sign_in_tries = 10_000;
    })
    .await;
    let mut probe = server.visitor();
    until_health_is(&mut probe, StatusCode::OK).await;
    // The one in use is lost, the other takes over, and is lost in its turn when the first is back.
    for away in [State::Cut, State::Silent, State::Cut] {
        for lost in [0, 1] {
            wires[1 - lost].set(State::Whole);
            wires[lost].set(away);
            // An answer that takes the database, which health may have heard from a moment ago.
            let login = json!({ "email": "a@example.com", "password": "whatever it is" });
            eventually(async || {
                let path = "/api/v1/auth/login";
                let answer = probe.send_json(Method::POST, path, login.clone()).await;
                match answer.status {
                    StatusCode::UNAUTHORIZED => Ok(()),
                    other => Err(format!("without address {lost}: {other}")),
                }
            })
            .await;
        }
    }
    wires[0].set(State::Cut);
    until_health_is(&mut probe, StatusCode::SERVICE_UNAVAILABLE).await;
}

/// With nobody listening, the driver tries again until its time is over, and so for each connection that a
/// request asks for. On SQLite somebody else has the writer all the time.
#[tokio::test]
async fn a_database_that_is_away_is_waited_for_once_a_request() {
    let host = postgres_host();
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = nobody.local_addr().expect("an address").to_string();
    drop(nobody);
    let server = TestServer::start_with(|config| {
        if let Some(host) = &host {
            config.database.url = config.database.url.replace(host, &address);
        }
        config.database.acquire_timeout_seconds = WAIT;
    })
    .await;
    let reads_wait = host.is_some();
    let _holder = match reads_wait {
        true => None,
        false => Some(server.app.db.write().await.expect("begins")),
    };
    let form = [
        ("email", "a@example.com"),
        ("password", "whatever it is"),
        ("name", "Ann"),
    ];
    let login = json!({ "email": "a@example.com", "password": "whatever it is" });
    let wait = async |path: &str| {
        let mut visitor = server.visitor();
        // A session and a cart that have to be looked up.
        visitor
            .cookies
            .insert("session".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
        visitor
            .cookies
            .insert("cart".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
        let began = Instant::now();
        let answer = match path.starts_with("/api") {
            true => visitor.send_json(Method::POST, path, login.clone()).await,
            false => visitor.post(path, &form).await,
        };
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        began.elapsed()
    };
    // A busy machine may delay one try, but not each of them.
    let once = Duration::from_secs(2 * WAIT - 2);
    let ask = async |path: &str| {
        eventually(async || within(once, wait(path).await)).await;
    };
    tokio::join!(
        ask("/login"),
        ask("/register"),
        ask("/api/v1/auth/login"),
        async {
            // On SQLite a session is looked up without the writer.
            if reads_wait {
                ask("/logout").await;
            }
        }
    );
}

#[tokio::test]
async fn a_panic_is_a_500_and_the_server_lives_on() {
    let server = TestServer::start().await;
    let panics = get(async || -> &'static str { panic!("a fault of ours") });
    let router = router_with(server.app.clone(), Router::new().route("/panics", panics));
    let mut visitor = Client::new(router);

    let answer = visitor.api("/panics").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.code(), 1500);
    assert_eq!(answer.json()["trace_id"], answer.header("x-request-id"));
    assert!(!answer.body.contains("a fault of ours"), "{}", answer.body);

    let page = visitor.get("/panics").await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        page.body.contains("site-header"),
        "with the frame around it"
    );
    assert!(page.body.contains(page.header("x-request-id")));
    assert!(!page.body.contains("a fault of ours"));

    visitor.page("/products").await;
    assert_eq!(visitor.api("/api/health").await.status, StatusCode::OK);
}

/// Forms that are posted while the database cannot be written to, and while it cannot be reached at all.
#[tokio::test]
async fn what_cannot_be_saved_is_said_to_be_so_and_can_be_sent_again() {
    let host = postgres_host();
    let wire = match &host {
        Some(host) => Some((Wire::to(host.clone()).await, host)),
        None => None,
    };
    let server = TestServer::start_with(|config| {
        if let Some((wire, host)) = &wire {
            wire.lead(config, host);
        }
    })
    .await;
    let company = Company::open_on(server, Opening::default()).await;
    let [_, mut mei] = company.browsers().await;
    let product = company.product.to_string();
    let add = [("product_id", product.as_str()), ("quantity", "3")];
    let task = [("title", "Call \"the <press>\"")];
    let holder = match &wire {
        None => Some(company.app().db.write().await.expect("begins")),
        Some((wire, _)) => {
            wire.set(State::Cut);
            None
        }
    };
    let words = [
        ("en", "What you entered is not lost"),
        ("zh-CN", "您填写的内容没有丢失"),
    ];
    for (language, words) in words {
        mei.cookies.insert("language".into(), language.into());
        for (action, typed) in [("/cart/items", &add[..]), ("/tasks", &task[..])] {
            let answer = mei.post(action, typed).await;
            let page = &answer.body;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
            assert_eq!(answer.header("retry-after"), "1");
            assert!(page.contains(words), "{page}");
            let again = form_of(page, action);
            for (name, value) in typed {
                let value = html_escape::encode_double_quoted_attribute(value);
                assert_eq!(field(again, name), value, "{page}");
            }
        }
        // A password is not written into a page.
        let mut visitor = company.server.visitor();
        let person = [
            ("email", "a@b.test"),
            ("password", "whatever it is"),
            ("name", "Ann"),
        ];
        let answer = visitor.post("/register", &person).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!answer.body.contains("whatever it is"), "{}", answer.body);
        assert_eq!(
            field(form_of(&answer.body, "/register"), "email"),
            "a@b.test"
        );
    }
    let (path, line) = (
        format!("/api/v1/cart/items/{product}"),
        json!({ "quantity": 3 }),
    );
    let mut program = company.mei.clone();
    let answer = program.send_json(Method::PUT, &path, line).await;
    assert_eq!(answer.code(), 1503, "{}", answer.body);
    assert!(answer.body.contains(words[0].1), "{}", answer.body);
    if let Some((wire, _)) = &wire {
        wire.set(State::Whole);
    }
    drop(holder);
    eventually(async || match mei.post("/cart/items", &add).await.status {
        StatusCode::SEE_OTHER => Ok(()),
        other => Err(other),
    })
    .await;
}
