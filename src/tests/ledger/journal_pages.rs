//! The pages of the journal and the trial balance: filters, pages, reversals, and their indexes.

use super::books::{Books, count, many_transfers};
use crate::support::{Client, TestServer, execute, number, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::ledger::{JournalFilter, Kind, explain_journal, seed_demo, verify_ledger};
use serde_json::json;

/// The number of transfers on a page of the journal.
async fn shown(client: &mut Client, query: &str) -> usize {
    let page = client.page(&format!("/ledger/journal?{query}")).await;
    count(&page, "data-label=\"No.\"")
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
    assert!(page.contains("Reversed by no."), "{page}");
    let link = format!("href=\"#no-{seq}\">Reverses no. {seq}");
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
