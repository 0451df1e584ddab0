//! A profile as a flame graph: an SVG that stands by itself, in light and dark, that can be searched and walked
//! through by keyboard.

use super::sample::{Profile, Stack};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The width of the picture and the height of a row, in the SVG's units.
const WIDTH: f64 = 1_200.0;
const ROW: usize = 18;
/// The room above the graph, for its title and the search.
const HEAD: usize = 92;
/// The smallest part of the whole that is drawn.
const SMALLEST: f64 = 0.000_5;

const STYLE: &str = include_str!("flamegraph.css");
const SCRIPT: &str = include_str!("flamegraph.js");

/// A function in the place it was called from, and the functions that it called.
#[derive(Default)]
struct Frame {
    samples: i64,
    called: BTreeMap<String, Frame>,
}

impl Frame {
    fn add(&mut self, stack: &Stack) {
        self.samples += stack.samples;
        let names = stack
            .functions
            .iter()
            .map(|function| function.name.as_str());
        let mut here = self;
        for name in [stack.thread.as_str()].into_iter().chain(names) {
            here = here.called.entry(name.to_owned()).or_default();
            here.samples += stack.samples;
        }
    }

    fn depth(&self, smallest: f64) -> usize {
        let drawn = self
            .called
            .values()
            .filter(|frame| frame.samples as f64 >= smallest);
        1 + drawn.map(|frame| frame.depth(smallest)).max().unwrap_or(0)
    }
}

/// Draws the profile.
pub fn draw(profile: &Profile) -> String {
    let mut all = Frame::default();
    for stack in &profile.stacks {
        all.add(stack);
    }
    let smallest = (all.samples as f64 * SMALLEST).max(1.0);
    let height = HEAD + all.depth(smallest) * ROW + ROW;
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Flame graph">
<title>Guildhall: {samples} samples in {seconds} s</title>
<style>{STYLE}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="title" x="8" y="22">{samples} samples in {seconds} s, {hertz} a second of processor time</text>
<text class="hint" x="8" y="42">/ searches · arrows walk · Enter zooms · Escape shows all</text>
<foreignObject x="8" y="52" width="280" height="30"><input xmlns="http://www.w3.org/1999/xhtml" id="search" type="search" placeholder="Search functions" aria-label="Search functions"/></foreignObject>
<text class="hint" id="said" x="300" y="71" aria-live="polite"></text>
<g id="frames">
"#,
        samples = all.samples,
        seconds = profile.lasted.as_secs_f64(),
        hertz = 1_000_000_000 / Profile::period(),
    );
    if all.samples == 0 {
        svg.push_str(r#"<text class="title" x="8" y="112">No thread was busy.</text>"#);
    } else {
        let place = Place {
            x: 0.0,
            row: 0,
            whole: all.samples as f64,
            smallest,
        };
        draw_frame(&mut svg, "all", &all, place);
    }
    // The end of a script's text is the one thing that may not stand in it.
    let _ = write!(svg, "</g>\n<script><![CDATA[{SCRIPT}]]></script>\n</svg>\n");
    svg
}

/// The place of a frame, and what its size is measured against.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    row: usize,
    whole: f64,
    smallest: f64,
}

fn draw_frame(svg: &mut String, name: &str, frame: &Frame, place: Place) {
    let scale = WIDTH / place.whole;
    let (width, y) = (frame.samples as f64 * scale, HEAD + place.row * ROW);
    let share = 100.0 * frame.samples as f64 / place.whole;
    let text = html_escape::encode_text(name);
    let _ = writeln!(
        svg,
        r#"<g class="frame h{hue}" tabindex="-1" data-x="{x:.2}" data-w="{width:.2}" data-row="{row}"><title>{text}: {samples} samples, {share:.1} %</title><rect x="{x:.2}" y="{y}" width="{width:.2}" height="{inner}" rx="2"/><text x="{text_x:.2}" y="{text_y}">{short}</text></g>"#,
        hue = hue(name),
        x = place.x,
        row = place.row,
        samples = frame.samples,
        inner = ROW - 1,
        text_x = place.x + 3.0,
        text_y = y + 13,
        short = html_escape::encode_text(&short(name, width)),
    );
    let mut x = place.x;
    for (name, called) in &frame.called {
        if called.samples as f64 >= place.smallest {
            let row = place.row + 1;
            draw_frame(svg, name, called, Place { x, row, ..place });
        }
        x += called.samples as f64 * scale;
    }
}

/// Returns the colour of a function: that of the crate it is from, so that one sees whose the time is.
fn hue(name: &str) -> u32 {
    let start = name.trim_start_matches(['<', '&', '_']);
    let end = start.find("::").unwrap_or(start.len());
    match &start[..end] {
        "guildhall" => 0,
        origin => {
            1 + origin
                .bytes()
                .fold(0, |sum: u32, byte| sum.wrapping_mul(31) + u32::from(byte))
                % 6
        }
    }
}

/// Returns as much of the name's end, which says most, as fits into the width.
fn short(name: &str, width: f64) -> String {
    const LETTER: f64 = 6.7;
    let room = ((width - 6.0) / LETTER).max(0.0) as usize;
    let letters = name.chars().count();
    if letters <= room {
        return name.to_owned();
    }
    if room < 4 {
        return String::new();
    }
    let end: String = name.chars().skip(letters + 1 - room).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::super::sample::Function;
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_ran_longer_is_wider_and_names_are_text() {
        let stack = |name: &str, samples| Stack {
            thread: "worker".to_owned(),
            functions: vec![Function {
                name: name.to_owned(),
                file: String::new(),
                line: 0,
            }],
            samples,
        };
        let profile = Profile {
            stacks: vec![stack("a::<b> & c", 75), stack("guildhall::d", 25)],
            began: 0,
            lasted: Duration::from_secs(1),
        };
        let svg = draw(&profile);
        assert!(
            svg.contains("a::&lt;b&gt; &amp; c: 75 samples, 75.0 %"),
            "{svg}"
        );
        assert!(
            svg.contains(r#"data-x="0.00" data-w="900.00" data-row="2""#),
            "{svg}"
        );
        assert!(
            svg.contains(r#"data-x="900.00" data-w="300.00" data-row="2""#),
            "{svg}"
        );
    }

    #[test]
    fn where_nothing_ran_it_says_so() {
        let profile = Profile {
            stacks: Vec::new(),
            began: 0,
            lasted: Duration::from_secs(1),
        };
        assert!(draw(&profile).contains("No thread was busy."));
    }
}
