//! Malformed messages: each gets a verdict or is refused with a reason.

use super::message::{Message, Outline, Source};
use super::verdict::{Action, Past, StaffRefund, Verdict, judge};
use super::verdict_tests::at;
use crate::clock::Timestamp;
use crate::orders::{OrderState, Status};
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Generates any JSON value of limited depth.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            hash_map("[a-z_]{0,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Generates message-like JSON: expected fields, now and then with wrong values or missing.
fn almost_a_message() -> impl Strategy<Value = Value> {
    let topics = [
        "payment.captured",
        "payment.failed",
        "payment.refunded",
        "stock.adjusted",
        "shipment.dispatched",
        "shipment.delivered",
        "risk.flagged",
        "risk.cleared",
    ];
    let or_any = |usual: BoxedStrategy<Value>| prop_oneof![4 => usual, 1 => any_json()];
    let text = || prop_oneof![Just("2026-000001".to_owned()), ".{0,300}"].prop_map(Value::from);
    let amount = prop_oneof![1_i64..2_000, any::<i64>()].prop_map(Value::from);
    let currency = select(vec!["CNY", "USD", "cny", ""]).prop_map(Value::from);
    let time = prop_oneof![Just("2026-11-21T04:07:00Z".to_owned()), ".{0,30}"];
    (
        or_any(select(topics.to_vec()).prop_map(Value::from).boxed()),
        or_any(time.prop_map(Value::from).boxed()),
        or_any(text().boxed()),
        or_any(amount.boxed()),
        or_any(currency.boxed()),
        or_any(text().boxed()),
    )
        .prop_map(|(topic, at, order, amount, currency, words)| {
            json!({ "type": topic, "timestamp": at, "data": {
                "order": order, "amount": amount, "currency": currency, "refund_id": words,
                "product_id": amount, "sku": order, "change": amount, "reason": words,
                "carrier": words, "tracking": order,
            } })
        })
}

fn any_order() -> impl Strategy<Value = OrderState> {
    let status = select(Status::ALL.to_vec());
    (status, 0_i64..1_000, any::<bool>()).prop_map(|(status, captured, flagged)| OrderState {
        flagged,
        ..at(status, captured)
    })
}

proptest! {
    /// Every message gets a verdict or is refused with a reason that staff can read.
    #[test]
    fn any_message_comes_to_a_verdict_or_a_clear_refusal(
        body in prop_oneof![any_json(), almost_a_message()],
        order in any_order(),
        unmatched in vec((1_i64..9, 1_i64..2_000), 0..3),
    ) {
        let unmatched = unmatched.into_iter().map(|(step, amount)| StaffRefund { step, amount });
        let past = Past { unmatched: unmatched.collect(), ..Past::default() };
        let body = body.to_string();
        let _ = Outline::read(&body);
        for source in Source::ALL {
            match Message::read(source, &body) {
                Err(why) => prop_assert!(why.ends_with('.'), "{}", why),
                Ok(message) => match judge(&message, Timestamp(5), &order, &past) {
                    Verdict::Nothing(why) | Verdict::Wait(why) | Verdict::Unclear(why)
                    | Verdict::Park(why) => prop_assert!(why.ends_with('.'), "{}", why),
                    Verdict::Do(Action::Refund { amount }) => {
                        prop_assert!((1..=order.refundable()).contains(&amount));
                    }
                    Verdict::Do(action) => prop_assert!(!action.said().is_empty()),
                },
            }
        }
    }

    #[test]
    fn any_text_at_all_is_survived(body in ".{0,200}") {
        for source in Source::ALL {
            let _ = (Outline::read(&body), Message::read(source, &body));
        }
    }
}
