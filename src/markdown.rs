//! Renders Markdown as people write it to HTML that is safe to show.
//!
//! The cost is bounded by the length of the text, whatever the text is: nesting has a maximum
//! depth, and of typed HTML only the words are shown. Rendered HTML is cached.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use moka::sync::Cache;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::sync::{Arc, LazyLock};

/// The maximum length of a text to render, in bytes. No field takes as much; longer ones are shown as typed.
const LONGEST: usize = 100_000;

/// The maximum nesting of quotations, lists and emphasis. Deeper content is shown without them.
const DEEPEST: usize = 24;

/// The maximum size of the cached HTML, in bytes.
const KEPT: u64 = 16 << 20;

/// The cache of rendered HTML, by the hash of the text.
static RENDERED: LazyLock<Cache<[u8; 32], Arc<str>>> = LazyLock::new(|| {
    // The key and the cache's overhead, roughly.
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
    let mut rendered = Rendered::default();
    Parser::new_ext(markdown, options).for_each(|event| rendered.take(event));
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut unsafe_html, rendered.events.into_iter());
    ammonia::Builder::default()
        .rm_tags(["img"])
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean(&unsafe_html)
        .to_string()
}

/// The events to render. Of typed HTML only the words are kept: to repair wrongly nested tags, a
/// parser repeats them, as often as an author likes. A line break is the one tag that texts cannot
/// do without.
#[derive(Default)]
struct Rendered<'a> {
    events: Vec<Event<'a>>,
    depth: usize,
    /// The current HTML block, as far as it has been read.
    typed: String,
    /// True inside an inline script or style.
    hidden: bool,
}

impl<'a> Rendered<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.typed.clear(),
            Event::Html(part) => self.typed.push_str(&part),
            Event::End(TagEnd::HtmlBlock) => self.take_typed(),
            Event::InlineHtml(tag) => self.take_tag(&tag),
            Event::Start(_) => {
                self.depth += 1;
                if self.depth <= DEEPEST {
                    self.events.push(event);
                }
            }
            Event::End(end) => {
                self.hidden &= is_within_words(end);
                self.depth = self.depth.saturating_sub(1);
                if self.depth < DEEPEST {
                    self.events.push(Event::End(end));
                }
            }
            Event::Text(_) | Event::Code(_) if self.hidden => {}
            event => self.events.push(event),
        }
    }

    fn take_tag(&mut self, tag: &str) {
        let name = tag.trim_start_matches(['<', '/']).to_ascii_lowercase();
        if name.starts_with("script") || name.starts_with("style") {
            self.hidden = !tag.starts_with("</");
        } else if is_line_end(tag) {
            self.events.push(Event::HardBreak);
        }
    }

    /// Pushes the words of the block, in a paragraph of their own.
    fn take_typed(&mut self) {
        let words = words_of(&self.typed);
        if !words.trim().is_empty() {
            let words = Event::Text(words.trim().to_owned().into());
            let end = Event::End(TagEnd::Paragraph);
            self.events
                .extend([Event::Start(Tag::Paragraph), words, end]);
        }
    }
}

/// Returns the text between the tags of HTML, without scripts and styles.
fn words_of(typed: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(typed));
    let tokenizer = Tokenizer::new(Words::default(), TokenizerOpts::default());
    // It pauses for scripts to run; here none are run.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.words.into_inner()
}

#[derive(Default)]
struct Words {
    words: RefCell<String>,
    hidden: Cell<bool>,
}

impl TokenSink for Words {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) if !self.hidden.get() => {
                self.words.borrow_mut().push_str(&text);
            }
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let raw = match &*tag.name {
                    "script" => RawKind::ScriptData,
                    "style" => RawKind::Rawtext,
                    _ => return TokenSinkResult::Continue,
                };
                self.hidden.set(true);
                return TokenSinkResult::RawData(raw);
            }
            Token::TagToken(_) => self.hidden.set(false),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Returns true if the line continues after this end tag.
fn is_within_words(end: TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong};
    matches!(end, Emphasis | Image | Link | Strikethrough | Strong)
}

fn is_line_end(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

/// Returns the words alone, on one line, cut to `characters`: what a search engine shows of a page.
pub fn to_summary(markdown: &str, characters: usize) -> String {
    // Markup takes room as well; more than this of it is no description.
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

    /// Returns the elements of the HTML, each with the names of its attributes.
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
        ] {
            let html = to_html(hostile);
            for part in [
                "script", "alert", "onerror", "onclick", "<form", "style", "<img",
            ] {
                assert!(!html.contains(part), "{hostile} -> {html}");
            }
        }
    }

    #[test]
    fn nothing_is_an_element_but_what_markdown_has() {
        for hostile in [
            "a <svg/onload=alert(1)> b",
            "a <b onclick=x>b</b> <svg onload=x>",
            "![x](https://elsewhere.example/pixel.png)",
            "<!-- <script>",
            "[x](data:text/html,<script>alert(1)</script>)",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ] {
            let html = to_html(hostile);
            for (name, attributes) in elements(&html) {
                let known = ["p", "a"].contains(&&*name);
                let rel = |name: &String| ["rel", "noreferrer", "nofollow\""].contains(&&**name);
                assert!(known && attributes.iter().all(rel), "{hostile} -> {html}");
            }
        }
    }

    #[test]
    fn of_html_the_words_are_shown() {
        for (typed, shown) in [
            (
                "a <kbd>b</kbd> < c<br>d<BR />e",
                "<p>a b &lt; c<br>\nd<br>\ne</p>\n",
            ),
            (
                "<div class=x>\nTea &amp; cups\n</div>",
                "<p>Tea &amp; cups</p>\n",
            ),
            (
                "<div>\n\n**Tea**\n\n</div>",
                "<p><strong>Tea</strong></p>\n",
            ),
            ("a <style>b</style> c\n\nd", "<p>a  c</p>\n<p>d</p>\n"),
            ("a <script>b\n\nc", "<p>a </p>\n<p>c</p>\n"),
            ("# a <script>b\nc", "<h1>a </h1>\n<p>c</p>\n"),
        ] {
            assert_eq!(&*to_html(typed), shown, "{typed}");
        }
    }

    /// Whatever is typed, the work of a reader's browser is bounded by the length of the text.
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
