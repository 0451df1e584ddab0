//! The script of the demo's orders: each step and its time.

use super::RefundTo;
use Act::{Back, Cancel, Deliver, Expire, Flag, Money, Pack, Pay, Ship};

/// An action on a demo order.
#[derive(Clone, Copy)]
pub enum Act {
    /// The money came in at the bank.
    Pay,
    Pack,
    /// The carrier and its tracking number.
    Ship(&'static str, &'static str),
    Deliver,
    Cancel(&'static str),
    Expire,
    /// The quantity of the first product returned, whether it can be sold again, and the reason.
    Back(i64, bool, &'static str),
    /// The amount refunded, or `None` for all that is left; its destination, and the reason.
    Money(Option<i64>, RefundTo, &'static str),
    Flag(&'static str),
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// A demo order.
pub struct Demo {
    /// The local part of the customer's email address.
    pub customer: &'static str,
    /// The time it was placed, in minutes before now.
    pub ago: i64,
    /// Slugs and quantities.
    pub items: &'static [(&'static str, i64)],
    pub delivery: &'static str,
    pub payment: &'static str,
    /// The actions on it, each with its time in minutes before now.
    pub then: &'static [(i64, Act)],
}

const fn demo(
    customer: &'static str,
    ago: i64,
    items: &'static [(&'static str, i64)],
    delivery: &'static str,
    payment: &'static str,
    then: &'static [(i64, Act)],
) -> Demo {
    Demo {
        customer,
        ago,
        items,
        delivery,
        payment,
        then,
    }
}

pub const ORDERS: &[Demo] = &[
    demo(
        "mei",
        71 * DAY,
        &[("mechanical-keyboard", 1), ("hardcover-notebook", 1)],
        "standard",
        "wallet",
        &[
            (70 * DAY, Pack),
            (70 * DAY - 3 * HOUR, Ship("SF Express", "SF1043558820")),
            (67 * DAY, Deliver),
        ],
    ),
    demo(
        "mei",
        58 * DAY,
        &[("desk-lamp", 1)],
        "standard",
        "wallet",
        &[
            (57 * DAY, Pack),
            (57 * DAY - 2 * HOUR, Ship("SF Express", "SF1044120017")),
            (54 * DAY, Deliver),
            (27 * DAY, Back(1, false, "The lamp came broken")),
            (
                26 * DAY,
                Money(None, RefundTo::Wallet, "灯坏了, with our apologies"),
            ),
        ],
    ),
    demo(
        "mei",
        33 * DAY,
        &[("bluetooth-speaker", 1), ("stoneware-mug", 2)],
        "express",
        "wallet",
        &[
            (33 * DAY - 4 * HOUR, Pack),
            (33 * DAY - 6 * HOUR, Ship("SF Express", "SF1045990431")),
            (32 * DAY, Deliver),
        ],
    ),
    demo(
        "noor",
        20 * DAY,
        &[("vacuum-flask", 2), ("fountain-pen", 1)],
        "express",
        "invoice",
        &[
            (20 * DAY - 22, Pay),
            (19 * DAY, Pack),
            (19 * DAY - HOUR, Ship("DHL", "4401 7782 0015")),
            (17 * DAY, Deliver),
        ],
    ),
    demo(
        "noor",
        15 * DAY,
        &[("hardcover-notebook", 3), ("ink-bottle", 1)],
        "standard",
        "invoice",
        &[
            (15 * DAY - 12, Pay),
            (14 * DAY, Pack),
            (14 * DAY - HOUR, Ship("DHL", "4401 7783 6120")),
            (11 * DAY, Deliver),
            (8 * DAY, Back(1, true, "One more than needed")),
            (
                8 * DAY - 30,
                Money(Some(6_800), RefundTo::Bank, "One notebook"),
            ),
        ],
    ),
    demo(
        "noor",
        12 * DAY,
        &[("canvas-backpack", 1)],
        "standard",
        "invoice",
        &[(9 * DAY, Expire)],
    ),
    demo(
        "mei",
        6 * DAY,
        &[("moka-pot", 1)],
        "standard",
        "wallet",
        &[
            (5 * DAY, Pack),
            (4 * DAY, Ship("SF Express", "SF1048810226")),
        ],
    ),
    demo(
        "jonas",
        5 * DAY,
        &[("trackball-mouse", 1)],
        "standard",
        "invoice",
        &[(5 * DAY - 18, Cancel("A friend had one to spare"))],
    ),
    demo(
        "noor",
        2 * DAY,
        &[("gooseneck-kettle", 1), ("stoneware-mug", 4)],
        "standard",
        "invoice",
        &[(2 * DAY - 9, Pay), (20 * HOUR, Pack)],
    ),
    demo(
        "mei",
        DAY,
        &[("wireless-earphones", 1)],
        "standard",
        "wallet",
        &[],
    ),
    demo(
        "jonas",
        5 * HOUR,
        &[("stoneware-mug", 40)],
        "standard",
        "invoice",
        &[
            (5 * HOUR - 14, Pay),
            (
                3 * HOUR,
                Flag("Does the café have room for forty? Call before packing."),
            ),
        ],
    ),
    demo("jonas", 6, &[("head-torch", 1)], "express", "invoice", &[]),
];
