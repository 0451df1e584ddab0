//! The fields shared by the forms that place an order.

use super::new_order::Seen;
use crate::orders::Address;
use crate::server::forms::Fields;
use std::collections::BTreeMap;

/// Reads the address from the fields `address.name` and so on.
pub fn read_address(fields: &Fields) -> Address {
    let text = |name: &str| fields.text(&format!("address.{name}")).to_owned();
    Address {
        name: text("name"),
        line1: text("line1"),
        city: text("city"),
        state: text("state"),
        postal_code: text("postal_code"),
        country: text("country"),
        phone: text("phone"),
    }
}

/// Reads the lines shown of a cart or an order: product, price and quantity, as in `12:19900:2`.
pub fn read_seen(text: &str) -> Option<BTreeMap<i64, Seen>> {
    let line = |line: &str| {
        let mut parts = line
            .trim()
            .splitn(3, ':')
            .map(|part| part.parse::<i64>().ok());
        let (product, price) = (parts.next()??, parts.next()??);
        let quantity = parts.next().flatten();
        Some((product, Seen { price, quantity }))
    };
    let seen: BTreeMap<_, _> = text.split(',').filter_map(line).collect();
    (!seen.is_empty()).then_some(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_read_with_and_without_quantities() {
        let seen = read_seen("12:19900:2, 7:500").expect("seen");
        let of = |price, quantity| Seen { price, quantity };
        assert_eq!(seen[&12], of(19_900, Some(2)));
        assert_eq!(seen[&7], of(500, None));
        assert_eq!(read_seen(""), None);
        assert_eq!(read_seen("nonsense"), None);
    }
}
