//! `guildhall duel`: many buyers compete for the last units of a product on a running server.
//!
//! It creates a product and the buyers, lets them all order at the same moment, counts who got one,
//! and cleans up.

use super::duel_client::{Answer, Client};
use anyhow::{Context, Result, bail, ensure};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Barrier;

/// The number of concurrent requests during setup and cleanup. Sign-ins are counted by address, so
/// more would look like password guessing.
const PREPARING: usize = 4;

/// The maximum number of retries of an order, with the same key, while the server is too busy.
const MOST_TRIES: u32 = 20;

/// The error code for a sold-out product.
const OUT_OF_STOCK: i64 = 3401;

pub struct Duel {
    pub url: String,
    pub buyers: usize,
    pub stock: usize,
    /// An admin's email address.
    pub email: String,
    pub password: String,
}

/// The result of a duel.
#[derive(Debug, Default)]
struct Outcome {
    numbers: Vec<String>,
    sold_out: usize,
    /// All other responses and errors.
    others: Vec<String>,
    /// The time from the start to each response.
    times: Vec<Duration>,
}

/// Plays the duel, prints the result, cleans up, and fails if either goes wrong. The verdict comes
/// first: a failed cleanup must not hide it.
///
/// Boxed, as [`crate::seed::seed`] is.
pub fn play(duel: Duel) -> LocalBoxFuture<'static, Result<()>> {
    Box::pin(fight(duel))
}

async fn fight(duel: Duel) -> Result<()> {
    ensure!(duel.buyers > 0, "a duel takes at least one buyer");
    let mut admin = Client::new(&duel.url)?;
    admin.sign_in(&duel.email, &duel.password).await?;
    let product = make_product(&admin, duel.stock).await?;
    let buyers = make_buyers(&admin, &duel).await?;
    println!(
        "{} buyers, {} of product {product}: go.",
        duel.buyers, duel.stock
    );
    let began = Instant::now();
    let outcome = rush(&buyers, product).await;
    let took = began.elapsed();
    let left = admin
        .get(&format!("/api/v1/products/{product}"))
        .await?
        .data()?["stock"]
        .clone();
    let verdict = report(&duel, &outcome, &left, took);
    if let Err(error) = &verdict {
        eprintln!("The duel went wrong: {error}.");
    }
    let away = put_away(&admin, product, &outcome, &buyers).await;
    let away = away.context("Not everything could be put away; the verdict above stands");
    match (verdict, away) {
        (Err(verdict), Err(away)) => {
            eprintln!("{away:#}.");
            Err(verdict)
        }
        (verdict, away) => verdict.and(away),
    }
}

fn report(duel: &Duel, outcome: &Outcome, left: &Value, took: Duration) -> Result<()> {
    let Outcome {
        numbers,
        sold_out,
        others,
        times,
    } = outcome;
    let mut sorted = times.clone();
    sorted.sort_unstable();
    let part = |percent: usize| sorted[(sorted.len() - 1) * percent / 100].as_millis();
    println!("orders      {}", numbers.len());
    println!("sold out    {sold_out}");
    println!("otherwise   {}", others.len());
    println!("stock left  {left}");
    println!(
        "time        {} ms; half were answered in {} ms, 99 % in {} ms",
        took.as_millis(),
        part(50),
        part(99)
    );
    if let Some(first) = others.first() {
        bail!(
            "{} buyers got neither an order nor a refusal; the first: {first}",
            others.len()
        );
    }
    let expected = duel.stock.min(duel.buyers);
    ensure!(
        numbers.len() == expected,
        "{} orders where {expected} should be",
        numbers.len()
    );
    let distinct: BTreeSet<&String> = numbers.iter().collect();
    ensure!(
        distinct.len() == numbers.len(),
        "two orders have the same number"
    );
    ensure!(
        *left == json!(duel.stock - expected),
        "the stock is {left} where {} should be",
        duel.stock - expected
    );
    println!("Nothing was sold twice, and nobody was forgotten.");
    Ok(())
}

async fn make_product(admin: &Client, stock: usize) -> Result<i64> {
    let listed = admin.get("/api/v1/products?limit=1").await?.data()?;
    let category = match listed["items"][0]["category"].as_str() {
        Some(slug) => slug.to_owned(),
        None => {
            let made = admin
                .post("/api/v1/categories", "", &json!({ "name": "Duels" }))
                .await?;
            made.data()?["slug"].as_str().unwrap_or_default().to_owned()
        }
    };
    let name = format!("Duel {:08x}", rand::random::<u32>());
    let product =
        json!({ "name": name, "price": 100, "category": category, "stock": stock, "active": true });
    let made = admin.post("/api/v1/products", "", &product).await?.data()?;
    made["id"].as_i64().context("a product without an id")
}

/// A signed-in buyer.
struct Buyer {
    id: i64,
    client: Client,
}

async fn make_buyers(admin: &Client, duel: &Duel) -> Result<Vec<Buyer>> {
    let bar = progress(duel.buyers, "Making buyers");
    let tag = rand::random::<u32>();
    let password = format!("{:032x}", rand::random::<u128>());
    let made = stream::iter(0..duel.buyers).map(|number| {
        let (bar, password) = (&bar, &password);
        async move {
            let email = format!("duel-{tag:08x}-{number}@example.com");
            let user = json!({ "name": format!("Buyer {number}"), "email": email, "password": password, "role": "customer" });
            let made = admin.post("/api/v1/users", "", &user).await?.data()?;
            let mut client = Client::new(&duel.url)?;
            client.sign_in(&email, password).await?;
            bar.inc(1);
            let id = made["id"].as_i64().context("a buyer without an id")?;
            anyhow::Ok(Buyer { id, client })
        }
    });
    let buyers: Vec<Result<Buyer>> = made.buffer_unordered(PREPARING).collect().await;
    bar.finish_and_clear();
    buyers.into_iter().collect()
}

/// Has all buyers order at once.
async fn rush(buyers: &[Buyer], product: i64) -> Outcome {
    let start = Arc::new(Barrier::new(buyers.len()));
    let began = Instant::now();
    let tasks: Vec<_> = buyers
        .iter()
        .map(|buyer| {
            let (client, start) = (buyer.client.clone(), Arc::clone(&start));
            tokio::spawn(async move {
                start.wait().await;
                (order(&client, product).await, began.elapsed())
            })
        })
        .collect();
    let mut outcome = Outcome::default();
    for task in tasks {
        let (answer, time) = match task.await {
            Ok(done) => done,
            Err(error) => (Err(error.into()), began.elapsed()),
        };
        outcome.times.push(time);
        match answer {
            Ok(Answer { status: 201, body }) => {
                outcome.numbers.push(
                    body["data"]["number"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                );
            }
            Ok(Answer { body, .. }) if body["code"] == OUT_OF_STOCK => outcome.sold_out += 1,
            Ok(Answer { status, body }) => outcome.others.push(format!("{status} {body}")),
            Err(error) => outcome.others.push(format!("{error:#}")),
        }
    }
    outcome
}

/// Orders one unit, and retries with the same key while the server is too busy.
async fn order(client: &Client, product: i64) -> Result<Answer> {
    let body = json!({
        "items": [{ "product_id": product, "quantity": 1 }],
        "address": { "name": "A buyer", "line1": "1 Hall Lane", "city": "Shanghai",
                     "postal_code": "200001", "country": "CN" },
        "delivery": "standard",
        "payment": "invoice",
    });
    let key = format!("duel-{:032x}", rand::random::<u128>());
    for attempt in 0..MOST_TRIES {
        match client.post("/api/v1/orders", &key, &body).await {
            Ok(answer) if answer.status != 503 => return Ok(answer),
            _ => tokio::time::sleep(Duration::from_millis(50 * u64::from(attempt + 1))).await,
        }
    }
    client.post("/api/v1/orders", &key, &body).await
}

/// Cancels the orders, takes the product off sale, and closes the buyers' accounts.
async fn put_away(admin: &Client, product: i64, outcome: &Outcome, buyers: &[Buyer]) -> Result<()> {
    let bar = progress(outcome.numbers.len() + buyers.len(), "Putting away");
    let cancelled = stream::iter(&outcome.numbers).map(|number| {
        let bar = &bar;
        async move {
            let path = format!("/api/v1/orders/{number}/cancel");
            let done = admin
                .post(&path, "", &json!({ "reason": "The duel is over" }))
                .await?;
            bar.inc(1);
            done.data().map(drop)
        }
    });
    let closed = stream::iter(buyers).map(|buyer| {
        let bar = &bar;
        async move {
            admin.delete(&format!("/api/v1/users/{}", buyer.id)).await?;
            bar.inc(1);
            anyhow::Ok(())
        }
    });
    let cancelled: Vec<Result<()>> = cancelled.buffer_unordered(PREPARING).collect().await;
    let closed: Vec<Result<()>> = closed.buffer_unordered(PREPARING).collect().await;
    admin.delete(&format!("/api/v1/products/{product}")).await?;
    bar.finish_and_clear();
    cancelled.into_iter().chain(closed).collect()
}

fn progress(length: usize, message: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:30} {pos} of {len}");
    let bar = ProgressBar::new(length as u64).with_message(message);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
