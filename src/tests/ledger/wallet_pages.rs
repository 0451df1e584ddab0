//! The pages of wallets and accounts: who sees them, and what their forms do.

use super::books::{Books, count};
use crate::support::forms::field;
use crate::support::number;
use axum::http::StatusCode;
use guildhall::accounts::{Role, User};

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
async fn the_books_are_read_in_chinese() {
    let mut books = Books::open().await;
    for reader in [&mut books.mei, &mut books.sam] {
        reader.post("/language", &[("language", "zh-CN")]).await;
    }
    books.top_up("5", "午饭").await;
    let kept = "SELECT COUNT(*) FROM ledger_accounts WHERE name IN ('Bank', 'Wallet')";
    assert_eq!(number(&books.server.app, kept).await, 2);
    let page = books.mei.page("/wallet").await;
    for text in ["收支明细", "可用余额", "近 90 天余额", "充值"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    // The accounts that the program opened by itself are called in the reader's language.
    let page = books.sam.page("/ledger").await;
    assert!(page.contains("银行存款") && page.contains("钱包"));
    let table = books.sam.page("/ledger/journal.csv").await;
    let head = "\u{feff}凭证号,记账时间,类型,";
    assert!(table.starts_with(head), "{table}");
    let plain = books.sam.page("/ledger/export.journal").await;
    assert!(plain.contains("Top-up"), "{plain}");
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
    let fields = [
        ("amount", "50"),
        ("memo", "cash"),
        ("idempotency_key", field(&page, "idempotency_key")),
    ];
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
        ("idempotency_key", field(&page, "idempotency_key")),
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
            ("idempotency_key", "one-form"),
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
