//! Holds and transfers that belong to an order, which alone may end them.

/// What their ids begin with.
pub const ORDER_ID: &str = "guildhall:order-";

/// The refusal of who would end one in another way.
pub const OF_AN_ORDER: u16 = 3108;
