//! Charts of vital signs, drawn on the server: a line for each measure, and the range in which it is expected.

use super::measure::Measure;
use super::ranges::Ranges;
use super::reading::Reading;
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::ui::When;
use leptos::prelude::*;

/// The drawing's own units; it is stretched to the space available.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 120.0;

/// The lines of one chart: blood pressure has two.
#[derive(Clone, Debug, PartialEq)]
struct Drawing {
    low: i64,
    high: i64,
    /// The path of each line.
    lines: Vec<String>,
    /// The places of the values outside the expected range.
    unusual: Vec<(f64, f64)>,
    /// The height of the upper and the lower end of the expected range.
    band: (f64, f64),
}

/// Returns the drawing of these measures; `None` if there is nothing to draw.
fn draw(readings: &[Reading], measures: &[Measure], ranges: &Ranges) -> Option<Drawing> {
    let of = |measure: &Measure| {
        let measure = *measure;
        let points = readings.iter().filter_map(move |reading| {
            let value = reading.value(measure)?;
            Some((reading.recorded_at.micros(), value))
        });
        points.collect::<Vec<_>>()
    };
    let series: Vec<Vec<(i64, i64)>> = measures.iter().map(of).collect();
    let expected = measures.iter().map(|measure| ranges.of(*measure));
    let least_expected = expected.clone().map(|range| range.low).min()?;
    let most_expected = expected.map(|range| range.high).max()?;
    let values = || series.iter().flatten().map(|(_, value)| *value);
    let low = values().min()?.min(least_expected);
    let high = values().max()?.max(most_expected);
    let first = readings
        .iter()
        .map(|reading| reading.recorded_at.micros())
        .min()?;
    let last = readings
        .iter()
        .map(|reading| reading.recorded_at.micros())
        .max()?;
    let across = |at: i64| match last - first {
        0 => WIDTH / 2.0,
        span => WIDTH * (at - first) as f64 / span as f64,
    };
    let height = |value: i64| HEIGHT * (1.0 - (value - low) as f64 / (high - low).max(1) as f64);
    let mut unusual = Vec::new();
    let mut lines = Vec::new();
    for (measure, points) in measures.iter().zip(&series) {
        let mut points = points.clone();
        points.sort_unstable();
        let mut path = String::new();
        for (at, value) in points {
            let (x, y) = (across(at), height(value));
            let to = if path.is_empty() { 'M' } else { 'L' };
            path.push_str(&format!("{to}{x:.1} {y:.1}"));
            if ranges.is_unusual(*measure, value) {
                unusual.push((x, y));
            }
        }
        lines.push(path);
    }
    Some(Drawing {
        low,
        high,
        lines,
        unusual,
        band: (height(most_expected), height(least_expected)),
    })
}

/// The charts of these readings, which are of one subject: one for each measure that there is.
#[component]
pub fn Charts(readings: Vec<Reading>, ranges: Ranges) -> impl IntoView {
    let charts: [(&'static str, &'static [Measure]); 5] = [
        (Measure::HeartRate.label(), &[Measure::HeartRate]),
        (
            t!("trials-blood-pressure"),
            &[Measure::Systolic, Measure::Diastolic],
        ),
        (Measure::Temperature.label(), &[Measure::Temperature]),
        (
            Measure::OxygenSaturation.label(),
            &[Measure::OxygenSaturation],
        ),
        (
            Measure::RespiratoryRate.label(),
            &[Measure::RespiratoryRate],
        ),
    ];
    let first = readings.iter().map(|reading| reading.recorded_at).min();
    let last = readings.iter().map(|reading| reading.recorded_at).max();
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let drawn = charts.into_iter().filter_map(|(title, measures)| {
        let drawing = draw(&readings, measures, &ranges)?;
        let measure = *measures.first()?;
        Some(view! { <Chart title measure drawing first last /> })
    });
    let drawn = drawn.collect::<Vec<_>>();
    view! { <div class="vital-charts">{drawn}</div> }
}

#[component]
fn Chart(
    title: &'static str,
    measure: Measure,
    drawing: Drawing,
    first: Timestamp,
    last: Timestamp,
) -> impl IntoView {
    let Drawing {
        low,
        high,
        lines,
        unusual,
        band,
    } = drawing;
    let (top, bottom) = band;
    let (low, high) = (measure.format(low), measure.format(high));
    let unit = measure.unit();
    let words = t!(
        "trials-chart-words",
        low = low.as_str(),
        high = high.as_str(),
        unit = unit,
        unusual = unusual.len()
    );
    let lines = lines
        .into_iter()
        .map(|line| view! { <path class="vital-line" d=line vector-effect="non-scaling-stroke"></path> })
        .collect::<Vec<_>>();
    let marks: String = unusual
        .iter()
        .map(|(x, y)| format!("M{x:.1} {y:.1}h0.01"))
        .collect();
    view! {
        <figure class="vital-chart">
            <figcaption>{title} <span class="muted">{format!(" {unit}")}</span></figcaption>
            <div class="vital-range num" aria-hidden="true">
                <span>{high}</span>
                <span>{low}</span>
            </div>
            <svg
                viewBox=format!("-6 -6 {} {}", WIDTH + 12.0, HEIGHT + 12.0)
                preserveAspectRatio="none"
                role="img"
                aria-label=words
            >
                <rect class="vital-band" x="-6" y=top width=WIDTH + 12.0 height=bottom - top></rect>
                {lines}
                <path class="vital-mark" d=marks vector-effect="non-scaling-stroke"></path>
            </svg>
            <div class="vital-days" aria-hidden="true">
                <When at=first date_only=true />
                <When at=last date_only=true />
            </div>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trials::vitals::reading::MEASURES;

    fn reading(at: i64, heart_rate: i64) -> Reading {
        let mut values = [None; MEASURES];
        values[Measure::HeartRate.index()] = Some(heart_rate);
        Reading {
            id: 0,
            recorded_at: Timestamp(at),
            values,
            version: 1,
            struck_out: None,
        }
    }

    #[test]
    fn a_line_goes_from_the_earliest_to_the_latest() {
        let readings = [reading(30, 60), reading(10, 50), reading(20, 140)];
        let drawing = draw(&readings, &[Measure::HeartRate], &Ranges::default());
        let drawing = drawing.expect("something to draw");
        assert_eq!((drawing.low, drawing.high), (50, 140));
        assert_eq!(drawing.lines, ["M0.0 120.0L450.0 0.0L900.0 106.7"]);
        assert_eq!(drawing.unusual, [(450.0, 0.0)]);
        assert_eq!(
            draw(&readings, &[Measure::Temperature], &Ranges::default()),
            None
        );
        assert_eq!(draw(&[], &[Measure::HeartRate], &Ranges::default()), None);
    }
}
