//! Instants on the page.

use crate::clock::Timestamp;
use leptos::prelude::*;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const DATE: &[BorrowedFormatItem] =
    format_description!("[day padding:none] [month repr:short] [year]");
const MINUTE: &[BorrowedFormatItem] =
    format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC");
const FULL: &[BorrowedFormatItem] = format_description!(
    "[weekday], [day padding:none] [month repr:long] [year], [hour]:[minute]:[second] UTC"
);

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

/// The same as text, for a sentence: "21 Nov 2026, 04:07 UTC".
pub fn moment(at: Timestamp) -> String {
    show(at, MINUTE)
}

fn show(at: Timestamp, format: &[BorrowedFormatItem]) -> String {
    at.date_time()
        .format(format)
        .expect("a date and time hold every part these formats ask for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_as_people_write_it() {
        let at = Timestamp::parse("2026-11-02T04:07:09Z").expect("parses");
        assert_eq!(show(at, MINUTE), "2 Nov 2026, 04:07 UTC");
        assert_eq!(show(at, DATE), "2 Nov 2026");
        assert_eq!(show(at, FULL), "Monday, 2 November 2026, 04:07:09 UTC");
    }
}
