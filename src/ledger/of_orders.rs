//! Holds and transfers that belong to an order, which only the order may end.

/// The prefix of their ids.
pub const ORDER_ID: &str = "guildhall:order-";

/// Error code: an attempt to end one of them in another way.
pub const OF_AN_ORDER: u16 = 3108;
