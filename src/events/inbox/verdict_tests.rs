//! Tests of the verdict rules, one by one and all together.

use super::message::Message;
use super::verdict::{Action, Past, RiskWord, StaffRefund, Verdict, judge};
use crate::clock::Timestamp;
use crate::money::Currency;
use crate::orders::{
    Address, Delivery, Event, Line, OrderState, Payment, Placement, RefundTo, Status,
};
use Status::{Cancelled, Packed, Paid, Shipped};

fn order() -> OrderState {
    let placement = Placement {
        customer_id: 1,
        items: vec![Line {
            product_id: 1,
            name: "Keyboard".to_owned().into(),
            unit_price: 1_000,
            quantity: 1,
            returned: 0,
        }],
        currency: Currency::Cny,
        delivery: Delivery::Standard,
        delivery_fee: 0,
        payment: Payment::Invoice,
        address: Address::default(),
        expires_at: Timestamp(1),
    };
    OrderState::place(&placement, Timestamp(0))
}

pub fn at(status: Status, captured: i64) -> OrderState {
    OrderState {
        status,
        captured,
        ..order()
    }
}

fn captured(amount: i64) -> Message {
    Message::Captured {
        order: "2026-000001".into(),
        amount,
        currency: Currency::Cny,
    }
}

fn refund(amount: i64) -> Message {
    Message::Refunded {
        order: "2026-000001".into(),
        amount,
        currency: None,
        refund_id: "r1".into(),
    }
}

fn verdict(message: &Message, order: &OrderState) -> Verdict {
    judge(message, Timestamp(5), order, &Past::default())
}

#[test]
fn money_that_came_in_pays_the_order_once_and_exactly() {
    assert_eq!(
        verdict(&captured(1_000), &order()),
        Verdict::Do(Action::Pay)
    );
    assert!(matches!(
        verdict(&captured(999), &order()),
        Verdict::Park(_)
    ));
    let paid = at(Paid, 0);
    assert!(matches!(
        verdict(&captured(1_000), &paid),
        Verdict::Nothing(_)
    ));
    let past = Past {
        captured: true,
        ..Past::default()
    };
    let twice = judge(&captured(1_000), Timestamp(5), &paid, &past);
    assert!(matches!(twice, Verdict::Park(_)), "somebody paid twice");
    assert!(matches!(
        verdict(&captured(1_000), &at(Cancelled, 0)),
        Verdict::Park(_)
    ));
}

#[test]
fn a_refund_waits_until_there_is_something_to_give_back() {
    assert!(matches!(verdict(&refund(10), &order()), Verdict::Wait(_)));
    assert!(matches!(
        verdict(&refund(10), &at(Paid, 0)),
        Verdict::Wait(_)
    ));
    let part = Verdict::Do(Action::Refund { amount: 10 });
    assert_eq!(verdict(&refund(10), &at(Packed, 1_000)), part);
    assert!(matches!(
        verdict(&refund(1_000), &at(Packed, 1_000)),
        Verdict::Wait(_)
    ));
    let all = Verdict::Do(Action::Refund { amount: 1_000 });
    assert_eq!(verdict(&refund(1_000), &at(Shipped, 1_000)), all);
    assert!(matches!(
        verdict(&refund(1_001), &at(Shipped, 1_000)),
        Verdict::Park(_)
    ));
}

#[test]
fn money_of_another_currency_is_put_aside() {
    let shipped = at(Shipped, 1_000);
    for (currency, booked) in [(Currency::Cny, true), (Currency::Usd, false)] {
        let came = Message::Captured {
            order: String::new(),
            amount: 1_000,
            currency,
        };
        let went = Message::Refunded {
            order: String::new(),
            amount: 10,
            currency: Some(currency),
            refund_id: "r1".into(),
        };
        for (message, order) in [(came, &order()), (went, &shipped)] {
            let verdict = verdict(&message, order);
            assert_eq!(matches!(verdict, Verdict::Do(_)), booked, "{verdict:?}");
            assert_eq!(matches!(verdict, Verdict::Park(_)), !booked, "{verdict:?}");
        }
    }
}

#[test]
fn a_refund_that_staff_booked_is_matched_and_never_booked_again() {
    let staff = |step, amount| StaffRefund { step, amount };
    let past = Past {
        unmatched: vec![staff(5, 500), staff(6, 300), staff(7, 300)],
        ..Past::default()
    };
    let judged =
        |amount, past: &Past| judge(&refund(amount), Timestamp(5), &at(Shipped, 1_000), past);
    let matched = |step| Verdict::Do(Action::MatchRefund { step });
    assert_eq!(judged(500, &past), matched(5));
    assert_eq!(judged(300, &past), matched(6), "the first of two alike");
    assert!(matches!(judged(200, &past), Verdict::Unclear(_)));
    let told = Past {
        refunded: Some(500),
        ..past
    };
    assert!(matches!(judged(500, &told), Verdict::Nothing(_)));
    assert!(matches!(judged(300, &told), Verdict::Park(_)));
}

#[test]
fn the_latest_word_on_a_risk_wins_whenever_it_comes() {
    let words = [(3, true), (5, false), (5, true), (4, false)];
    for order_of_arrival in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        let (mut order, mut past) = (order(), Past::default());
        for index in order_of_arrival {
            let (at, flagged) = words[index];
            let number = String::new();
            let message = if flagged {
                Message::Flagged {
                    order: number,
                    reason: String::new(),
                }
            } else {
                Message::Cleared { order: number }
            };
            match judge(&message, Timestamp(at), &order, &past) {
                Verdict::Do(Action::Flag { reason }) => {
                    order.apply(&Event::Flagged { reason }, Timestamp(9));
                }
                Verdict::Do(Action::Clear) => order.apply(&Event::Cleared {}, Timestamp(9)),
                Verdict::Nothing(_) => {}
                other => panic!("{other:?}"),
            }
            past.risk = past.risk.max(Some(RiskWord {
                at: Timestamp(at),
                flagged,
            }));
        }
        assert!(order.flagged, "{order_of_arrival:?}");
    }
}

/// An order and its messages, without a database: staff pack it as soon as they may, and then make
/// their bank refunds.
struct World {
    order: OrderState,
    past: Past,
    booked: Vec<(String, i64)>,
    waiting: Vec<(Message, Timestamp)>,
    staff_refunds: Vec<i64>,
}

impl World {
    fn new() -> Self {
        Self {
            order: order(),
            past: Past::default(),
            booked: Vec::new(),
            waiting: Vec::new(),
            staff_refunds: Vec::new(),
        }
    }

    fn hear(&mut self, message: Message, at: Timestamp) {
        self.waiting.push((message, at));
        while self.go_on() {}
    }

    /// Does what is possible now. Returns false if nothing is.
    fn go_on(&mut self) -> bool {
        if self.order.status == Paid && !self.order.flagged {
            let captured = self.order.held;
            self.happens(Event::Packed { captured });
            for amount in std::mem::take(&mut self.staff_refunds) {
                let step = self.order.version + 1;
                self.do_it(Action::Refund { amount });
                self.past.unmatched.push(StaffRefund { step, amount });
            }
        }
        let before = self.waiting.len();
        for (message, at) in std::mem::take(&mut self.waiting) {
            self.work_on(message, at);
        }
        self.waiting.len() < before
    }

    fn work_on(&mut self, message: Message, at: Timestamp) {
        if let Message::Refunded { refund_id, .. } = &message {
            let booked = self.booked.iter().find(|(id, _)| id == refund_id);
            self.past.refunded = booked.map(|(_, amount)| *amount);
        }
        match judge(&message, at, &self.order, &self.past) {
            Verdict::Do(action) => self.do_it(action),
            Verdict::Nothing(_) => {}
            Verdict::Wait(_) | Verdict::Unclear(_) => return self.waiting.push((message, at)),
            Verdict::Park(why) => panic!("{message:?}: {why}"),
        }
        let word = |flagged| Some(RiskWord { at, flagged });
        match message {
            Message::Flagged { .. } => self.past.risk = self.past.risk.max(word(true)),
            Message::Cleared { .. } => self.past.risk = self.past.risk.max(word(false)),
            Message::Refunded {
                refund_id, amount, ..
            } => self.booked.push((refund_id, amount)),
            _ => {}
        }
    }

    fn do_it(&mut self, action: Action) {
        let amount = self.order.total();
        let event = match action {
            Action::Pay => Event::Paid {
                by: Payment::Invoice,
                amount,
            },
            Action::MatchRefund { step } => {
                return self.past.unmatched.retain(|staff| staff.step != step);
            }
            Action::FailPayment { reason } => Event::PaymentFailed { reason },
            Action::Refund { amount } => Event::Refunded {
                amount,
                to: RefundTo::Bank,
                reason: String::new(),
            },
            Action::Ship { carrier, tracking } => Event::Shipped { carrier, tracking },
            Action::Deliver => Event::Delivered {},
            Action::Flag { reason } => Event::Flagged { reason },
            Action::Clear => Event::Cleared {},
        };
        self.happens(event);
    }

    fn happens(&mut self, event: Event) {
        self.order.apply(&event, Timestamp(9));
    }
}

/// Returns all permutations of `count` indices.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let longer = |shorter: Vec<usize>| {
        (0..count).map(move |place| {
            let mut longer = shorter.clone();
            longer.insert(place, count - 1);
            longer
        })
    };
    permutations(count - 1)
        .into_iter()
        .flat_map(longer)
        .collect()
}

#[test]
fn a_whole_story_told_in_any_order_ends_the_same() {
    let number = || "2026-000001".to_owned();
    let refund = |amount, refund_id: &str| Message::Refunded {
        order: number(),
        amount,
        currency: Some(Currency::Cny),
        refund_id: refund_id.to_owned(),
    };
    let failed = Message::PaymentFailed {
        order: number(),
        reason: "no funds".to_owned(),
    };
    let flagged = Message::Flagged {
        order: number(),
        reason: "a new customer".to_owned(),
    };
    let dispatched = Message::Dispatched {
        order: number(),
        carrier: String::new(),
        tracking: String::new(),
    };
    let story = [
        failed,
        captured(1_000),
        flagged,
        Message::Cleared { order: number() },
        dispatched,
        Message::Delivered { order: number() },
        refund(300, "a"),
        refund(700, "b"),
    ];
    // Staff refund nothing, a part that is reported, or both parts.
    for staff_refunds in [vec![], vec![300], vec![700], vec![300, 600]] {
        let mut told = story.to_vec();
        if staff_refunds.len() == 2 {
            told[7] = refund(600, "b");
        }
        for sequence in permutations(told.len()) {
            let mut world = World::new();
            world.staff_refunds.clone_from(&staff_refunds);
            for index in &sequence {
                let at = i64::try_from(*index).expect("a small number");
                world.hear(told[*index].clone(), Timestamp(at));
            }
            let order = &world.order;
            let (status, refunded) = if staff_refunds.len() == 2 {
                (Status::Delivered, 900)
            } else {
                (Status::Refunded, 1_000)
            };
            let end = (order.status, order.held, order.captured, order.refunded);
            assert_eq!(end, (status, 0, 1_000, refunded), "{sequence:?}");
            assert!(!order.flagged && world.waiting.is_empty(), "{sequence:?}");
            assert_eq!(world.past.unmatched, [], "{sequence:?}");
        }
    }
}
