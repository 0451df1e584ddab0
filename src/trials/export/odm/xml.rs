//! A writer of XML 1.0 in which no text becomes markup.

use axum::body::Bytes;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;

/// The attributes of an element.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

/// XML that is being written, an element a line.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Begins a document.
    pub fn new() -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 0));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    pub fn begin(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Start(start(name, attributes)));
    }

    pub fn end(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Empty(start(name, attributes)));
    }

    /// Writes an element with a text in it.
    pub fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.begin(name, attributes);
        self.write(Event::Text(BytesText::new(&visible(text))));
        self.end(name);
    }

    /// Returns what was written since the last time.
    pub fn take(&mut self) -> Bytes {
        std::mem::take(self.0.get_mut()).into()
    }

    fn write(&mut self, event: Event<'_>) {
        self.0
            .write_event(event)
            .expect("a vector takes everything");
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'_>) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, &*visible(value)));
    }
    start
}

/// Replaces the characters that XML 1.0 has no way to write, not even escaped, by ones that show that there was one:
/// a control character by its picture (`␀`, `␛`), the two that are no characters by `�`.
fn visible(text: &str) -> Cow<'_, str> {
    let picture = |c: char| match c {
        '\t' | '\n' | '\r' => None,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{fffe}' | '\u{ffff}' => Some('\u{fffd}'),
        _ => None,
    };
    match text.chars().any(|c| picture(c).is_some()) {
        true => text.chars().map(|c| picture(c).unwrap_or(c)).collect(),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use quick_xml::Reader;

    fn written(text: &str) -> String {
        let mut xml = Xml::new();
        xml.begin("a", &[("b", text)]);
        xml.text("c", &[], text);
        xml.end("a");
        String::from_utf8(xml.take().into()).expect("text")
    }

    #[test]
    fn a_text_is_a_text_wherever_it_stands() {
        for (text, attribute, content) in [
            ("a", "a", "a"),
            ("<a>&", "&lt;a&gt;&amp;", "&lt;a&gt;&amp;"),
            ("]]>", "]]&gt;", "]]&gt;"),
            ("\"'", "&quot;&apos;", "&quot;&apos;"),
            ("\t\n\r", "&#9;&#10;&#13;", "\t\n&#13;"),
            ("\0\u{1b}\u{ffff}", "␀␛\u{fffd}", "␀␛\u{fffd}"),
            ("😀 \u{202e}שלום", "😀 \u{202e}שלום", "😀 \u{202e}שלום"),
        ] {
            let expected = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"{attribute}\">\n<c>{content}</c>\n</a>"
            );
            assert_eq!(written(text), expected, "{text:?}");
        }
    }

    proptest! {
        /// A reader gets back what was written, but for what XML cannot say.
        #[test]
        fn what_is_written_is_what_is_read(text in "(\\PC|[<>&'\"\\]\t\n\r\0-\u{1f}\u{fffe}]){0,20}") {
            let xml = written(&text);
            let mut reader = Reader::from_str(&xml);
            let (mut attribute, mut content) = (String::new(), String::new());
            loop {
                match reader.read_event().expect("well-formed") {
                    Event::Start(start) if start.name().as_ref() == "a" => {
                        let found = start.attributes().next().expect("one").expect("well-formed");
                        attribute = quick_xml::escape::unescape(&found.value).expect("escaped").into_owned();
                    }
                    Event::Start(start) => {
                        let end = start.to_end().into_owned();
                        let inside = reader.read_text(end.name()).expect("well-formed");
                        content = quick_xml::escape::unescape(&inside).expect("escaped").into_owned();
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
            prop_assert_eq!(&attribute, &visible(&text));
            prop_assert_eq!(&content, &visible(&text));
        }
    }
}
