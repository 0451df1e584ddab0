//! A page of a list as a table.

use super::Table;
use crate::ui::Pager;
use leptos::prelude::*;

/// A page of a keyset-paginated list: its rows in a table with the way on, or `none` if the list is
/// empty. Rows become cards on narrow screens.
#[component]
pub fn PagedTable(
    /// The description of the table's content, for screen readers.
    #[prop(into)]
    caption: String,
    head: Vec<&'static str>,
    /// The indices of the columns that hold numbers, from 0.
    #[prop(optional)]
    num: &'static [usize],
    #[prop(optional)] dense: bool,
    #[prop(into, optional)] class: String,
    rows: Vec<AnyView>,
    /// The address of the first page, with the query that filters the list.
    #[prop(into)]
    address: String,
    on_first_page: bool,
    /// The cursor of the next page, unless this is the last.
    next_cursor: Option<String>,
    /// The name of the pages, for screen readers.
    #[prop(into, optional)]
    label: String,
    none: AnyView,
) -> impl IntoView {
    let shown = rows.len();
    if shown == 0 {
        return none;
    }
    let and = if address.contains('?') { '&' } else { '?' };
    let next = next_cursor.map(|cursor| format!("{address}{and}cursor={cursor}"));
    let first = (!on_first_page).then_some(address);
    view! {
        <Table caption class head num dense stack=true>
            {rows}
        </Table>
        <Pager first next shown label />
    }
    .into_any()
}
