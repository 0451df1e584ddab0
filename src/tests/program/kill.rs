//! The server killed at random moments under load: what was acknowledged is there afterwards, nothing
//! is there by half, and asking again with the same key does nothing twice.
//!
//! Twenty rounds; `KILL_ROUNDS=500 cargo test kill -- --nocapture` for more, with the figures.

use crate::support::company::{Company, Opening, made, post};
use crate::support::eventually::PATIENCE;
use crate::support::process::Server;
use guildhall::server::{App, Db};
use rand::RngExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

const CLIENTS: usize = 6;

/// A company whose books and shelves outlive the servers that are killed.
struct Victim {
    company: Company,
    accounts: [i64; 2],
}

impl Victim {
    async fn open() -> Self {
        let opening = Opening {
            stock: 1_000_000,
            money: 0,
        };
        let mut company = Company::open_as(opening, |_| {}).await;
        let mut accounts = [0; 2];
        for (account, code) in accounts.iter_mut().zip(["left", "right"]) {
            let body = json!({ "code": code, "name": code, "min_balance": null });
            let answer = post(&mut company.staff, "/api/v1/accounts", body).await;
            made(&answer);
            *account = answer.data()["id"].as_i64().expect("an id");
        }
        Self { company, accounts }
    }

    async fn start(&self) -> Server {
        let config = &self.company.app().config;
        let variables = [
            // So that it takes the tokens that were given out before.
            (
                "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
                config.accounts.token_secret.as_str(),
            ),
            ("GUILDHALL_LIMITS_WRITES_PER_PERSON", "0"),
            ("GUILDHALL_LIMITS_WRITES_PER_STAFF", "0"),
            ("GUILDHALL_LIMITS_WRITES_PER_ADDRESS", "0"),
        ];
        Server::start_on(&config.database.url, &variables).await
    }

    /// A request with a key of its own: an order or a transfer.
    fn request(&self, key: &str) -> Request {
        let body = if rand::rng().random_bool(0.5) {
            return Request::new(
                "/api/v1/orders",
                key,
                self.company.order(1, "invoice", "standard"),
            );
        } else {
            let [from, to] = self.accounts;
            json!({ "from_account_id": from, "to_account_id": to, "amount": 7, "memo": "round" })
        };
        Request::new("/api/v1/transfers", key, body)
    }
}

#[derive(Clone, Debug)]
struct Request {
    path: &'static str,
    key: String,
    body: Value,
}

impl Request {
    fn new(path: &'static str, key: &str, body: Value) -> Self {
        let key = key.to_owned();
        Self { path, key, body }
    }
}

/// One connection, kept open.
pub struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    pub fn connect(address: SocketAddr, token: &str) -> Self {
        Self::try_connect(address, token).expect("connects")
    }

    /// The same where the server may have been killed already.
    pub fn try_connect(address: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            token: token.to_owned(),
        })
    }

    /// The status and the answer; none where the connection broke before all of it was there.
    pub fn post(&mut self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let body = body.to_string();
        let mut head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n",
            body.len()
        );
        if !self.token.is_empty() {
            head += &format!("authorization: Bearer {}\r\n", self.token);
        }
        if !key.is_empty() {
            head += &format!("idempotency-key: {key}\r\n");
        }
        let request = format!("{head}\r\n{body}");
        self.stream.get_mut().write_all(request.as_bytes()).ok()?;
        self.answer()
    }

    fn answer(&mut self) -> Option<(u16, Value)> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_ascii_lowercase()),
            }
        }
        let status = lines.first()?.split(' ').nth(1)?.parse().ok()?;
        let length = lines
            .iter()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length?.parse().ok()?];
        self.stream.read_exact(&mut body).ok()?;
        Some((status, serde_json::from_slice(&body).ok()?))
    }
}

/// The clients' knowledge at the end of a round.
#[derive(Default)]
struct Known {
    /// Acknowledged: what was asked, and the name it got.
    done: Vec<(Request, String)>,
    /// Asked, and never answered.
    open: Vec<Request>,
}

fn name(answer: &Value) -> String {
    let data = &answer["data"];
    let name = data["number"].as_str().or_else(|| data["id"].as_str());
    name.unwrap_or_else(|| panic!("no name: {answer}"))
        .to_owned()
}

/// Asks until the connection breaks.
fn ask(
    victim: &Victim,
    address: SocketAddr,
    token: &str,
    prefix: &str,
    acknowledged: &Sender<()>,
) -> Known {
    let mut client = Client::connect(address, token);
    let mut known = Known::default();
    for count in 0.. {
        let request = victim.request(&format!("{prefix}-{count}"));
        match client.post(request.path, &request.key, &request.body) {
            Some((201, answer)) => {
                known.done.push((request, name(&answer)));
                // Nobody counts any more once the server is killed.
                let _ = acknowledged.send(());
            }
            Some((status, answer)) => panic!("{status}: {answer}"),
            None => {
                known.open.push(request);
                return known;
            }
        }
    }
    known
}

/// Load on a server until it is killed, somewhere in its work.
fn round(victim: &Victim, server: &mut Server, token: &str, number: u32) -> Known {
    let address = server.address;
    let mut all = Known::default();
    let (acknowledged, counted) = channel();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (prefix, acknowledged) = (format!("{number}-{client}"), acknowledged.clone());
                scope.spawn(move || ask(victim, address, token, &prefix, &acknowledged))
            })
            .collect();
        for _ in 0..rand::rng().random_range(1..200) {
            counted.recv_timeout(PATIENCE).expect("is acknowledged");
        }
        // Between two acknowledgements as well as right after one.
        std::thread::sleep(Duration::from_micros(rand::rng().random_range(0..5_000)));
        server.kill();
        for client in clients {
            let known = client.join().expect("a client ends");
            all.done.extend(known.done);
            all.open.extend(known.open);
        }
    });
    all
}

/// Asks again what was not answered, and some of what was: each has one name, the one it got first.
fn ask_again(server: &Server, token: &str, known: Known, names: &mut BTreeMap<String, String>) {
    let mut client = Client::connect(server.address, token);
    let mut ask = |request: &Request| {
        let answer = client.post(request.path, &request.key, &request.body);
        let (status, answer) = answer.expect("an answer");
        assert_eq!(status, 201, "{answer}");
        name(&answer)
    };
    for request in known.open {
        names.insert(request.key.clone(), ask(&request));
    }
    for (count, (request, first)) in known.done.into_iter().enumerate() {
        if count % 10 == 0 {
            assert_eq!(ask(&request), first, "{}", request.key);
        }
        names.insert(request.key, first);
    }
}

/// Every acknowledged name is there once, and nothing else is.
async fn check(victim: &Victim, names: &BTreeMap<String, String>) {
    let mut told: Vec<&str> = names.values().map(String::as_str).collect();
    told.sort_unstable();
    let count = told.len();
    told.dedup();
    assert_eq!(told.len(), count, "two requests, one name");
    let written = written(victim.company.app()).await;
    assert_eq!(told, written.iter().map(String::as_str).collect::<Vec<_>>());
    victim.company.check().await;
}

/// The names of all orders and transfers in the database, sorted.
async fn written(app: &App) -> Vec<String> {
    let query = "SELECT number FROM orders UNION ALL SELECT id FROM transfers";
    let mut names: Vec<String> = match &app.db {
        Db::Sqlite { readers, .. } => sqlx::query_scalar(query).fetch_all(readers).await,
        Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(&**pool).await,
    }
    .expect("reads");
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_writes_survive_a_kill() {
    let rounds = std::env::var("KILL_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let victim = Victim::open().await;
    let token = victim.company.staff.token.clone().expect("a token");
    let mut server = victim.start().await;

    let (mut names, mut lost) = (BTreeMap::new(), 0);
    for number in 0..rounds.unwrap_or(20) {
        let known = round(&victim, &mut server, &token, number);
        lost += known.open.len();
        server = victim.start().await;
        ask_again(&server, &token, known, &mut names);
        check(&victim, &names).await;
    }
    println!(
        "{} acknowledged, {lost} cut off and asked again, none lost, none doubled",
        names.len()
    );
}
