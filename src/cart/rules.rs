//! Rules of the cart: its limits, the states of a line, and how two carts are merged.

use crate::catalog::LARGEST_QUANTITY;
use crate::i18n::t;

/// The maximum number of different products in a cart; an order has no more lines.
pub const MOST_PRODUCTS: i64 = 100;

/// An add without a key this soon after the previous one is the same click. A second, in
/// microseconds: longer than a double click takes, shorter than it takes to want another one.
const SAME_CLICK: u64 = 1_000_000;

/// Returns true if an add at `now` to a line last added to at `last_added` is the same click. The
/// clocks of two servers may differ slightly, either way.
pub const fn is_same_click(last_added: i64, now: i64) -> bool {
    now.abs_diff(last_added) < SAME_CLICK
}

/// Returns the maximum quantity of a product that a cart accepts while `available` are available.
pub fn most_of(available: i64) -> i64 {
    available.clamp(0, LARGEST_QUANTITY)
}

/// Checks a quantity that may be zero, which removes the line.
pub fn check_quantity_or_none(quantity: i64) -> Result<i64, String> {
    if (0..=LARGEST_QUANTITY).contains(&quantity) {
        Ok(quantity)
    } else {
        Err(t!("cart-choose-or-none", most = LARGEST_QUANTITY))
    }
}

/// The availability of what a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    Good,
    /// Some are available, but fewer than the line asks for.
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

    /// Returns true if at least one is available, so that the line counts towards the subtotal.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Good | Self::TooFew)
    }
}

/// The outcome for a visitor's line at sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// All of it is in the person's cart, which had none of it.
    Moved(i64),
    /// All of it was added to what the person had.
    Added(i64),
    /// The person's cart now has this many; no more are available.
    Capped(i64),
    LeftOut(LineState),
    /// The person's cart is full.
    NoRoom,
}

impl Merged {
    /// Returns the person's new quantity, if there is one to store.
    pub const fn quantity(self) -> Option<i64> {
        match self {
            Self::Moved(quantity) | Self::Added(quantity) | Self::Capped(quantity) => {
                Some(quantity)
            }
            Self::LeftOut(_) | Self::NoRoom => None,
        }
    }
}

/// Merges a visitor's line into the cart of a person who has `present` of the product, and `room` for that
/// many other products. The person's own quantity is never reduced: it is theirs to change.
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
