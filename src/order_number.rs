//! Order numbers, by which every slice refers to orders.

/// A year, and an order's ordinal in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderNumber {
    pub year: i64,
    pub ordinal: i64,
}

impl OrderNumber {
    /// Parses a number as people write it, with or without the zeros: `2026-12`.
    pub fn read(text: &str) -> Option<Self> {
        let (year, ordinal) = text.trim().split_once('-')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || !digits(year) || !digits(ordinal) {
            return None;
        }
        let (year, ordinal) = (year.parse().ok()?, ordinal.parse().ok()?);
        (ordinal > 0).then_some(Self { year, ordinal })
    }
}

/// Returns the path of the order that a text names by its full number; `None` for any other text.
pub fn order_path(text: &str) -> Option<String> {
    let number = OrderNumber::read(text)?.to_string();
    (number == text).then(|| format!("/orders/{number}"))
}

impl std::fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:06}", self.year, self.ordinal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_number_leads_to_an_order() {
        let path = order_path("2026-000012");
        assert_eq!(path.as_deref(), Some("/orders/2026-000012"));
        for text in [
            "2026-12",
            "order-1051",
            "",
            "2026-",
            "26-000012",
            "2026-00000x",
        ] {
            assert_eq!(order_path(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_has_six_digits_and_grows_when_they_are_used_up() {
        let number = |ordinal| {
            OrderNumber {
                year: 2026,
                ordinal,
            }
            .to_string()
        };
        assert_eq!(number(1), "2026-000001");
        assert_eq!(number(1_000_000), "2026-1000000");
    }
}
