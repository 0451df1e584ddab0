//! Holds: money set aside, then captured in part, voided, or expired.

use super::bank::{Bank, new_account, transfer, wallet, wallet_id};
use crate::support::company::{post, post_keyed};
use crate::support::{interfere, number};
use axum::http::StatusCode;
use guildhall::ledger::expire_holds;
use serde_json::json;

#[tokio::test]
async fn a_hold_is_captured_in_part_and_the_rest_is_free() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let mut body = transfer(ann, bob, 8_000);
    body["id"] = json!("hold-1");
    let held = post(&mut bank.company.mei, "/api/v1/holds", body.clone()).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    let again = post(&mut bank.company.mei, "/api/v1/holds", body).await;
    assert_eq!(held.data(), again.data());
    let standing = wallet(&mut bank.company.mei).await;
    assert_eq!(
        (&standing["balance"], &standing["available"]),
        (&json!(10_000), &json!(2_000))
    );
    let spent = post(
        &mut bank.company.mei,
        "/api/v1/transfers",
        transfer(ann, bob, 2_001),
    )
    .await;
    assert_eq!(spent.code(), 3101, "what is held cannot be spent");

    let capture = "/api/v1/holds/hold-1/capture";
    let more = post(&mut bank.company.staff, capture, json!({ "amount": 8_001 })).await;
    assert_eq!((more.status, more.code()), (StatusCode::CONFLICT, 3107));
    let captured = post(&mut bank.company.staff, capture, json!({ "amount": 6_000 })).await;
    assert_eq!(captured.status, StatusCode::OK, "{}", captured.body);
    assert_eq!(captured.data()["transfer"]["from_balance"], 4_000);
    let again = post(&mut bank.company.staff, capture, json!({ "amount": 6_000 })).await;
    assert_eq!(captured.data(), again.data());
    let other = post(&mut bank.company.staff, capture, json!({ "amount": 5_999 })).await;
    assert_eq!((other.status, other.code()), (StatusCode::CONFLICT, 3106));
    let late = post(
        &mut bank.company.staff,
        "/api/v1/holds/hold-1/void",
        json!({}),
    )
    .await;
    assert_eq!((late.status, late.code()), (StatusCode::CONFLICT, 3106));
    assert_eq!(wallet(&mut bank.company.mei).await["available"], 4_000);
    assert_eq!(wallet(&mut bank.bob).await["balance"], 6_500);
    bank.company.check().await;
}

#[tokio::test]
async fn a_hold_is_voided_or_expires_and_all_is_free() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    for id in ["voided", "expiring"] {
        let mut body = transfer(ann, bob, 3_000);
        (body["id"], body["expires_in"]) = (json!(id), json!(60));
        let answer = post(&mut bank.company.mei, "/api/v1/holds", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }
    for _ in 0..2 {
        let voided = post(
            &mut bank.company.mei,
            "/api/v1/holds/voided/void",
            json!({}),
        )
        .await;
        assert_eq!(voided.data()["status"], "voided");
    }
    assert_eq!(wallet(&mut bank.company.mei).await["available"], 7_000);
    assert_eq!(
        expire_holds(&bank.company.server.app).await,
        Ok(0),
        "not yet"
    );
    bank.company.server.app.clock.advance(60);
    let also = transfer(bob, ann, 100);
    let other = post(&mut bank.bob, "/api/v1/holds", also).await;
    assert_eq!(other.status, StatusCode::CREATED, "{}", other.body);
    let late = post(
        &mut bank.company.staff,
        "/api/v1/holds/expiring/capture",
        json!({}),
    )
    .await;
    assert_eq!(late.code(), 3106, "expired before anybody noted it");
    assert_eq!(expire_holds(&bank.company.server.app).await, Ok(1));
    assert_eq!(expire_holds(&bank.company.server.app).await, Ok(0));
    assert_eq!(wallet(&mut bank.company.mei).await["available"], 10_000);
    bank.company.check().await;
}

#[tokio::test]
async fn a_hold_that_is_closed_while_others_expire_is_left_as_it_is() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    for id in ["first", "second"] {
        let mut body = transfer(ann, bob, 1_000);
        (body["id"], body["expires_in"]) = (json!(id), json!(60));
        let answer = post(&mut bank.company.mei, "/api/v1/holds", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }
    bank.company.server.app.clock.advance(60);
    // Whichever is released first, the other one is closed by then.
    let other = "UPDATE holds SET status = 'voided' WHERE id <> NEW.id AND status = 'open'";
    interfere(
        &bank.company.server.app,
        "AFTER UPDATE ON holds",
        other,
        &format!("IF pg_trigger_depth() = 1 THEN {other}; END IF"),
    )
    .await;
    assert_eq!(expire_holds(&bank.company.server.app).await, Ok(1));
    let app = &bank.company.server.app;
    for (status, count) in [("expired", 1), ("voided", 1), ("open", 0)] {
        let sql = format!("SELECT COUNT(*) FROM holds WHERE status = '{status}'");
        assert_eq!(number(app, &sql).await, count, "{status}");
    }
}

#[tokio::test]
async fn a_hold_that_is_no_hold_is_refused_by_its_field() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    for (field, values) in [
        ("amount", [0, -5, 1_000_000_000_000_001_i64]),
        ("expires_in", [0, -60, 7_776_001]),
    ] {
        for value in values {
            let mut body = transfer(ann, bob, 100);
            body[field] = json!(value);
            let answer = post(&mut bank.company.mei, "/api/v1/holds", body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
            assert!(answer.json()["errors"][field].is_string(), "{value}");
        }
    }
    let mut longest = transfer(ann, bob, 100);
    (longest["id"], longest["expires_in"]) = (json!("long"), json!(7_776_000));
    let held = post(&mut bank.company.mei, "/api/v1/holds", longest).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    for amount in [0, -5] {
        let capture = json!({ "amount": amount });
        let answer = post(&mut bank.company.mei, "/api/v1/holds/long/capture", capture).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        assert!(answer.json()["errors"]["amount"].is_string(), "{amount}");
    }
    bank.company.check().await;
}

#[tokio::test]
async fn the_account_owner_cannot_end_a_hold_but_its_maker_can() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let mut body = transfer(ann, bob, 3_000);
    body["id"] = json!("deposit");
    let held = post(&mut bank.company.staff, "/api/v1/holds", body).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    for act in ["void", "capture"] {
        let path = format!("/api/v1/holds/deposit/{act}");
        let answer = post(&mut bank.company.mei, &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    }
    assert_eq!(wallet(&mut bank.company.mei).await["available"], 7_000);
    let ended = post(
        &mut bank.company.staff,
        "/api/v1/holds/deposit/void",
        json!({}),
    )
    .await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    bank.company.check().await;
}

#[tokio::test]
async fn a_hold_sets_aside_on_either_side_what_it_will_take() {
    let mut bank = Bank::open().await;
    let ann = wallet_id(&mut bank.company.mei).await;
    let vault = json!({ "code": "vault", "name": "Vault", "normal_side": "debit" });
    let vault = new_account(&mut bank.company.staff, vault).await;
    let fill = transfer(vault, ann, 1_000);
    let filled = post(&mut bank.company.staff, "/api/v1/transfers", fill).await;
    assert_eq!(filled.data()["from_balance"], 1_000);
    let path = format!("/api/v1/accounts/{vault}");
    for end in ["void", "capture"] {
        let mut body = transfer(ann, vault, 800);
        body["id"] = json!(end);
        let held = post(&mut bank.company.staff, "/api/v1/holds", body).await;
        assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
        let seen = bank.company.staff.api(&path).await.data();
        let standing = (&seen["balance"], &seen["held"], &seen["available"]);
        assert_eq!(standing, (&json!(1_000), &json!(800), &json!(200)));
        let more = post(
            &mut bank.company.staff,
            "/api/v1/holds",
            transfer(ann, vault, 201),
        )
        .await;
        assert_eq!((more.status, more.code()), (StatusCode::CONFLICT, 3101));
        bank.company.check().await;
        let ended = format!("/api/v1/holds/{end}/{end}");
        let answer = post(&mut bank.company.staff, &ended, json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(bank.company.staff.api(&path).await.data()["held"], 0);
        bank.company.check().await;
    }
    assert_eq!(bank.company.staff.api(&path).await.data()["balance"], 200);
}

#[tokio::test]
async fn holds_and_batches_under_one_key_are_made_once() {
    let mut bank = Bank::open().await;
    let (ann, bob) = (
        wallet_id(&mut bank.company.mei).await,
        wallet_id(&mut bank.bob).await,
    );
    let held = async |bank: &mut Bank, amount: i64| {
        let body = transfer(ann, bob, amount);
        post_keyed(&mut bank.company.mei, "/api/v1/holds", "a-key", &body).await
    };
    let (first, again, other) = (
        held(&mut bank, 500).await,
        held(&mut bank, 500).await,
        held(&mut bank, 501).await,
    );
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.data(), again.data());
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );
    assert_eq!(wallet(&mut bank.company.mei).await["available"], 9_500);

    let batch = json!({ "transfers": [transfer(ann, bob, 1), transfer(ann, bob, 1)] });
    let path = "/api/v1/transfers/batch";
    let first = post_keyed(&mut bank.company.mei, path, "a-key", &batch).await;
    let again = post_keyed(&mut bank.company.mei, path, "a-key", &batch).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(first.data(), again.data());
    assert_ne!(
        first.data()["items"][0]["transfer"]["id"],
        first.data()["items"][1]["transfer"]["id"]
    );
    // Another person's key of the same name is another key.
    let back = json!({ "transfers": [transfer(bob, ann, 1)] });
    let theirs = post_keyed(&mut bank.bob, path, "a-key", &back).await;
    assert_eq!(
        theirs.data()["items"][0]["transfer"]["amount"],
        1,
        "{}",
        theirs.body
    );
    assert_eq!(
        wallet(&mut bank.company.mei).await["balance"],
        10_000 - 2 + 1
    );
    bank.company.check().await;
}
