//! Markdown as people write it, to HTML that is safe to show.

use pulldown_cmark::{Event, Options, Parser, html};

/// Renders CommonMark with tables, strikethrough and task lists, and drops whatever could run,
/// track or restyle the page: scripts, styles, forms, pictures from elsewhere.
pub fn to_html(markdown: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut unsafe_html, Parser::new_ext(markdown, options));
    ammonia::Builder::default()
        .rm_tags(["img"])
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean(&unsafe_html)
        .to_string()
}

/// The words alone, on one line, cut to so many characters: what a search engine shows of a page.
pub fn to_summary(markdown: &str, characters: usize) -> String {
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
    use super::{to_html, to_summary};

    #[test]
    fn a_summary_is_words_alone() {
        let text = "# Mug\n\nA **thick** mug,\n`350 ml`.\n\n<script>alert(1)</script>\n\n- blue";
        assert_eq!(to_summary(text, 100), "Mug A thick mug, 350 ml. blue");
        assert_eq!(to_summary("键盘键盘", 2), "键盘");
    }

    #[test]
    fn ordinary_markdown_becomes_html() {
        assert_eq!(
            to_html("**40 h**\n\n- a\n- b"),
            "<p><strong>40 h</strong></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
        );
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
}
