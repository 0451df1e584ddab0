//! Exports of the books: safe to open, whole, and in agreement with the balances here.

use super::books::{Books, count, many_transfers};
use crate::support::{execute, number};
use std::io::Write;
use std::process::{Command, Stdio};

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
