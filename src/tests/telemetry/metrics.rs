//! `/metrics`: what it counts, and that it stays small and sound whatever is asked for.

use super::samples::{Samples, promtool};
use crate::support::company::{Company, PRICE, post};
use crate::support::eventually::eventually;
use crate::support::process::{Server, read_all, text};
use crate::support::{TestServer, execute};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use guildhall::accounts::Role;
use guildhall::server::metrics_router;
use serde_json::json;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};

const DURATIONS: &str = "guildhall_http_request_duration_seconds";

fn count_of(route: &str, method: &str, status: &str) -> String {
    format!("{DURATIONS}_count{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}")
}

#[tokio::test]
async fn a_request_counts_under_the_template_of_its_route() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    visitor.page("/login").await;
    visitor.page("/login").await;
    for slug in ["one", "two", "three"] {
        visitor.get(&format!("/products/{slug}")).await;
    }
    visitor.api("/api/v1/products/1").await;
    visitor.api("/livez").await;
    visitor.get("/account").await;
    visitor
        .post("/login", &[("email", "x"), ("password", "y")])
        .await;
    let headers = [("accept", "application/json")];
    let function = "/fn/read_meters";
    visitor
        .send(Method::POST, function, &headers, Body::empty())
        .await;
    let samples = Samples::of(&server).await;
    for (route, method, status, count) in [
        ("/login", "GET", "2xx", 2),
        // The page that shows the refusal is asked of the router too, and is no request.
        ("/login", "POST", "4xx", 1),
        ("/products/{slug}", "GET", "4xx", 3),
        ("/api/v1/products/{id}", "GET", "4xx", 1),
        ("/livez", "GET", "2xx", 1),
        ("/account", "GET", "3xx", 1),
        (function, "POST", "4xx", 1),
    ] {
        assert_eq!(samples.value(&count_of(route, method, status)), count);
    }
    assert_eq!(samples.value("guildhall_http_requests_in_flight"), 0);
}

#[tokio::test]
async fn whatever_is_asked_for_the_series_are_bounded() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    for number in 0..40 {
        for path in ["/zebra", "/fn/zebra", "/pkg/zebra", "/products/zebra"] {
            visitor.get(&format!("{path}-{number}")).await;
        }
        let method = Method::from_bytes(format!("LOOK{number}").as_bytes()).expect("a method");
        visitor.send(method, "/login", &[], Body::empty()).await;
    }
    let samples = Samples::of(&server).await;
    assert!(
        !samples.0.contains("zebra") && !samples.0.contains("LOOK"),
        "{}",
        samples.0
    );
    assert_eq!(samples.value(&count_of("other", "GET", "4xx")), 120);
    assert_eq!(samples.value(&count_of("/login", "other", "4xx")), 40);
    let durations = samples.series();
    let series = durations.filter(|(name, _)| name.starts_with(&format!("{DURATIONS}_count")));
    assert_eq!(series.count(), 3, "{}", samples.0);
}

#[tokio::test]
async fn a_panic_and_a_client_that_hangs_up_are_counted() {
    let server = TestServer::start().await;
    let more = Router::new()
        .route(
            "/panics",
            get(async || -> &'static str { panic!("on purpose") }),
        )
        .route("/waits", get(std::future::pending::<&'static str>));
    let mut client = server.client_with(more);
    client.get("/panics").await;
    let waiting = {
        let mut client = client.clone();
        tokio::spawn(async move { client.get("/waits").await })
    };
    eventually(async || match Samples::of(&server).await {
        samples if samples.value("guildhall_http_requests_in_flight") == 1 => Ok(()),
        _ => Err("nothing is in flight"),
    })
    .await;
    waiting.abort();
    assert!(waiting.await.is_err());
    let samples = Samples::of(&server).await;
    assert_eq!(samples.value(&count_of("/panics", "GET", "5xx")), 1);
    assert_eq!(samples.value("guildhall_http_requests_abandoned_total"), 1);
    assert_eq!(samples.value("guildhall_http_requests_in_flight"), 0);
}

#[tokio::test]
async fn figures_of_the_business_are_those_of_the_database() {
    let mut company = Company::open().await;
    let order = company.place(2, "wallet").await;
    for step in ["pack", "ship"] {
        company.step(&order, step, json!({})).await;
    }
    company.place(1, "invoice").await;
    company.product("Cable", 500, 0).await;
    let samples = Samples::of(&company.server).await;
    for (series, value) in [
        ("guildhall_orders{status=\"shipped\"}", 1),
        ("guildhall_orders{status=\"placed\"}", 1),
        ("guildhall_orders{status=\"refunded\"}", 0),
        ("guildhall_products", 2),
        ("guildhall_stock_outs", 1),
        ("guildhall_conserved{law=\"stock\"}", 1),
        ("guildhall_conserved{law=\"books\"}", 1),
        ("guildhall_conserved{law=\"orders\"}", 1),
        ("guildhall_deliveries_dead", 0),
        ("guildhall_inbox_messages{state=\"parked\"}", 0),
    ] {
        assert_eq!(samples.value(series), value, "{series}");
    }
    let transfers = company.count("transfers").await;
    assert!(transfers >= 2);
    assert_eq!(samples.value("guildhall_ledger_transfers"), transfers);
    let waiting = company.count("outbox WHERE dispatched_at IS NULL").await;
    assert!(waiting >= 2);
    assert_eq!(samples.value("guildhall_outbox_undispatched"), waiting);
    let revenue = samples.value("guildhall_revenue_minor_units{currency=\"CNY\"}");
    assert!(revenue >= 2 * PRICE, "{revenue}");
}

#[tokio::test]
async fn a_broken_law_shows() {
    let company = Company::open().await;
    execute(company.app(), "UPDATE products SET on_hand = on_hand - 1").await;
    let samples = Samples::of(&company.server).await;
    assert_eq!(samples.value("guildhall_conserved{law=\"stock\"}"), 0);
    assert_eq!(samples.value("guildhall_conserved{law=\"books\"}"), 1);
}

#[tokio::test]
async fn caches_pools_limits_and_deliveries_are_counted() {
    let mut company = Company::open_with(|config| config.limits.writes_per_person = 3).await;
    for _ in 0..5 {
        company.mei.api("/api/v1/products").await;
    }
    let mut refused = 0;
    for _ in 0..6 {
        let answer = post(&mut company.mei, "/api/v1/orders", json!({})).await;
        refused += i64::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0);
    guildhall::events::deliver_due(company.app())
        .await
        .expect("works");
    let samples = Samples::of(&company.server).await;
    let cache = |result| {
        samples.value(&format!(
            "guildhall_cache_requests_total{{cache=\"answers\",result=\"{result}\"}}"
        ))
    };
    assert_eq!(cache("hit") + cache("miss"), 5);
    assert!(cache("miss") >= 1);
    assert_eq!(
        samples.value("guildhall_limit_refusals_total{limit=\"person\"}"),
        refused
    );
    assert_eq!(
        samples.value("guildhall_limit_refusals_total{limit=\"staff\"}"),
        0
    );
    let pool = if crate::support::on_postgres() {
        "postgres"
    } else {
        "readers"
    };
    let of = |name: &str| samples.value(&format!("guildhall_{name}{{pool=\"{pool}\"}}"));
    assert_eq!(of("db_connections_max"), 4);
    assert_eq!(of("db_waiting"), 0);
    assert!(of("db_wait_seconds_count") > 5);
}

#[tokio::test]
async fn without_the_database_the_rest_is_still_shown() {
    let server = TestServer::start().await;
    server.visitor().page("/login").await;
    server.app.db.close().await;
    let samples = Samples::of(&server).await;
    assert_eq!(samples.value(&count_of("/login", "GET", "2xx")), 1);
    assert!(!samples.has("guildhall_figures_timestamp_seconds"));
}

#[tokio::test]
async fn the_shop_itself_shows_no_metrics() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Admin).await;
    assert_eq!(staff.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let mut scraper = crate::support::Client::new(metrics_router(server.app.clone()));
    assert_eq!(scraper.api("/livez").await.status, StatusCode::NOT_FOUND);
}

/// From a server in a process of its own, over its own listener, past some load.
#[tokio::test]
async fn promtool_finds_nothing_wrong_with_what_a_running_server_shows() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let variables = [("GUILDHALL_TELEMETRY_METRICS_ADDR", &*address.to_string())];
    let server = Server::start(&variables).await;
    for path in ["/", "/login", "/products", "/api/v1/products", "/zebra"] {
        ask(server.address, path);
    }
    let answer = eventually(async || match TcpStream::connect(address) {
        Ok(_) => Ok(ask(address, "/metrics")),
        Err(error) => Err(error),
    })
    .await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(
        head.starts_with("HTTP/1.0 200") || head.starts_with("HTTP/1.1 200"),
        "{head}"
    );
    for name in [
        "process_cpu_seconds_total ",
        "process_resident_memory_bytes ",
        "process_open_fds ",
        "process_start_time_seconds ",
        "guildhall_build_info{version=",
        "guildhall_tokio_workers ",
        "guildhall_tokio_busy_seconds_total ",
        "guildhall_connections ",
        "guildhall_figures_timestamp_seconds ",
    ] {
        assert!(
            body.lines().any(|line| line.starts_with(name)),
            "{name}\n{body}"
        );
    }
    let Some(judged) = promtool(&["check", "metrics"], body) else {
        return;
    };
    let said = text(&judged.stdout) + &text(&judged.stderr);
    assert!(judged.status.success() && said.is_empty(), "{said}\n{body}");
}

fn ask(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connects");
    let request = format!("GET {path} HTTP/1.0\r\nhost: 127.0.0.1\r\naccept: */*\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sends");
    read_all(&mut stream)
}
