//! Islands of the console.

use super::{Meter, Meters, read_meters};
use crate::ui::{Badge, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// The interval at which the figures are read again.
const PAUSE: Duration = Duration::from_secs(2);

/// The meters; once hydrated they update live, unless paused. The strings label its link and its
/// button.
#[island]
pub fn LiveMeters(first: Meters, again: String, pause: String, resume: String) -> impl IntoView {
    let meters = RwSignal::new(first);
    let (still, lost) = (RwSignal::new(false), RwSignal::new(false));
    let live = RwSignal::new(false);
    Effect::new(move || {
        live.set(true);
        follow(meters, still, lost);
    });
    view! {
        <div class="meters-head">
            <p>{move || meters.with(|meters| said(meters, still.get(), lost.get()))}
            </p>
            <a class="button button-secondary button-small" href="/ops/conservation" hidden=move || live.get()>
                {again}
            </a>
            <button
                type="button"
                class="button button-secondary button-small"
                hidden=move || !live.get()
                on:click=move |_| still.update(|still| *still = !*still)
            >
                {move || if still.get() { resume.clone() } else { pause.clone() }}
            </button>
        </div>
        <div class="meters">
            {move || meters.get().meters.into_iter().map(|meter| view! { <MeterCard meter /> }).collect_view()}
        </div>
    }
}

/// Returns the time of the figures, and why no newer ones come.
fn said(meters: &Meters, still: bool, lost: bool) -> String {
    let said = match (still, lost) {
        (true, _) => &meters.paused,
        (false, true) => &meters.lost,
        (false, false) => &meters.said,
    };
    said.clone()
}

fn follow(meters: RwSignal<Meters>, still: RwSignal<bool>, lost: RwSignal<bool>) {
    let ask = move || {
        if still.get_untracked() || document().hidden() {
            return;
        }
        spawn_local(async move {
            match read_meters().await {
                Ok(now) => {
                    meters.set(now);
                    lost.set(false);
                }
                Err(_) => lost.set(true),
            }
        });
    };
    // Without it the figures stay as rendered, which does no harm.
    let _ = set_interval_with_handle(ask, PAUSE);
}

#[component]
fn MeterCard(meter: Meter) -> impl IntoView {
    let tone = if meter.holds { Tone::Good } else { Tone::Bad };
    let facts = meter
        .facts
        .into_iter()
        .map(|(words, figure)| {
            view! {
                <div>
                    <dt>{words}</dt>
                    <dd>{figure}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="card meter">
            <div class="meter-head">
                <h2>{meter.name}</h2>
                <Badge tone>{meter.word}</Badge>
            </div>
            <p>{meter.verdict}</p>
            <dl class="meter-facts">{facts}</dl>
        </section>
    }
}
