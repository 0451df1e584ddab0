//! Rules of the cart: its bounds, what is to be said of a line, and how two carts become one.

use crate::catalog::LARGEST_QUANTITY;
use crate::i18n::t;

/// The most different products in a cart; an order has no more lines.
pub const MOST_PRODUCTS: i64 = 100;

/// An add that names no key and comes this soon after the one before it is the same click. A second,
/// in microseconds: longer than a double click takes, shorter than it takes to want another one.
const SAME_CLICK: u64 = 1_000_000;

/// Whether a line that was last added to at the one instant is added to again by the same click. The
/// clocks of two servers may differ a little, either way.
pub const fn is_same_click(last_added: i64, now: i64) -> bool {
    now.abs_diff(last_added) < SAME_CLICK
}

/// The most of a product that a cart takes while so many are available.
pub fn most_of(available: i64) -> i64 {
    available.clamp(0, LARGEST_QUANTITY)
}

/// Zero takes a line out of the cart.
pub fn check_quantity_or_none(quantity: i64) -> Result<i64, String> {
    if (0..=LARGEST_QUANTITY).contains(&quantity) {
        Ok(quantity)
    } else {
        Err(t!("cart-choose-or-none", most = LARGEST_QUANTITY))
    }
}

/// Whether what a line asks for can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    Good,
    /// Some are to be had, but fewer than the line asks for.
    TooFew,
    SoldOut,
    NotForSale,
}

impl LineState {
    pub const fn new(quantity: i64, available: i64, active: bool) -> Self {
        match available {
            _ if !active => Self::NotForSale,
            ..=0 => Self::SoldOut,
            _ if available < quantity => Self::TooFew,
            _ => Self::Good,
        }
    }

    /// Whether one can have at least one of it, so that it counts towards the subtotal.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Good | Self::TooFew)
    }
}

/// What became of a visitor's line when they signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// All of it is in the person's cart, which had none of it.
    Moved(i64),
    /// All of it was added to what the person had.
    Added(i64),
    /// So many are in the person's cart now; there are no more to be had.
    Capped(i64),
    LeftOut(LineState),
    /// The person's cart is full.
    NoRoom,
}

impl Merged {
    /// How many the person has now, where that is to be written down.
    pub const fn quantity(self) -> Option<i64> {
        match self {
            Self::Moved(quantity) | Self::Added(quantity) | Self::Capped(quantity) => {
                Some(quantity)
            }
            Self::LeftOut(_) | Self::NoRoom => None,
        }
    }
}

/// Adds a visitor's line to a person's, who has `present` of the product, and `room` for so many other
/// products. What the person had is never made less: it is theirs to change.
pub fn merge_line(present: i64, brought: i64, available: i64, active: bool, room: i64) -> Merged {
    let wanted = present.saturating_add(brought);
    let most = most_of(available).max(present);
    match LineState::new(wanted, available, active) {
        state if !state.counts() => Merged::LeftOut(state),
        _ if present == 0 && room <= 0 => Merged::NoRoom,
        _ if wanted > most => Merged::Capped(most),
        _ if present == 0 => Merged::Moved(wanted),
        _ => Merged::Added(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_carts_add_up_to_what_there_is() {
        assert_eq!(merge_line(0, 2, 5, true, 1), Merged::Moved(2));
        assert_eq!(merge_line(3, 2, 5, true, 1), Merged::Added(5));
        assert_eq!(merge_line(3, 4, 5, true, 1), Merged::Capped(5));
        assert_eq!(merge_line(900, 200, 5_000, true, 1), Merged::Capped(999));
        assert_eq!(
            merge_line(4, 1, 2, true, 1),
            Merged::Capped(4),
            "the person's own line is theirs to change"
        );
    }

    #[test]
    fn what_cannot_be_had_stays_behind() {
        let left_out = Merged::LeftOut;
        assert_eq!(merge_line(0, 1, 9, true, 0), Merged::NoRoom);
        assert_eq!(merge_line(2, 1, 9, true, 0), Merged::Added(3));
        assert_eq!(merge_line(0, 1, 0, true, 1), left_out(LineState::SoldOut));
        assert_eq!(
            merge_line(0, 1, 9, false, 1),
            left_out(LineState::NotForSale)
        );
    }

    #[test]
    fn a_line_says_what_is_wrong_with_it() {
        let state = LineState::new;
        assert_eq!(state(2, 2, true), LineState::Good);
        assert_eq!(state(3, 2, true), LineState::TooFew);
        assert_eq!(state(1, 0, true), LineState::SoldOut);
        assert_eq!(state(1, 5, false), LineState::NotForSale);
        assert!(LineState::TooFew.counts() && !LineState::SoldOut.counts());
    }

    #[test]
    fn a_click_is_over_after_a_second() {
        assert!(is_same_click(5, 5) && is_same_click(5, 1_000_004));
        assert!(!is_same_click(5, 1_000_005));
    }
}
