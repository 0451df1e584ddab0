//! Instants on the page.

use crate::clock::Timestamp;
use crate::i18n::current;
use leptos::prelude::*;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// The format of an instant, in English and in Chinese.
type Format = [&'static [BorrowedFormatItem<'static>]; 2];

const DATE: Format = [
    format_description!("[day padding:none] [month repr:short] [year]"),
    format_description!("[year]年[month padding:none]月[day padding:none]日"),
];
const MINUTE: Format = [
    format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC"),
    format_description!("[year]年[month padding:none]月[day padding:none]日 [hour]:[minute] UTC"),
];
const FULL: Format = [
    format_description!(
        "[weekday], [day padding:none] [month repr:long] [year], [hour]:[minute]:[second] UTC"
    ),
    format_description!(
        "[year]年[month padding:none]月[day padding:none]日 [hour]:[minute]:[second] UTC"
    ),
];

/// An instant: "21 Nov 2026, 04:07 UTC", or its date alone.
#[component]
pub fn When(at: Timestamp, #[prop(optional)] date_only: bool) -> impl IntoView {
    let shown = if date_only { DATE } else { MINUTE };
    view! {
        <time datetime=at.rfc3339() title=show(at, FULL)>
            {show(at, shown)}
        </time>
    }
}

/// Formats the instant as text, for a sentence: "21 Nov 2026, 04:07 UTC".
pub fn moment(at: Timestamp) -> String {
    show(at, MINUTE)
}

fn show(at: Timestamp, format: Format) -> String {
    at.date_time()
        .format(format[current() as usize])
        .expect("a date and time hold every part these formats ask for")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{self, Language};

    #[test]
    fn an_instant_reads_as_people_write_it() {
        let at = Timestamp::parse("2026-11-02T04:07:09Z").expect("parses");
        assert_eq!(show(at, MINUTE), "2 Nov 2026, 04:07 UTC");
        assert_eq!(show(at, DATE), "2 Nov 2026");
        assert_eq!(show(at, FULL), "Monday, 2 November 2026, 04:07:09 UTC");
        i18n::with(Language::Chinese, || {
            assert_eq!(show(at, MINUTE), "2026年11月2日 04:07 UTC");
            assert_eq!(show(at, DATE), "2026年11月2日");
            assert_eq!(show(at, FULL), "2026年11月2日 04:07:09 UTC");
        });
    }
}
