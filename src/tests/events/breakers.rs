//! Breakers around outward calls: who fails too often is left alone for a while, and loses nothing.

use crate::support::company::Company;
use crate::support::eventually::eventually;
use crate::support::listener::{Answering, Listener};
use crate::support::number;
use crate::telemetry::Samples;
use axum::http::StatusCode;
use guildhall::server::config::{Config, OutboundConfig, Transport};
use guildhall::server::outbound::State;

/// A breaker that opens after three failures, for the shortest time.
fn quick(config: &mut Config) {
    config.webhooks.allow_private = true;
    config.outbound = OutboundConfig {
        breaker_failures: 3,
        breaker_open_seconds: 1,
        ..OutboundConfig::default()
    };
}

#[tokio::test]
async fn a_failing_subscriber_is_left_alone_and_keeps_its_tries() {
    let mut company = Company::open_with(quick).await;
    let (bad, good) = (Listener::start().await, Listener::start().await);
    company.subscribe(&bad.url(), "order.placed").await;
    company.subscribe(&good.url(), "order.placed").await;
    bad.fail(3);
    for _ in 0..5 {
        company.place(1, "wallet").await;
        company.deliver().await;
    }
    assert_eq!((bad.heard().len(), good.heard().len()), (3, 5));
    let untried = "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND tries = 0";
    assert_eq!(number(&company.server.app, untried).await, 2);
    // A while later it works again: all five arrive, each once.
    eventually(async || {
        company.wait(3_600);
        company.deliver().await;
        match bad.heard().len() {
            8 => Ok(()),
            heard => Err(format!("it heard {heard} of 8")),
        }
    })
    .await;
    let open = "SELECT COUNT(*) FROM deliveries WHERE state <> 'done'";
    assert_eq!(number(&company.server.app, open).await, 0);
}

#[tokio::test]
async fn a_refusal_by_a_subscriber_that_works_opens_nothing() {
    let mut company = Company::open_with(quick).await;
    let picky = Listener::start().await;
    company.subscribe(&picky.url(), "order.placed").await;
    picky.answer(vec![Answering::With(StatusCode::UNPROCESSABLE_ENTITY); 5]);
    for _ in 0..5 {
        company.place(1, "wallet").await;
        company.deliver().await;
    }
    assert_eq!(picky.heard().len(), 5);
}

#[tokio::test]
async fn without_a_mail_server_the_shop_goes_on_and_no_mail_is_given_up() {
    let mut company = Company::open_with(|config| {
        quick(config);
        config.mail.transport = Transport::Smtp;
        // Nobody listens there.
        config.mail.smtp_url = "smtp://127.0.0.1:9".to_owned();
    })
    .await;
    for _ in 0..5 {
        company.place(1, "invoice").await;
        company.deliver().await;
    }
    assert_eq!(company.server.app.mail_server.state(), State::Open);
    let tried = "SELECT COUNT(*) FROM deliveries WHERE consumer = 'mail' AND tries = 1";
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE consumer = 'mail' AND state = 'waiting'";
    let app = &company.server.app;
    assert_eq!(
        (number(app, tried).await, number(app, waiting).await),
        (3, 5)
    );
    let samples = Samples::of(&company.server).await;
    // Other tests of this process count there too.
    assert!(samples.value(r#"guildhall_breakers{service="smtp",state="open"}"#) >= 1);
    assert!(samples.value(r#"guildhall_breaker_changes_total{service="smtp",to="open"}"#) >= 1);
}
