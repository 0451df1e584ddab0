//! The unusual values of a study by measure, each with a link to the readings that have them.

use super::super::measure::Measure;
use super::super::ranges::read_ranges;
use super::filter::{ANY, Wanted};
use super::store::count_unusual;
use crate::i18n::t;
use crate::number::count;
use crate::server::Conn;
use crate::trials::components::study_path;
use leptos::prelude::*;

/// The counts of a study's readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusual {
    readings: i64,
    /// Those with an unusual value.
    any: i64,
    /// The unusual values, in the order of [`Measure::ALL`].
    by_measure: [i64; Measure::ALL.len()],
}

/// Counts the unusual values of a study, by the ranges that it has now.
pub async fn read_unusual(conn: &mut Conn, study: i64) -> sqlx::Result<Unusual> {
    let ranges = read_ranges(conn, study).await?;
    let (readings, any, by_measure) = count_unusual(conn, study, &ranges).await?;
    Ok(Unusual {
        readings,
        any,
        by_measure,
    })
}

#[component]
pub fn UnusualFigures(
    /// The code of the study.
    code: String,
    unusual: Unusual,
) -> impl IntoView {
    let path = study_path(&code, "readings");
    let address = |word: &str| {
        let wanted = Wanted {
            unusual: word.to_owned(),
            ..Default::default()
        };
        wanted.address(&path)
    };
    let figures = Measure::ALL.into_iter().zip(unusual.by_measure);
    let figures = figures
        .map(|(measure, values)| {
            let figure = match values {
                0 => count(0).into_any(),
                values => {
                    let href = address(measure.as_str());
                    view! { <a href=href>{count(values)}</a> }.into_any()
                }
            };
            view! {
                <div>
                    <dt>{measure.label()}</dt>
                    <dd>{figure}</dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    let words = t!(
        "trials-unusual-of",
        unusual = count(unusual.any),
        readings = count(unusual.readings)
    );
    let words = match unusual.any {
        0 => words.into_any(),
        _ => view! { <a href=address(ANY)>{words}</a> }.into_any(),
    };
    view! {
        <section class="study-unusual" aria-labelledby="unusual">
            <h2 id="unusual">{t!("trials-unusual-values")}</h2>
            <p>{words}</p>
            <dl class="figures">{figures}</dl>
        </section>
    }
}
