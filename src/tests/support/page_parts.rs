//! A page as a browser reads it: its elements, its text, its title and its forms.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// One element's beginning.
#[derive(Clone, Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A form, and the fields in it.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub posts: bool,
    pub fields: Vec<Element>,
}

#[derive(Default)]
pub struct Page {
    pub elements: Vec<Element>,
    /// The text between the elements, with its character references resolved.
    pub texts: Vec<String>,
    pub title: String,
    pub forms: Vec<Form>,
    /// The elements that were closed, in order.
    pub closed: Vec<String>,
    inside: String,
    form: Option<Form>,
}

#[derive(Default)]
struct Reader(RefCell<Page>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.0.borrow_mut().tag(&tag),
            Token::CharacterTokens(text) => {
                self.0.borrow_mut().text(&text);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Page {
    pub fn read(html: &str) -> Self {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        if tag.kind == TagKind::EndTag {
            if name == "form" {
                self.forms.extend(self.form.take());
            }
            self.inside.clear();
            self.closed.push(name);
            return TokenSinkResult::Continue;
        }
        let attributes = tag.attrs.iter();
        let attributes = attributes.map(|attribute| {
            (
                attribute.name.local.to_string(),
                attribute.value.to_string(),
            )
        });
        let element = Element {
            attributes: attributes.collect(),
            name: name.clone(),
        };
        self.note_form(&element);
        self.elements.push(element);
        self.inside.clone_from(&name);
        match name.as_str() {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "noscript" | "iframe" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn note_form(&mut self, element: &Element) {
        match element.name.as_str() {
            "form" => {
                let method = element.attribute("method").unwrap_or_default();
                self.form = Some(Form {
                    action: element.attribute("action").unwrap_or_default().to_owned(),
                    posts: method.eq_ignore_ascii_case("post"),
                    fields: Vec::new(),
                });
            }
            "input" | "textarea" | "select" | "button" => {
                if let Some(form) = &mut self.form {
                    form.fields.push(element.clone());
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        // A drawing may have titles of its own.
        if self.inside == "title" && self.closed.iter().all(|name| name != "title") {
            self.title.push_str(text);
        }
        self.texts.push(text.to_owned());
    }
}
