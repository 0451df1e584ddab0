//! Traces: one tree from a request to the webhook that tells of it, received as a collector does.

use crate::support::broker::Broker;
use crate::support::company::{Company, post};
use crate::support::eventually::eventually;
use crate::support::listener::Listener;
use crate::support::process::{Server, read_all};
use crate::support::redis::RedisServer;
use crate::support::{execute, postgres_host};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post as posted;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Word;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message;
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A collector within the test.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Span>>>);

impl Collector {
    /// Returns it with its address.
    async fn start() -> (Self, String) {
        let collector = Self::default();
        let kept = collector.clone();
        let take = posted(async move |body: Bytes| kept.take(body));
        let router = Router::new().route("/v1/traces", take);
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = socket.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(socket, router).await });
        (collector, format!("http://{address}"))
    }

    fn take(&self, body: Bytes) {
        let request = ExportTraceServiceRequest::decode(body).expect("protobuf");
        let mut spans = self.0.lock().expect("whole");
        for resource in request.resource_spans {
            let named = resource.resource.expect("a resource").attributes;
            assert!(named.iter().any(|it| it.key == "service.name"), "{named:?}");
            spans.extend(resource.scope_spans.into_iter().flat_map(|it| it.spans));
        }
    }

    /// The names of what is right below the span.
    fn below(&self, span: &Span) -> Vec<String> {
        let mut spans = self.spans();
        spans.retain(|it| it.parent_span_id == span.span_id);
        spans.into_iter().map(|it| it.name).collect()
    }

    fn spans(&self) -> Vec<Span> {
        self.0.lock().expect("whole").clone()
    }

    /// The first span with a name that fits, with the names of those above it, the root first.
    fn find(&self, fits: impl Fn(&Span) -> bool) -> Result<(Span, Vec<String>), String> {
        let spans = self.spans();
        let Some(found) = spans.iter().find(|span| fits(span)) else {
            let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
            return Err(format!("not among {names:#?}"));
        };
        let mut above = Vec::new();
        let mut at = found;
        while let Some(parent) = spans.iter().find(|it| it.span_id == at.parent_span_id) {
            above.insert(0, parent.name.clone());
            at = parent;
        }
        Ok((found.clone(), above))
    }
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|it| it.key == key)?;
    match found.value.clone()?.value? {
        Word::StringValue(text) => Some(text),
        Word::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}

/// A server of this company in a process of its own, with its traces sent to the collector.
async fn serve(company: &Company, endpoint: &str, per_thousand: &str, slow: &str) -> Server {
    serve_with(company, endpoint, per_thousand, slow, &[]).await
}

/// The same, with more settings.
async fn serve_with(
    company: &Company,
    endpoint: &str,
    per_thousand: &str,
    slow: &str,
    more: &[(&str, &str)],
) -> Server {
    let config = &company.app().config;
    let mut variables = vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("GUILDHALL_TELEMETRY_TRACES_PER_THOUSAND", per_thousand),
        ("GUILDHALL_TELEMETRY_SLOW_REQUEST_MILLISECONDS", slow),
        ("GUILDHALL_WEBHOOKS_ALLOW_PRIVATE", "true"),
        // So that it takes the tokens that were given out before.
        (
            "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
            config.accounts.token_secret.as_str(),
        ),
    ];
    variables.extend(more);
    Server::start_on(&config.database.url, &variables).await
}

fn ask(server: &Server, line: &str, headers: &str, body: &str) -> String {
    let mut stream = server.connect();
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sends");
    read_all(&mut stream)
}

/// Places an order there, as the caller of a trace.
fn order_within_a_trace(company: &Company, server: &Server) {
    let token = company.mei.token.clone().expect("a token");
    let headers = format!(
        "content-type: application/json\r\nauthorization: Bearer {token}\r\n\
         idempotency-key: once\r\ntraceparent: 00-{TRACE}-{CALLER}-01\r\n"
    );
    let order = company.order(2, "invoice", "standard").to_string();
    let answer = ask(server, "POST /api/v1/orders", &headers, &order);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[tokio::test]
async fn one_trace_leads_from_the_request_through_the_outbox_to_the_webhook() {
    let mut company = Company::open_with(|config| config.webhooks.allow_private = true).await;
    let listener = Listener::start().await;
    let url = format!("http://127.0.0.1:{}/", listener.port);
    let body = json!({ "url": url, "events": ["order.placed"] });
    let answer = post(&mut company.staff, "/api/v1/webhooks", body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.body);
    let (collector, endpoint) = Collector::start().await;
    let server = serve(&company, &endpoint, "1000", "600000").await;
    order_within_a_trace(&company, &server);
    let wanted = |name: &'static str| move |span: &Span| span.name == name;
    let (root, above) = eventually(async || collector.find(wanted("POST /api/v1/orders"))).await;
    assert_eq!(above, [""; 0]);
    assert_eq!(hex::encode(&root.trace_id), TRACE);
    assert_eq!(hex::encode(&root.parent_span_id), CALLER);
    assert_eq!(root.kind(), SpanKind::Server);
    let status = attribute(&root, "http.response.status_code");
    assert_eq!(status.as_deref(), Some("201"));
    let (webhook, above) = eventually(async || collector.find(wanted("POST webhook"))).await;
    let way = [
        "POST /api/v1/orders",
        "api /api/v1/orders",
        "place_order",
        "publish order.placed",
        "deliver order.placed to webhook",
    ];
    assert_eq!(above, way);
    assert_eq!(webhook.kind(), SpanKind::Client);
    // Its receiver goes on with the same trace.
    let heard = eventually(async || listener.heard().pop().ok_or("nothing was heard")).await;
    let parent = format!("00-{TRACE}-{}-01", hex::encode(&webhook.span_id));
    assert_eq!(heard.header("traceparent"), parent);
    let outbox = "INSERT INTO outbox (topic";
    for (text, below) in [("INSERT INTO orders", "place_order"), (outbox, "publish ")] {
        let statement =
            |span: &Span| attribute(span, "db.query.text").is_some_and(|sql| sql.contains(text));
        let (span, above) = collector.find(statement).expect("a statement");
        assert_eq!(above[..3], way[..3], "{text}");
        assert!(above.last().is_some_and(|it| it.starts_with(below)));
        let sql = attribute(&span, "db.query.text").expect("its text");
        let has_placeholders = sql.contains("$1") || sql.contains('?');
        assert!(has_placeholders && !sql.contains("Tower Street"), "{sql}");
    }
    // Who asks was looked up first, which nobody had done before, and the order waited for its turn.
    let looked_up = |span: &Span| span.name == "cache bearers";
    let (span, above) = collector.find(looked_up).expect("a cache");
    assert_eq!(above, way[..1]);
    assert_eq!(attribute(&span, "cache.result").as_deref(), Some("made"));
    let below = collector.below(&span);
    assert!(below.iter().any(|it| it.starts_with("SELECT")), "{below:?}");
    let (placed, _) = collector.find(wanted("place_order")).expect("a use case");
    let below = collector.below(&placed);
    let turn = match postgres_host() {
        None => "lock writer",
        // There a lock is taken by a statement.
        Some(_) => "SELECT pg_advisory_xact_lock($1, $2)",
    };
    assert!(below.iter().any(|it| it == turn), "{below:?}");
    let others = collector.spans();
    let ours = others
        .iter()
        .filter(|span| hex::encode(&span.trace_id) == TRACE);
    assert!(ours.clone().count() > 10);
    assert!(
        ours.clone()
            .all(|span| span.end_time_unix_nano >= span.start_time_unix_nano)
    );
}

#[tokio::test]
async fn one_trace_leads_through_the_broker_to_the_webhook() {
    let broker = Broker::start().await;
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    let (collector, endpoint) = Collector::start().await;
    let server = serve_with(
        &company,
        &endpoint,
        "1000",
        "600000",
        &[("NATS_URL", &broker.url())],
    )
    .await;
    let context = broker.client().await;
    // Before it pulls from the broker it would deliver from the database.
    eventually(async || {
        let stream = context.get_stream("GUILDHALL").await;
        let stream = stream.map_err(|error| error.to_string())?;
        let pulled = stream.consumer_info("webhook-1").await;
        pulled.map_err(|error| error.to_string())
    })
    .await;
    order_within_a_trace(&company, &server);
    let posted = |span: &Span| span.name == "POST webhook";
    let (_, above) = eventually(async || {
        let (span, above) = collector.find(posted)?;
        // Spans arrive in parts: those above may come later.
        match above.len() {
            6.. => Ok((span, above)),
            _ => Err(format!("only {above:?}")),
        }
    })
    .await;
    assert_eq!(
        above[2..],
        [
            "place_order",
            "publish order.placed",
            "send order.placed",
            "deliver order.placed to webhook",
        ]
    );
}

// Its requests block a thread, and the collector needs one.
#[tokio::test(flavor = "multi_thread")]
async fn a_trace_shows_what_redis_was_asked_and_which_server_has_a_lock() {
    let redis = RedisServer::start().await;
    let company = Company::open().await;
    let (collector, endpoint) = Collector::start().await;
    let url = redis.url();
    let variables = [
        ("REDIS_URL", url.as_str()),
        // The machine may be busy.
        ("GUILDHALL_REDIS_TIMEOUT_MILLISECONDS", "5000"),
        ("GUILDHALL_SHOP_CACHE_MILLISECONDS", "600000"),
    ];
    let serve = async || serve_with(&company, &endpoint, "1000", "600000", &variables).await;
    let servers = [serve().await, serve().await];
    let mut prices = 1..;
    // The first keeps in Redis what it makes, and the second finds it there; both do without until it is there.
    for result in ["made", "shared"] {
        let (_, above) = eventually(async || {
            let price = prices.next().unwrap_or(1);
            for server in &servers {
                let path = format!("GET /api/v1/products?min_price={price}");
                let answer = ask(server, &path, "", "");
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            }
            collector.find(|span| {
                span.name == "cache answers"
                    && attribute(span, "cache.result").as_deref() == Some(result)
                    && collector
                        .below(span)
                        .contains(&"redis MGET PTTL".to_owned())
            })
        })
        .await;
        assert_eq!(above, ["GET /api/v1/products"]);
    }
    let (_, above) = eventually(async || {
        let is_token = |sql: String| sql.contains("INSERT INTO locks");
        collector.find(|span| attribute(span, "db.query.text").is_some_and(is_token))
    })
    .await;
    assert!(above[0].starts_with("lock "), "{above:?}");
}

#[tokio::test]
async fn of_what_is_not_sampled_only_what_failed_is_kept() {
    let company = Company::open().await;
    let (collector, endpoint) = Collector::start().await;
    let server = serve(&company, &endpoint, "0", "600000").await;
    for path in ["/livez", "/login", "/api/v1/products", "/nothing"] {
        ask(&server, &format!("GET {path}"), "", "");
    }
    execute(company.app(), "ALTER TABLE products RENAME TO elsewhere").await;
    let answer = ask(&server, "GET /api/v1/products?limit=7", "", "");
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    let failed = |span: &Span| span.name == "GET /api/v1/products";
    let (root, _) = eventually(async || collector.find(failed)).await;
    let spans = collector.spans();
    assert!(
        spans.iter().all(|span| span.trace_id == root.trace_id),
        "{spans:#?}"
    );
    let asked = |span: &Span| attribute(span, "db.query.text").is_some();
    let (_, above) = collector.find(asked).expect("what was asked for");
    assert_eq!(above, ["GET /api/v1/products", "cache answers"]);
    let id = hex::encode(&root.trace_id);
    assert!(answer.contains(&format!("x-request-id: {id}")), "{answer}");
}

#[tokio::test]
async fn a_request_that_took_long_is_kept() {
    let company = Company::open().await;
    let (collector, endpoint) = Collector::start().await;
    let server = serve(&company, &endpoint, "0", "0").await;
    ask(&server, "GET /livez", "", "");
    eventually(async || collector.find(|span| span.name == "GET /livez")).await;
}

#[tokio::test]
async fn a_collector_that_is_away_holds_nobody_up() {
    let company = Company::open().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let mut server = serve(&company, &endpoint, "1000", "0").await;
    for _ in 0..50 {
        let answer = ask(&server, "GET /api/v1/products", "", "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    server.signal("TERM");
    assert_eq!(server.exit_code().await, Some(0));
}
