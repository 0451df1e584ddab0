//! Tables.

use crate::ui::non_empty;
use leptos::prelude::*;

/// A table that scrolls inside itself where it is too wide. The children are its `<tr>`s.
///
/// Give cells of numbers the class `num`. With `stack`, rows become cards on narrow screens, each
/// cell labelled by its `data-label`.
#[component]
pub fn Table(
    /// The description of the table's content; read out, and visually hidden unless `show_caption`.
    #[prop(into)]
    caption: String,
    /// The column headings; omit, and give `head_row`, if they are links that sort.
    #[prop(optional)]
    head: Vec<&'static str>,
    /// The `<th scope="col">` cells, instead of `head`.
    #[prop(optional)]
    head_row: Option<AnyView>,
    /// The indices of the columns of `head` that hold numbers, from 0.
    #[prop(optional)]
    num: &'static [usize],
    #[prop(optional)] dense: bool,
    #[prop(optional)] stack: bool,
    /// True for a table that does not stack and may be wider than the screen: the keyboard can
    /// then reach and scroll it in every browser. One that fits is no tab stop.
    #[prop(optional)]
    wide: bool,
    #[prop(optional)] show_caption: bool,
    #[prop(into, optional)] class: String,
    children: Children,
) -> impl IntoView {
    let modifiers = [(dense, "table-dense"), (stack, "table-stack")];
    let class = modifiers
        .into_iter()
        .filter_map(|(on, class)| on.then_some(class))
        .fold(format!("table {class}"), |all, class| {
            format!("{all} {class}")
        });
    let cells = head_row.unwrap_or_else(|| head_cells(head, num).into_any());
    let label = non_empty(caption.clone());
    view! {
        <div class="table-scroll" role="region" aria-label=label tabindex=wide.then_some("0")>
            <table class=class>
                <caption class=(!show_caption).then_some("visually-hidden")>{caption}</caption>
                <thead>
                    <tr>{cells}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

fn head_cells(head: Vec<&'static str>, num: &'static [usize]) -> Vec<impl IntoView> {
    head.into_iter()
        .enumerate()
        .map(|(column, words)| {
            let class = num.contains(&column).then_some("num");
            view! {
                <th scope="col" class=class>
                    {words}
                </th>
            }
        })
        .collect()
}
