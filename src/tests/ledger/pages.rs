//! The pages and exports of the books: who may see them, what their forms do, and that what leaves
//! the house agrees with it.

use crate::support::company::{Company, Opening};
use crate::support::{Answer, Client, TestServer, execute, number, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::{Role, User};
use guildhall::ledger::{JournalFilter, Kind, explain_journal, seed_demo, verify_ledger};
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};

/// Staff in a browser, and a customer with an open wallet.
struct Books {
    server: TestServer,
    sam: Client,
    mei: Client,
    wallet: i64,
}

impl Books {
    async fn open() -> Self {
        let opening = Opening {
            money: 0,
            ..Default::default()
        };
        let company = Company::open_as(opening, |_| {}).await;
        let [sam, mut mei] = company.browsers().await;
        let server = company.server;
        mei.page("/wallet").await;
        let wallet = number(&server.app, "SELECT id FROM ledger_accounts").await;
        Self {
            server,
            sam,
            mei,
            wallet,
        }
    }

    async fn top_up(&mut self, amount: &str, memo: &str) -> Answer {
        let page = format!("/ledger/accounts/{}", self.wallet);
        let html = self.sam.page(&page).await;
        self.sam.referer = Some(page.clone());
        let fields = [("amount", amount), ("memo", memo), ("once", once_in(&html))];
        self.sam.post(&format!("{page}/top-up"), &fields).await
    }

    /// A transfer between two accounts, by the API.
    async fn transfer(&mut self, from: i64, to: i64, amount: i64, memo: &str) {
        let mut program = self.server.program(Role::Staff).await;
        let body =
            json!({ "from_account_id": from, "to_account_id": to, "amount": amount, "memo": memo });
        let answer = program
            .send_json(Method::POST, "/api/v1/transfers", body)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }

    async fn bank(&self) -> i64 {
        let query = "SELECT id FROM ledger_accounts WHERE code = 'bank'";
        number(&self.server.app, query).await
    }

    async fn balance(&self, account: i64) -> i64 {
        let query = format!("SELECT balance FROM ledger_accounts WHERE id = {account}");
        number(&self.server.app, &query).await
    }

    async fn newest(&self) -> i64 {
        number(&self.server.app, "SELECT MAX(seq) FROM transfers").await
    }
}

fn once_in(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"once\" value=\"").expect("a key");
    rest.split('"').next().expect("its end")
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

/// How many transfers a page of the journal shows.
async fn shown(client: &mut Client, query: &str) -> usize {
    let page = client.page(&format!("/ledger/journal?{query}")).await;
    count(&page, "data-label=\"No.\"")
}

const STAFFS_PAGES: [&str; 8] = [
    "/ledger",
    "/ledger/accounts/1",
    "/ledger/accounts/new",
    "/ledger/top-up",
    "/ledger/journal",
    "/ledger/trial-balance",
    "/ledger/journal.csv",
    "/ledger/export.journal",
];

#[tokio::test]
async fn the_books_open_to_staff_and_the_wallet_to_its_owner() {
    let mut books = Books::open().await;
    books.top_up("12", "").await;
    let newest = books.newest().await;
    let forms = [
        "/ledger/accounts/new".to_owned(),
        format!("/ledger/accounts/{}/top-up", books.wallet),
        "/ledger/top-up".to_owned(),
        format!("/ledger/journal/{newest}/reverse"),
    ];
    let fields = [
        ("amount", "5"),
        ("code", "mine"),
        ("name", "Mine"),
        ("currency", "CNY"),
        ("normal_side", "credit"),
    ];
    let mut visitor = books.server.visitor();
    for path in STAFFS_PAGES.iter().chain(&["/wallet"]) {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(
            answer.header("location").starts_with("/login?next="),
            "{path}"
        );
    }
    for path in ["/ledger/journal.csv", "/ledger/export.journal"] {
        assert_eq!(
            visitor.api(path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        assert_eq!(
            books.mei.api(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    for path in STAFFS_PAGES {
        assert_eq!(
            books.mei.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        assert_eq!(books.sam.get(path).await.status, StatusCode::OK, "{path}");
    }
    for path in &forms {
        let answer = visitor.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/login"), "{path}");
        assert_eq!(
            books.mei.post(path, &fields).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    assert_eq!(books.newest().await, newest, "nothing was posted");
    assert_eq!(
        number(&books.server.app, "SELECT COUNT(*) FROM ledger_accounts").await,
        2
    );
    let mut admin = books.server.signed_in(Role::Admin).await;
    admin.page("/ledger").await;
}

#[tokio::test]
async fn a_wallet_shows_its_owners_money_and_nobody_elses() {
    let mut books = Books::open().await;
    let empty = books.mei.page("/wallet").await;
    assert!(empty.contains("Nothing in here yet") && !empty.contains("<svg viewBox=\"0 -4"));
    let answer = books.top_up(" 1,250.5 ", "现金 at the counter").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = books.mei.page("/wallet").await;
    assert!(
        page.contains("¥1,250.50") && page.contains("现金 at the counter"),
        "{page}"
    );
    assert!(
        page.contains("role=\"img\"")
            && page.contains("Balance of the last 90 days: from ¥0.00 to ¥1,250.50")
    );
    assert!(
        !page.contains("/ledger"),
        "a customer is not shown the books"
    );
    let mut ann = books.server.signed_in(Role::Customer).await;
    assert!(!ann.page("/wallet").await.contains("1,250.50"));
}

#[tokio::test]
async fn a_wallet_pages_through_its_entries() {
    let mut books = Books::open().await;
    for number in 1..=32 {
        let answer = books.top_up("1", &format!("payment {number}.")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let page = books.mei.page("/wallet").await;
    assert_eq!(count(&page, "data-label=\"Balance\""), 30);
    assert!(page.contains("payment 32.") && !page.contains("payment 2."));
    let (_, rest) = page.split_once("href=\"/wallet?cursor=").expect("a way on");
    let cursor = rest.split('"').next().expect("its end");
    let page = books.mei.page(&format!("/wallet?cursor={cursor}")).await;
    assert_eq!(count(&page, "data-label=\"Balance\""), 2);
    assert!(page.contains("payment 1.") && page.contains("First page"));
    assert_eq!(
        books.mei.get("/wallet?cursor=x").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_top_up_is_made_once_and_a_wrong_one_loses_nothing_typed() {
    let mut books = Books::open().await;
    let path = format!("/ledger/accounts/{}", books.wallet);
    let page = books.sam.page(&path).await;
    let fields = [("amount", "50"), ("memo", "cash"), ("once", once_in(&page))];
    for _ in 0..2 {
        let answer = books.sam.post(&format!("{path}/top-up"), &fields).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, path.as_str())
        );
    }
    assert_eq!(books.balance(books.wallet).await, 5_000);
    let page = books.sam.page(&path).await;
    assert!(
        page.contains("¥50.00 is in the wallet of Customer"),
        "{page}"
    );
    for wrong in ["", "0", "-5", "a lot", "1.234"] {
        let answer = books.top_up(wrong, "from <the> fair").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(
            answer.body.contains("value=\"from &lt;the&gt; fair\""),
            "{}",
            answer.body
        );
        assert!(wrong.is_empty() || answer.body.contains(&format!("value=\"{wrong}\"")));
    }
    let bank = format!("/ledger/accounts/{}", books.bank().await);
    let page = books.sam.page(&bank).await;
    assert!(!page.contains(&format!("{bank}/top-up")), "{page}");
    let answer = books
        .sam
        .post(&format!("{bank}/top-up"), &[("amount", "5")])
        .await;
    assert_eq!(
        answer.status,
        StatusCode::NOT_FOUND,
        "only wallets are topped up"
    );
    assert_eq!(books.balance(books.wallet).await, 5_000);
}

#[tokio::test]
async fn a_wallet_is_topped_up_before_its_owner_has_looked_into_it() {
    let mut books = Books::open().await;
    let mut new = books.server.signed_in(Role::Customer).await;
    let User { email, name, .. } = new.user.clone().expect("a customer");
    let path = "/ledger/top-up";
    let page = books.sam.page(&format!("{path}?email={email}")).await;
    assert!(page.contains(&format!("value=\"{email}\"")), "{page}");
    books.sam.referer = Some(path.to_owned());
    for (whose, amount, field) in [
        ("", "20", "email"),
        ("nobody@example.com", "20", "email"),
        (email.as_str(), "0", "amount"),
    ] {
        let fields = [("email", whose), ("amount", amount), ("memo", "counter")];
        let answer = books.sam.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fault = format!("id=\"ledger-top-up-{field}-error\"");
        assert!(answer.body.contains(&fault), "{}", answer.body);
        assert!(answer.body.contains("value=\"counter\""));
    }
    let fields = [
        ("email", email.as_str()),
        ("amount", "20"),
        ("once", once_in(&page)),
    ];
    let first = books.sam.post(path, &fields).await;
    let again = books.sam.post(path, &fields).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    assert_eq!(first.header("location"), again.header("location"));
    let page = books.sam.page(first.header("location")).await;
    assert!(
        page.contains(&format!("¥20.00 is in the wallet of {name}.")),
        "{page}"
    );
    assert!(new.page("/wallet").await.contains("¥20.00"));
}

#[tokio::test]
async fn an_account_is_made_by_form() {
    let mut books = Books::open().await;
    let User { email, name, .. } = books.mei.user.clone().expect("a customer");
    books.sam.referer = Some("/ledger/accounts/new".to_owned());
    let fields = |code, owner| {
        [
            ("code", code),
            ("name", "Savings"),
            ("owner", owner),
            ("currency", "EUR"),
            ("normal_side", "credit"),
            ("once", "one-form"),
        ]
    };
    for (code, owner, field) in [
        ("two words", "", "code"),
        ("savings", "nobody@example.com", "owner"),
        ("wallet-2", "", "code"),
    ] {
        let answer = books
            .sam
            .post("/ledger/accounts/new", &fields(code, owner))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{code}: {}",
            answer.body
        );
        let fault = format!("id=\"ledger-accounts-new-{field}-error\"");
        assert!(
            answer.body.contains(&fault) && answer.body.contains("value=\"Savings\""),
            "{}",
            answer.body
        );
    }
    let answer = books
        .sam
        .post("/ledger/accounts/new", &fields("savings", &email))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let again = books
        .sam
        .post("/ledger/accounts/new", &fields("savings", &email))
        .await;
    assert_eq!(again.header("location"), answer.header("location"));
    let page = books.sam.page(answer.header("location")).await;
    assert!(page.contains(&format!("Savings of {name}")) && page.contains("€0.00"));
    assert!(!page.contains("Top up"), "only wallets are topped up");
    for (query, found) in [
        ("SAV", 1),
        (name.as_str(), 2),
        (email.as_str(), 2),
        ("wall", 1),
        ("x%", 0),
    ] {
        let page = books
            .sam
            .page(&format!("/ledger?q={}", query.replace(' ', "+")))
            .await;
        assert_eq!(count(&page, "data-label=\"Held\""), found, "{query}");
    }
}

#[tokio::test]
async fn the_journal_finds_what_its_filters_name() {
    let mut books = Books::open().await;
    books.top_up("100", "cash 午饭").await;
    books.server.app.clock.advance(86_400);
    books.top_up("20", "rounding").await;
    let (bank, wallet) = (books.bank().await, books.wallet);
    books.transfer(wallet, bank, 700, "paid out").await;
    let day = |days| books.server.app.clock.now().plus_days(days).rfc3339()[..10].to_owned();
    let (today, yesterday) = (day(0), day(-1));
    let code = format!("wallet-{}", books.mei.id());
    let mut lin = books.server.signed_in(Role::Customer).await;
    lin.page("/wallet").await;
    for (query, found) in [
        (String::new(), 3),
        (format!("account=wallet-{}", lin.id()), 0),
        ("q=午饭".into(), 1),
        ("q=PAI".into(), 1),
        ("q=paid+cash".into(), 0),
        ("q=%21".into(), 0),
        ("account=bank".into(), 3),
        (format!("account={code}&kind=transfer"), 1),
        ("kind=top_up".into(), 2),
        (format!("from={today}"), 2),
        (format!("to={yesterday}"), 1),
        (format!("from={yesterday}&to={today}"), 3),
        ("min=20&max=100".into(), 2),
        ("max=7".into(), 1),
        (
            format!("account=bank&kind=top_up&min=50&from={yesterday}&q=cash"),
            1,
        ),
    ] {
        assert_eq!(shown(&mut books.sam, &query).await, found, "{query}");
        let csv = books.sam.api(&format!("/ledger/journal.csv?{query}")).await;
        assert_eq!(csv.body.lines().count(), found + 1, "{query}: {}", csv.body);
    }
    let wrong = "account=none&kind=x&from=x&min=x";
    let page = books.sam.page(&format!("/ledger/journal?{wrong}")).await;
    assert!(page.contains("These filters cannot be read") && page.contains("value=\"none\""));
    let answer = books.sam.api(&format!("/ledger/journal.csv?{wrong}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.json()["errors"].as_object().expect("faults").len(),
        4
    );
}

#[tokio::test]
async fn the_journal_carries_its_filters_from_page_to_page() {
    let mut books = Books::open().await;
    books.top_up("1000", "").await;
    let (bank, wallet) = (books.bank().await, books.wallet);
    let mut program = books.server.program(Role::Staff).await;
    let transfers: Vec<_> = (1..=120)
        .map(|number| json!({ "from_account_id": wallet, "to_account_id": bank, "amount": number }))
        .collect();
    let body = json!({ "transfers": transfers });
    let answer = program
        .send_json(Method::POST, "/api/v1/transfers/batch", body)
        .await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let (mut path, mut numbers) = (
        "/ledger/journal?account=bank&kind=transfer".to_owned(),
        Vec::new(),
    );
    loop {
        let page = books.sam.page(&path).await;
        let cells = page.split("data-label=\"No.\"").skip(1);
        numbers.extend(cells.map(|cell| {
            let (_, inside) = cell.split_once('>').expect("the cell");
            let number = inside.split('<').next().expect("its end");
            number.parse::<i64>().expect("a number")
        }));
        let next = page
            .split("href=\"")
            .map(|rest| {
                rest.split('"')
                    .next()
                    .unwrap_or_default()
                    .replace("&amp;", "&")
            })
            .find(|href| href.starts_with("/ledger/journal?") && href.contains("cursor="));
        match next {
            Some(next) => {
                assert!(next.contains("account=bank&kind=transfer"));
                path = next;
            }
            None => break,
        }
    }
    let newest = books.newest().await;
    let expected: Vec<i64> = (newest - 119..=newest).rev().collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn a_transfer_is_reversed_once_and_the_second_try_is_told_so() {
    let mut books = Books::open().await;
    books.top_up("80", "twice").await;
    let seq = books.newest().await;
    let path = format!("/ledger/journal/{seq}/reverse");
    let page = books.sam.page("/ledger/journal?kind=top_up").await;
    assert!(page.contains(&format!("Reverse transfer no. {seq}?")) && page.contains(&path));
    books.sam.referer = Some("/ledger/journal?kind=top_up".to_owned());
    let fields = [("next", "/ledger/journal?kind=top_up")];
    let answer = books.sam.post(&path, &fields).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/ledger/journal?kind=top_up")
    );
    assert_eq!(books.balance(books.wallet).await, 0);
    let page = books.sam.page("/ledger/journal").await;
    assert!(page.contains("Taken back by no."), "{page}");
    let link = format!("href=\"#no-{seq}\">Takes back no. {seq}");
    assert!(
        page.contains(&link) && page.contains(&format!("id=\"no-{seq}\"")),
        "{page}"
    );
    let answer = books.sam.post(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("was reversed before") && answer.body.contains("Journal"));
    assert_eq!(books.balance(books.wallet).await, 0);
    let answer = books.sam.post("/ledger/journal/999/reverse", &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);

    books.top_up("10", "spent").await;
    let spent = books.newest().await;
    let bank = books.bank().await;
    books.transfer(books.wallet, bank, 1_000, "").await;
    books.sam.referer = Some("/ledger/journal".to_owned());
    let answer = books
        .sam
        .post(&format!("/ledger/journal/{spent}/reverse"), &fields)
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Only ¥0.00 can be taken"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn the_trial_balance_says_whether_the_sides_agree() {
    let mut books = Books::open().await;
    let page = books.sam.page("/ledger/trial-balance").await;
    assert!(page.contains("Nothing to weigh yet"));
    books.top_up("123.45", "").await;
    let page = books.sam.page("/ledger/trial-balance").await;
    assert!(
        page.contains("Debits and credits agree: ¥123.45 on each side."),
        "{page}"
    );
    let spoil = "UPDATE ledger_accounts SET balance = 12000 WHERE code = 'bank'";
    execute(&books.server.app, spoil).await;
    let page = books.sam.page("/ledger/trial-balance").await;
    assert!(
        page.contains("Debits and credits differ by ¥3.45."),
        "{page}"
    );
}

#[tokio::test]
async fn many_wallets_stand_together_in_the_trial_balance() {
    let mut books = Books::open().await;
    books.top_up("5", "").await;
    let numbers = if on_postgres() {
        "SELECT n FROM generate_series(1, 600) AS n"
    } else {
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 600) SELECT n FROM s"
    };
    let owner = books.mei.id();
    let insert = format!(
        "INSERT INTO ledger_accounts (code, name, owner_id, currency, normal_side, balance, created_at)
         SELECT 'many-' || n, 'Many', {owner}, 'CNY', 'credit', 10, 0 FROM ({numbers}) AS s"
    );
    execute(&books.server.app, &insert).await;
    let page = books.sam.page("/ledger/trial-balance").await;
    assert!(
        page.contains("601 accounts together") && page.contains("differ by ¥60.00"),
        "{page}"
    );
}

#[tokio::test]
async fn the_csv_is_safe_to_open_and_whole() {
    let mut books = Books::open().await;
    books.top_up("5", "=HYPERLINK(\"x\"), 午饭").await;
    let answer = books.sam.api("/ledger/journal.csv").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").contains("journal.csv"));
    let mut lines = answer.body.split("\r\n");
    assert!(
        lines
            .next()
            .expect("a head")
            .starts_with("\u{feff}no,posted_at,kind,")
    );
    let line = lines.next().expect("a transfer");
    assert!(
        line.contains(
            ",\"top_up\",\"bank\",\"wallet-2\",5.00,\"CNY\",\"\",\"'=HYPERLINK(\"\"x\"\"), 午饭\",\"\","
        ),
        "{line}"
    );
}

/// The books as hledger understands them; nothing where hledger is missing.
fn hledger(journal: &str, arguments: &[&str]) -> Option<String> {
    let started = Command::new("hledger")
        .args(["-f", "-"])
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut process = match started {
        Ok(process) => process,
        Err(error) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "hledger cannot be run: {error}"
            );
            eprintln!("Skipped: hledger cannot be run ({error}); bin/setup --test installs it.");
            return None;
        }
    };
    let mut input = process.stdin.take().expect("a pipe");
    input.write_all(journal.as_bytes()).expect("is read");
    drop(input);
    let output = process.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{journal}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test]
async fn hledger_reads_the_export_and_comes_to_our_balances() {
    let mut books = Books::open().await;
    books.top_up("10000", "").await;
    let (bank, wallet) = (books.bank().await, books.wallet);
    for memo in [
        "; a comment",
        "a | b",
        "(code) text",
        "* ! =2026-01-01",
        "= equal",
        "  leading",
        "午饭；茶",
        "date:2026-13-99",
        "[2026-13-45]",
        "include /etc/passwd",
        "a  b",
        "\"quoted\" {x} @ 5 USD",
        "\u{2028}line",
        "comment",
        "~ monthly",
        "P 2026-01-01 CNY 5",
    ] {
        books.transfer(wallet, bank, 1_234, memo).await;
    }
    let yen = "INSERT INTO ledger_accounts (code, name, currency, normal_side, created_at)
               VALUES ('1000', 'Yen', 'JPY', 'debit', 0), ('2000-x', 'Yen too', 'JPY', 'credit', 0)";
    execute(&books.server.app, yen).await;
    let yen = number(
        &books.server.app,
        "SELECT id FROM ledger_accounts WHERE code = '1000'",
    )
    .await;
    books.transfer(yen, yen + 1, 1_234_567, "JPY").await;

    let journal = books.sam.api("/ledger/export.journal").await.body;
    assert_eq!(count(&journal, "\n20"), 18, "{journal}");
    let Some(said) = hledger(&journal, &["check"]) else {
        return;
    };
    assert_eq!(said, "");
    let table = hledger(&journal, &["balance", "--flat", "-O", "csv", "-N"]).expect("ran before");
    let mut lines: Vec<&str> = table.lines().skip(1).collect();
    lines.sort_unstable();
    let (ours, theirs) = (books.balance(bank).await, books.balance(wallet).await);
    assert_eq!(ours, theirs);
    let decimal = format!("{}.{:02}", ours / 100, ours % 100);
    let wallet = format!("\"wallet-2\",\"CNY -{decimal}\"");
    let bank = format!("\"bank\",\"CNY {decimal}\"");
    let expected = [
        "\"1000\",\"JPY 1234567\"",
        "\"2000-x\",\"JPY -1234567\"",
        &bank,
        &wallet,
    ];
    assert_eq!(lines, expected, "{table}");
    let total = hledger(&journal, &["balance", "--depth", "0"]).expect("ran before");
    assert!(total.trim_end().ends_with('0'), "{total}");
}

/// So many transfers, straight into the tables: a word of one in a hundred, kinds and amounts vary.
async fn many_transfers(server: &TestServer, count: i64) {
    let accounts = "INSERT INTO ledger_accounts (code, name, currency, normal_side, created_at)
                    VALUES ('a', 'A', 'CNY', 'debit', 0), ('b', 'B', 'CNY', 'debit', 0), ('c', 'C', 'CNY', 'debit', 0)";
    execute(&server.app, accounts).await;
    let numbers = if on_postgres() {
        format!("SELECT n FROM generate_series(1, {count}) AS n")
    } else {
        format!(
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
        )
    };
    let transfers = format!(
        "INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, kind, memo, posted_at)
         SELECT 'many-' || n, CASE n % 500 WHEN 0 THEN 3 ELSE 1 END, 2, 1 + n % 10000,
                CASE n % 50 WHEN 0 THEN 'reversal' ELSE 'transfer' END, '', CAST(n AS BIGINT) * 1000000
         FROM ({numbers}) AS s"
    );
    execute(&server.app, &transfers).await;
    let word = "CASE seq % 100 WHEN 0 THEN 'rare' ELSE 'common' END";
    let words = if on_postgres() {
        format!("INSERT INTO transfer_words SELECT seq, CAST({word} AS TSVECTOR) FROM transfers")
    } else {
        format!("INSERT INTO transfer_words (rowid, words) SELECT seq, {word} FROM transfers")
    };
    execute(&server.app, &words).await;
    execute(&server.app, "ANALYZE").await;
}

#[tokio::test]
async fn every_filter_of_the_journal_is_read_by_an_index() {
    let server = TestServer::start().await;
    many_transfers(&server, 100_000).await;
    let at = |seconds: i64| Some(guildhall::clock::Timestamp(seconds * 1_000_000));
    let plain = || JournalFilter {
        size: 50,
        ..Default::default()
    };
    let filters = [
        plain(),
        JournalFilter {
            account: Some(1),
            ..plain()
        },
        JournalFilter {
            account: Some(3),
            ..plain()
        },
        JournalFilter {
            kind: Some(Kind::Reversal),
            ..plain()
        },
        JournalFilter {
            text: Some("rare".into()),
            ..plain()
        },
        JournalFilter {
            from: at(50_000),
            until: at(50_600),
            ..plain()
        },
        JournalFilter {
            least: Some(9_999),
            ..plain()
        },
        JournalFilter {
            least: Some(500),
            most: Some(500),
            ..plain()
        },
        JournalFilter {
            account: Some(1),
            kind: Some(Kind::Transfer),
            from: at(10),
            text: Some("rare".into()),
            ..plain()
        },
        JournalFilter {
            oldest_first: true,
            size: 200,
            ..plain()
        },
    ];
    let mut conn = server.app.db.read().await.expect("a connection");
    for filter in filters {
        for after in [None, Some((90_000_000_000, 90_000))] {
            let filter = JournalFilter {
                after,
                ..filter.clone()
            };
            let plan = explain_journal(&mut conn, &filter).await.expect("a plan");
            let whole = |step: &String| match on_postgres() {
                true => {
                    step.contains("Seq Scan on transfers")
                        || step.contains("Seq Scan on transfer_words")
                }
                false => {
                    step.starts_with("SCAN t")
                        && !step.contains("USING")
                        && !step.contains("VIRTUAL TABLE INDEX")
                }
            };
            let reads = plan.iter().any(|step| step.contains("transfers"));
            let sound = reads && !plan.iter().any(whole);
            assert!(sound, "{filter:?}\n{}", plan.join("\n"));
        }
    }
}

#[tokio::test]
async fn an_export_of_many_pages_has_every_transfer_once() {
    let mut books = Books::open().await;
    many_transfers(&books.server, 3_500).await;
    let csv = books.sam.api("/ledger/journal.csv").await.body;
    let mut numbers: Vec<i64> = csv
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .next()
                .expect("a number")
                .parse()
                .expect("a number")
        })
        .collect();
    assert!(numbers.is_sorted_by(|a, b| a > b), "the newest first");
    numbers.reverse();
    let expected: Vec<i64> = (1..=3_500).collect();
    assert_eq!(numbers, expected);
    let journal = books.sam.api("/ledger/export.journal").await.body;
    assert_eq!(count(&journal, "(many-"), 3_500);
}

#[tokio::test]
async fn the_demo_is_seeded_once_and_its_books_are_right() {
    let server = TestServer::start().await;
    seed_demo(&server.app).await.expect("nothing to do");
    guildhall::accounts::seed_demo(&server.app)
        .await
        .expect("people");
    let mut counts = Vec::new();
    for _ in 0..2 {
        seed_demo(&server.app).await.expect("books");
        server.app.clock.advance(86_400);
        let tables = ["transfers", "ledger_entries", "ledger_accounts", "holds"];
        for table in tables {
            counts.push(number(&server.app, &format!("SELECT COUNT(*) FROM {table}")).await);
        }
    }
    assert_eq!(counts[..4], counts[4..]);
    assert_eq!(counts[0], 9);
    assert_eq!(verify_ledger(&server.app).await.expect("reads"), []);
}
