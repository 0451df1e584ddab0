//! JSON: an array of objects, or one object a line.
//!
//! An object is a row and its members are the cells, each with the text that it is written with: `36.60`
//! stays that, `null` is an empty cell, and what is nested is the JSON itself. The columns are the names
//! that the objects at the beginning of the file have. A member that none of those has, further down, is a
//! fault of its row: nobody has been asked what to do with it.

mod blocks;
mod form;
mod object;
mod rows;
mod scan;

pub use blocks::Block;
pub use form::Form;
pub use rows::Objects;

use super::decode::Decoded;
use super::detect::{SAMPLE, detect_encoding};
use super::feed::Feed;
use super::options::Options;
use super::source::{DataSource, ReadError};
use blocks::{Blocks, Kind};
use form::Bounds;
use object::{members, skip_space, unescape};
use std::io::{self, Chain, Cursor, Read};

/// An open JSON file.
pub struct Json<R> {
    blocks: Blocks<Chain<Cursor<Vec<u8>>, R>>,
    form: Form,
}

impl<R: Read> Json<R> {
    /// Opens a file, whose form is found out unless it is given.
    pub fn open(mut input: R, form: Option<Form>, options: &Options) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        input.by_ref().take(SAMPLE as u64).read_to_end(&mut head)?;
        let encoding = detect_encoding(&head);
        let mark = match encoding.is_marked(&head) {
            true => encoding.mark().len(),
            false => 0,
        };
        head.drain(..mark);
        let begin = mark as u64;
        let decoded = Decoded::new(Cursor::new(head).chain(input), encoding, begin);
        let mut feed = Feed::new(decoded, begin);
        let (sample, last) = feed.peek(SAMPLE)?;
        let first = sample.get(skip_space(&sample, 0));
        let form = form.unwrap_or(match first {
            Some(b'[') => Form::Array,
            _ => Form::Lines,
        });
        let bounds = Bounds {
            chunk: options.chunk.max(1),
            longest: options.longest_line,
        };
        let mut blocks = Blocks::new(feed, form, bounds);
        blocks.columns = columns(sample, last, form, bounds);
        Ok(Self { blocks, form })
    }

    pub const fn form(&self) -> Form {
        self.form
    }
}

impl<R: Read + Send> DataSource for Json<R> {
    type Block = Block;
    type Rows = Objects;

    fn columns(&self) -> Vec<String> {
        self.blocks.columns.clone()
    }

    fn rows(&self) -> Objects {
        Objects::new(self.blocks.columns.clone())
    }

    fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        self.blocks.fill(block)
    }
}

/// Returns the names of the members that objects of a sample have, in the order in which they are met.
fn columns(sample: Vec<u8>, last: bool, form: Form, bounds: Bounds) -> Vec<String> {
    let nothing = Decoded::new(io::empty(), super::dialect::Encoding::Utf8, 0);
    let mut reader = Blocks::new(Feed::new(nothing, 0), form, bounds);
    let mut block = Block::default();
    block.text.bytes = sample;
    reader.find(&mut block, last);
    let bytes = &block.text.bytes;
    let mut columns: Vec<String> = Vec::new();
    for piece in block.pieces.iter().filter(|it| it.kind == Kind::Object) {
        let mut names = Vec::new();
        let read = members(&bytes[..piece.end], piece.start, |name, _| {
            let written = std::str::from_utf8(&bytes[name.start..name.end]);
            let mut meant = String::new();
            if unescape(written.unwrap_or_default(), &mut meant) {
                names.push(meant);
            }
            Ok(())
        });
        // A name in a damaged object may be damaged as well.
        if read.is_ok() {
            for name in names {
                if !columns.contains(&name) {
                    columns.push(name);
                }
            }
        }
    }
    columns
}
