//! Markdown as people write it, to HTML that is safe to show.
//!
//! What it costs is bounded by the length of the text, whatever the text is: it nests so deep and no
//! deeper, and tags that somebody typed are shown and not read. What was rendered is kept for the next
//! who asks.

use moka::sync::Cache;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

/// The longest text that is rendered, in bytes. No field takes as much; past it, it is shown as typed.
const LONGEST: usize = 100_000;

/// How deep quotations, lists and emphasis nest. What stands deeper stands there without them.
const DEEPEST: usize = 24;

/// What the kept HTML may take, in bytes.
const KEPT: u64 = 16 << 20;

/// What was rendered, by the hash of the text.
static RENDERED: LazyLock<Cache<[u8; 32], Arc<str>>> = LazyLock::new(|| {
    // The key and the cache's own records, roughly.
    const BESIDE: usize = 200;
    let weigh = |_: &[u8; 32], html: &Arc<str>| u32::try_from(html.len() + BESIDE);
    Cache::builder()
        .max_capacity(KEPT)
        .weigher(move |key, html| weigh(key, html).unwrap_or(u32::MAX))
        .build()
});

/// Renders CommonMark with tables, strikethrough and task lists, and drops whatever could run,
/// track or restyle the page: scripts, styles, forms, pictures from elsewhere.
pub fn to_html(markdown: &str) -> Arc<str> {
    let key = Sha256::digest(markdown).into();
    RENDERED.get_with(key, || render(markdown).into())
}

fn render(markdown: &str) -> String {
    if markdown.len() > LONGEST {
        return format!("<pre>{}</pre>", html_escape::encode_text(markdown));
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    let mut depth = 0_usize;
    let events = Parser::new_ext(markdown, options).filter_map(|event| bounded(event, &mut depth));
    html::push_html(&mut unsafe_html, events);
    ammonia::Builder::default()
        .rm_tags(["img"])
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean(&unsafe_html)
        .to_string()
}

/// The event as it may be rendered. What is typed as a tag is text: a reader of HTML repairs what is
/// nested wrongly by writing it again and again. A line's end is the one that texts cannot do without.
fn bounded<'a>(event: Event<'a>, depth: &mut usize) -> Option<Event<'a>> {
    match event {
        Event::Start(tag) => {
            *depth += 1;
            let tag = match tag {
                Tag::HtmlBlock => Tag::Paragraph,
                tag => tag,
            };
            (*depth <= DEEPEST).then_some(Event::Start(tag))
        }
        Event::End(tag) => {
            *depth = depth.saturating_sub(1);
            let tag = match tag {
                TagEnd::HtmlBlock => TagEnd::Paragraph,
                tag => tag,
            };
            (*depth < DEEPEST).then_some(Event::End(tag))
        }
        Event::InlineHtml(tag) if is_line_end(&tag) => Some(Event::HardBreak),
        Event::InlineHtml(tag) | Event::Html(tag) => Some(Event::Text(tag)),
        event => Some(event),
    }
}

fn is_line_end(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

/// The words alone, on one line, cut to so many characters: what a search engine shows of a page.
pub fn to_summary(markdown: &str, characters: usize) -> String {
    // Signs take room as well; more than this of them is no description.
    let beginning = markdown.char_indices().nth(characters * 16);
    let markdown = beginning.map_or(markdown, |(end, _)| &markdown[..end]);
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
        if text.len() > characters * 4 {
            break;
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_summary_is_words_alone() {
        let text = "# Mug\n\nA **thick** mug,\n`350 ml`.\n\n<script>alert(1)</script>\n\n- blue";
        assert_eq!(to_summary(text, 100), "Mug A thick mug, 350 ml. blue");
        assert_eq!(to_summary("键盘键盘", 2), "键盘");
    }

    #[test]
    fn ordinary_markdown_becomes_html() {
        assert_eq!(
            &*to_html("**40 h**\n\n- a\n- b"),
            "<p><strong>40 h</strong></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
        );
    }

    /// The elements of the HTML, each with the names of its attributes.
    fn elements(html: &str) -> Vec<(String, Vec<String>)> {
        let tags = html.split('<').skip(1);
        let tags = tags.filter_map(|tag| tag.split_once('>')).map(|(tag, _)| {
            let mut words = tag.split(' ');
            let name = words.next().unwrap_or_default();
            let attributes = words.map(|word| word.split('=').next().unwrap_or_default());
            (
                name.trim_start_matches('/').to_owned(),
                attributes.map(str::to_owned).collect(),
            )
        });
        tags.collect()
    }

    #[test]
    fn nothing_that_runs_gets_through() {
        for hostile in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "<a href=\"/\" onclick=\"alert(1)\">x</a>",
            "<style>body{display:none}</style><form action=/logout>",
            "<p style=\"position:fixed\">x</p>",
            "a <svg/onload=alert(1)> b",
            "![x](https://elsewhere.example/pixel.png)",
            "<!-- <script>",
            "[x](data:text/html,<script>alert(1)</script>)",
        ] {
            let html = to_html(hostile);
            for (name, attributes) in elements(&html) {
                assert!(["p", "a"].contains(&&*name), "{hostile} -> {html}");
                let plain = attributes.iter().all(|name| {
                    name == "rel" || name.contains("noreferrer") || name.contains("nofollow")
                });
                assert!(plain, "{hostile} -> {html}");
            }
        }
    }

    #[test]
    fn a_tag_that_was_typed_is_shown_and_a_line_ends() {
        assert_eq!(
            &*to_html("a <kbd>b</kbd> < c<br>d<BR />e"),
            "<p>a &lt;kbd&gt;b&lt;/kbd&gt; &lt; c<br>\nd<br>\ne</p>\n"
        );
        assert_eq!(
            &*to_html("<div>\nTea & cups\n</div>"),
            "<p>&lt;div&gt;\nTea &amp; cups\n&lt;/div&gt;</p>\n"
        );
    }

    /// Whatever is typed, a reader of the page has no more to do than the text is long.
    #[test]
    fn nesting_has_an_end() {
        let bold: String = (0..900).map(|n| format!("<b title={n}>")).collect();
        for text in [
            ">".repeat(20_000),
            "> ".repeat(10_000),
            "- ".repeat(10_000),
            format!("{}a", "1. ".repeat(6_000)),
            "*a **b ".repeat(2_500),
            "[".repeat(20_000),
            "<div>".repeat(4_000),
            format!("{bold}{}", "\n\n<p>x".repeat(900)),
            format!("{}\n{}", ">".repeat(9_000), "x\n".repeat(5_000)),
        ] {
            let html = to_html(&text);
            let (mut depth, mut deepest) = (0_usize, 0);
            for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with("br")) {
                depth = if tag.starts_with('/') {
                    depth - 1
                } else {
                    depth + 1
                };
                deepest = deepest.max(depth);
            }
            assert!(deepest <= DEEPEST + 4, "{deepest}: {text:.20}");
            assert!(html.len() < 20 * text.len(), "{}: {text:.20}", html.len());
        }
        assert!(to_html(&">".repeat(LONGEST + 1)).starts_with("<pre>&gt;"));
    }

    #[test]
    fn what_was_rendered_is_kept() {
        let text = "A text that **nobody else** in these tests has.";
        let (first, again) = (to_html(text), to_html(text));
        assert!(Arc::ptr_eq(&first, &again));
    }

    proptest! {
        #[test]
        fn any_text_at_all_is_rendered(text in "([>*_`~|#<!&\\[\\]()\\-:0-9a-c\n\t ]|\\PC){0,300}") {
            let html = to_html(&text);
            for (name, _) in elements(&html) {
                prop_assert!(!["script", "style", "img", "form", "input"].contains(&&*name), "{}", html);
            }
            let summary = to_summary(&text, 40);
            prop_assert!(summary.chars().count() <= 40 && !summary.contains('\n'));
        }
    }
}
