//! Transfers through the API: money moves once, never from nothing, and only by its owner.

use super::bank::{Bank, new_account, transfer, wallet, wallet_id};
use crate::support::company::{post, post_keyed};
use crate::support::{execute, number, try_execute};
use axum::http::StatusCode;
use guildhall::ledger;
use guildhall::ledger::{NewTransfer, verify_ledger};
use guildhall::server::{App, IdempotencyKey};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

async fn count_transfers(app: &App) -> i64 {
    number(app, "SELECT COUNT(*) FROM transfers").await
}

#[tokio::test]
async fn money_moves_from_one_wallet_to_another() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let mut body = transfer(ann, bob, 2_500);
    body["memo"] = json!("午饭");
    let answer = post(&mut bank.company.mei, "/api/v1/transfers", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let posted = answer.data();
    assert_eq!(
        (&posted["amount"], &posted["memo"]),
        (&json!(2_500), &json!("午饭"))
    );
    assert_eq!(posted["from_balance"], 7_500);
    assert_eq!(posted["to_balance"], Value::Null, "Bob's balance is Bob's");

    let seen = bank.bob.api(answer.header("location")).await.data();
    assert_eq!(
        (&seen["from_balance"], &seen["to_balance"]),
        (&Value::Null, &json!(3_000))
    );
    let path = format!("/api/v1/accounts/{bob}/entries");
    let entries = bank.bob.api(&path).await.data();
    let newest = &entries["items"][0];
    assert_eq!(
        (&newest["side"], &newest["balance"]),
        (&json!("credit"), &json!(3_000))
    );
    assert_eq!(newest["transfer_id"], posted["id"]);
    bank.company.check().await;
}

#[tokio::test]
async fn each_broken_rule_has_its_code_and_writes_nothing() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let euro = json!({ "code": "euro", "name": "Euro", "currency": "EUR", "min_balance": null });
    let euro = new_account(&mut bank.company.staff, euro).await;
    let open = json!({ "code": "open", "name": "Open", "min_balance": null });
    let open = new_account(&mut bank.company.staff, open).await;
    let full = json!({ "code": "full", "name": "Full" });
    let full = new_account(&mut bank.company.staff, full).await;
    let before = count_transfers(&bank.company.server.app).await;
    for (from, to, amount, code) in [
        (bob, ann, 501, 3101),
        (ann, euro, 1, 3102),
        (ann, ann, 1, 3103),
        // An account has nothing below zero where nothing else was said.
        (full, open, 1, 3101),
    ] {
        let answer = post(
            &mut bank.company.staff,
            "/api/v1/transfers",
            transfer(from, to, amount),
        )
        .await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
        assert_eq!(answer.code(), code, "{}", answer.body);
    }
    for amount in [0, -5, i64::MAX] {
        let answer = post(
            &mut bank.company.staff,
            "/api/v1/transfers",
            transfer(ann, bob, amount),
        )
        .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["errors"]["amount"].is_string());
    }
    let missing = post(
        &mut bank.company.staff,
        "/api/v1/transfers",
        transfer(ann, 999_999, 1),
    )
    .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(count_transfers(&bank.company.server.app).await, before);
    bank.company.check().await;

    // Only a nearly full account can overflow.
    let nearly = i64::MAX - 5;
    execute(
        &bank.company.server.app,
        &format!("UPDATE ledger_accounts SET balance = {nearly} WHERE id = {full}"),
    )
    .await;
    let answer = post(
        &mut bank.company.staff,
        "/api/v1/transfers",
        transfer(open, full, 6),
    )
    .await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3104));
    assert_eq!(count_transfers(&bank.company.server.app).await, before);
}

#[tokio::test]
async fn an_empty_account_stands_within_its_own_limit() {
    let mut bank = Bank::open().await;
    let till = |limit: i64| json!({ "code": "till", "name": "Till", "min_balance": limit });
    let answer = post(&mut bank.company.staff, "/api/v1/accounts", till(1)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.json()["errors"]["min_balance"].is_string());
    let till = new_account(&mut bank.company.staff, till(-500)).await;
    let ann = wallet_id(&mut bank.company.mei).await;
    let path = "/api/v1/transfers";
    let all = post(&mut bank.company.staff, path, transfer(till, ann, 500)).await;
    assert_eq!(all.data()["from_balance"], -500);
    let more = post(&mut bank.company.staff, path, transfer(till, ann, 1)).await;
    assert_eq!((more.status, more.code()), (StatusCode::CONFLICT, 3101));
    bank.company.check().await;
}

#[tokio::test]
async fn the_same_request_again_moves_nothing_again() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let mut body = transfer(ann, bob, 100);
    body["id"] = json!("order-1-payment");
    let first = post(&mut bank.company.mei, "/api/v1/transfers", body.clone()).await;
    post(
        &mut bank.company.mei,
        "/api/v1/transfers",
        transfer(ann, bob, 7),
    )
    .await;
    let second = post(&mut bank.company.mei, "/api/v1/transfers", body.clone()).await;
    assert_eq!(second.status, StatusCode::CREATED);
    assert_eq!(first.data(), second.data(), "with the balances of then");
    body["amount"] = json!(101);
    let other = post(&mut bank.company.mei, "/api/v1/transfers", body).await;
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );

    let mut keyed = async |amount: i64| {
        let (mei, body) = (&mut bank.company.mei, transfer(ann, bob, amount));
        post_keyed(mei, "/api/v1/transfers", "a-key", &body).await
    };
    let (first, second, other) = (keyed(50).await, keyed(50).await, keyed(51).await);
    assert_eq!(first.data(), second.data());
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );
    assert_eq!(
        wallet(&mut bank.company.mei).await["balance"],
        10_000 - 100 - 7 - 50
    );
    bank.company.check().await;
}

#[tokio::test]
async fn nobody_reaches_into_anothers_account() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let till = new_account(
        &mut bank.company.staff,
        json!({ "code": "till", "name": "Till" }),
    )
    .await;
    let take = post(&mut bank.bob, "/api/v1/transfers", transfer(ann, bob, 1)).await;
    assert_eq!(take.status, StatusCode::NOT_FOUND);
    let feed = post(&mut bank.bob, "/api/v1/transfers", transfer(bob, till, 1)).await;
    assert_eq!(feed.status, StatusCode::NOT_FOUND, "the company's own");
    let hold = post(&mut bank.bob, "/api/v1/holds", transfer(ann, bob, 1)).await;
    assert_eq!(hold.status, StatusCode::NOT_FOUND);
    for path in [
        format!("/api/v1/accounts/{ann}"),
        format!("/api/v1/accounts/{ann}/entries"),
    ] {
        assert_eq!(
            bank.bob.api(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(
            bank.company.staff.api(&path).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
    let own = bank.bob.api("/api/v1/accounts").await.data();
    assert_eq!(own["items"].as_array().expect("a list").len(), 1);
    let made = post(
        &mut bank.company.mei,
        "/api/v1/holds",
        transfer(ann, bob, 1),
    )
    .await
    .data();
    let made = made["id"].as_str().expect("an id").to_owned();
    for act in ["capture", "void"] {
        let path = format!("/api/v1/holds/{made}/{act}");
        let answer = post(&mut bank.bob, &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
    }
    let user = bank.bob.id();
    for path in [
        "/api/v1/accounts".to_owned(),
        format!("/api/v1/users/{user}/top-up"),
        "/api/v1/transfers/x/reverse".to_owned(),
    ] {
        let answer = post(&mut bank.bob, &path, json!("nonsense")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut nobody = bank.company.server.visitor();
    for path in [
        "transfers",
        "transfers/batch",
        "holds",
        "accounts",
        "transfers/x/reverse",
    ] {
        let answer = post(&mut nobody, &format!("/api/v1/{path}"), json!("nonsense")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in [
        "wallet",
        "accounts",
        "transfers/x",
        "holds/x",
        "accounts/1",
        "accounts/1/entries",
    ] {
        let answer = nobody.api(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_transfer_is_taken_back_once() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let posted = post(
        &mut bank.company.mei,
        "/api/v1/transfers",
        transfer(ann, bob, 400),
    )
    .await
    .data();
    let path = format!(
        "/api/v1/transfers/{}/reverse",
        posted["id"].as_str().expect("an id")
    );
    let reversed = post(
        &mut bank.company.staff,
        &path,
        json!({ "memo": "by mistake" }),
    )
    .await;
    assert_eq!(reversed.status, StatusCode::CREATED, "{}", reversed.body);
    assert_eq!(reversed.data()["reverses"], posted["id"]);
    let again = post(
        &mut bank.company.staff,
        &path,
        json!({ "memo": "by mistake" }),
    )
    .await;
    assert_eq!(again.data(), reversed.data());
    let other = post(
        &mut bank.company.staff,
        &path,
        json!({ "memo": "another reason" }),
    )
    .await;
    assert_eq!((other.status, other.code()), (StatusCode::CONFLICT, 3105));
    assert_eq!(wallet(&mut bank.company.mei).await["balance"], 10_000);
    bank.company.check().await;
}

#[tokio::test]
async fn the_journal_keeps_what_each_transfer_was_for_and_who_made_it() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    post(
        &mut bank.company.mei,
        "/api/v1/transfers",
        transfer(ann, bob, 5),
    )
    .await;
    let mut body = transfer(ann, bob, 400);
    body["id"] = json!("deposit");
    (body["memo"], body["reference"]) = (json!("the room"), json!("booking-7"));
    post(&mut bank.company.mei, "/api/v1/holds", body).await;
    let captured = post(
        &mut bank.company.staff,
        "/api/v1/holds/deposit/capture",
        json!({ "amount": 300 }),
    )
    .await
    .data();
    let captured = &captured["transfer"];
    assert_eq!(
        (&captured["memo"], &captured["reference"]),
        (&json!("the room"), &json!("booking-7"))
    );
    let id = captured["id"].as_str().expect("an id");
    let path = format!("/api/v1/transfers/{id}/reverse");
    let reversed = post(
        &mut bank.company.staff,
        &path,
        json!({ "memo": "not used" }),
    )
    .await;
    assert_eq!(reversed.data()["reference"], "booking-7");
    for (kind, who) in [
        ("top_up", bank.company.staff.id()),
        ("transfer", bank.company.mei.id()),
        ("capture", bank.company.staff.id()),
        ("reversal", bank.company.staff.id()),
    ] {
        let actor = format!("SELECT MAX(actor_id) FROM transfers WHERE kind = '{kind}'");
        assert_eq!(
            number(&bank.company.server.app, &actor).await,
            who,
            "{kind}"
        );
    }
    bank.company.check().await;
}

#[tokio::test]
async fn a_batch_has_a_result_for_each() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let mut named = transfer(ann, bob, 10);
    named["id"] = json!("named");
    let batch = json!({ "transfers": [
        named, transfer(ann, bob, 99_999), transfer(ann, bob, 0), named, transfer(bob, ann, 1),
        transfer(ann, bob, 20),
    ] });
    let answer = post(&mut bank.company.mei, "/api/v1/transfers/batch", batch).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let items = answer.data()["items"].as_array().expect("a list").clone();
    assert_eq!(items[0]["transfer"]["from_balance"], 9_990);
    assert_eq!(items[1]["error"]["code"], 3101);
    assert!(items[2]["error"]["errors"]["amount"].is_string());
    assert_eq!(items[3], items[0], "the same id");
    assert_eq!(items[4]["error"]["code"], 1404, "Bob's account");
    assert_eq!(items[5]["transfer"]["from_balance"], 9_970);

    let many = json!({ "transfers": vec![transfer(ann, bob, 1); 1_000] });
    let answer = post(&mut bank.company.mei, "/api/v1/transfers/batch", many).await;
    assert_eq!(
        answer.data()["items"][999]["transfer"]["from_balance"],
        8_970
    );
    let too_many = json!({ "transfers": vec![transfer(ann, bob, 1); 1_001] });
    let answer = post(&mut bank.company.mei, "/api/v1/transfers/batch", too_many).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    bank.company.check().await;
}

#[tokio::test]
async fn the_programs_own_accounts_are_nobodys_to_make() {
    let mut bank = Bank::open().await;
    for code in ["bank", "Sales", "wallet-4000"] {
        let body = json!({ "code": code, "name": "Mine", "owner_id": bank.company.mei.id() });
        let answer = post(&mut bank.company.staff, "/api/v1/accounts", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(
            answer.json()["errors"]["code"].is_string(),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn verification_takes_sums_beyond_64_bits() {
    const MOST: i64 = 1_000_000_000_000_000;
    let mut bank = Bank::open().await;
    let mut accounts = Vec::new();
    for code in ["vault-a", "vault-b"] {
        let body = json!({ "code": code, "name": code, "min_balance": null });
        accounts.push(new_account(&mut bank.company.staff, body).await);
    }
    // To and fro, until all debits together are more than a 64-bit number holds.
    let (there, back) = (
        transfer(accounts[0], accounts[1], MOST),
        transfer(accounts[1], accounts[0], MOST),
    );
    for _ in 0..10 {
        let pairs = (0..500).flat_map(|_| [there.clone(), back.clone()]);
        let batch = json!({ "transfers": pairs.collect::<Vec<_>>() });
        let answer = post(&mut bank.company.staff, "/api/v1/transfers/batch", batch).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    bank.company.check().await;
    let page = bank.company.staff.api("/api/v1/ops/conservation").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[tokio::test]
async fn a_top_up_with_a_key_pays_in_once() {
    let mut bank = Bank::open().await;
    let path = format!("/api/v1/users/{}/top-up", bank.bob.id());
    for _ in 0..2 {
        let (staff, body) = (&mut bank.company.staff, json!({ "amount": 250 }));
        let answer = post_keyed(staff, &path, "slip-7", &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }
    assert_eq!(wallet(&mut bank.bob).await["balance"], 750);
    let nobody = "/api/v1/users/999999/top-up";
    let answer = post(&mut bank.company.staff, nobody, json!({ "amount": 250 })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    for amount in [0, -5, 1_000_000_000_000_001_i64] {
        let answer = post(&mut bank.company.staff, &path, json!({ "amount": amount })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        assert!(answer.json()["errors"]["amount"].is_string(), "{amount}");
    }
    assert_eq!(wallet(&mut bank.bob).await["balance"], 750);
    bank.company.check().await;
}

#[tokio::test]
async fn postings_are_immutable_and_tampering_is_found() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    post(
        &mut bank.company.mei,
        "/api/v1/transfers",
        transfer(ann, bob, 5),
    )
    .await;
    for change in [
        "UPDATE transfers SET amount = 1",
        "DELETE FROM transfers",
        "UPDATE ledger_entries SET balance = 0",
        "DELETE FROM ledger_entries",
    ] {
        let result = try_execute(&bank.company.server.app, change).await;
        assert!(result.is_err(), "{change}");
    }
    bank.company.check().await;
    let tamper = format!("UPDATE ledger_accounts SET balance = balance + 1 WHERE id = {ann}");
    execute(&bank.company.server.app, &tamper).await;
    let findings = verify_ledger(&bank.company.server.app)
        .await
        .expect("reads");
    assert_eq!(findings.len(), 1, "{findings:?}");
    let code = format!("wallet-{}", bank.company.mei.id());
    assert_eq!(
        findings[0].0,
        format!("Account {code} has a balance of 9996, and its entries add up to 9995")
    );
}

/// 16 clients, 20 accounts, and somebody who adds it all up meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn the_sum_of_a_bank_never_changes() {
    const CLIENTS: usize = 16;
    const EACH: usize = 2_000;
    const START: i64 = 1_000;
    /// As often at least it is added up while they move.
    const SUMS: usize = 20;
    let mut bank = Bank::open().await;
    let mut accounts = Vec::new();
    for number in 0..20 {
        let body = json!({ "code": format!("box-{number}"), "name": format!("Box {number}") });
        accounts.push(new_account(&mut bank.company.staff, body).await);
    }
    let open = json!({ "code": "source", "name": "Source", "min_balance": null });
    let source = new_account(&mut bank.company.staff, open).await;
    for account in &accounts {
        let answer = post(
            &mut bank.company.staff,
            "/api/v1/transfers",
            transfer(source, *account, START),
        );
        assert_eq!(answer.await.status, StatusCode::CREATED);
    }
    let staff = bank.company.staff.user.clone().expect("somebody signed in");
    let summed = Arc::new(AtomicBool::new(false));
    let clients = (0..CLIENTS).map(|client| {
        let (app, staff, accounts) = (
            bank.company.server.app.clone(),
            staff.clone(),
            accounts.clone(),
        );
        let summed = Arc::clone(&summed);
        tokio::spawn(async move {
            let (mut made, mut moved) = (0, 0);
            let mut state = client as u64 + 1;
            let mut random = |below: usize| {
                // xorshift64: the same run for every client number.
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % below as u64) as usize
            };
            while made < EACH || !summed.load(Relaxed) {
                made += 1;
                let input = NewTransfer {
                    id: None,
                    from_account_id: accounts[random(20)],
                    to_account_id: accounts[random(20)],
                    amount: random(400) as i64 + 1,
                    memo: String::new(),
                };
                match ledger::transfer(&app, &staff, IdempotencyKey::default(), input).await {
                    Ok(_) => moved += 1,
                    Err(error) => assert!([3101, 3103].contains(&error.code), "{error:?}"),
                }
            }
            (made, moved)
        })
    });
    let clients: Vec<_> = clients.collect();
    for sums in 0.. {
        summed.store(sums >= SUMS, Relaxed);
        if clients.iter().all(tokio::task::JoinHandle::is_finished) {
            break;
        }
        let sum =
            "SELECT CAST(SUM(balance) AS BIGINT) FROM ledger_accounts WHERE code LIKE 'box-%'";
        assert_eq!(number(&bank.company.server.app, sum).await, 20 * START);
    }
    let (mut made, mut moved) = (0, 0);
    for client in clients {
        let (tried, done) = client.await.expect("finishes");
        made += tried;
        moved += done;
    }
    assert!(moved > made / 4, "{moved} of {made} moved");
    bank.company.check().await;
}
