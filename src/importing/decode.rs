//! Decoding: bytes of any encoding to UTF-8, with the way back to where they stand in the file.
//!
//! A file in UTF-8 is handed on as it is. Of any other, pieces of about 512 bytes are decoded, and each
//! leaves a mark: the position in the text and the one in the file. Between two marks the way back is the
//! number of bytes that the text takes in its encoding, so that places are exact to the character and cost
//! something only if somebody asks for them.
//!
//! Bytes that are no text become one byte which UTF-8 has no use for. So a reader of the text finds damage
//! of every encoding in the same way: as bytes that are not UTF-8.

use super::dialect::Encoding;
use super::record::Mark;
use encoding_rs::{Decoder, DecoderResult};
use std::collections::VecDeque;
use std::io::{self, Read};

/// The byte that stands for bytes which are no text.
pub const UNREADABLE: u8 = 0xFF;

/// The bytes read from the input at a time, if they have to be decoded.
const READ: usize = 64 * 1024;

/// The most bytes between two marks.
const PIECE: usize = 512;

/// Text in UTF-8, whatever the input's encoding.
pub struct Decoded<R> {
    input: R,
    encoding: Encoding,
    decoder: Option<Decoder>,
    /// Bytes that were given back, to be read again.
    again: Vec<u8>,
    raw: Vec<u8>,
    /// The offset in the file of the first byte of `raw`.
    file: u64,
    /// The number of bytes of text so far.
    text: u64,
    marks: VecDeque<(u64, u64)>,
    /// True if the decoder is between two characters.
    between: bool,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    /// Decodes an input that has already been read up to an offset, usually the end of its mark.
    pub fn new(input: R, encoding: Encoding, offset: u64) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE),
            Encoding::Gb18030 => Some(encoding_rs::GB18030),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252),
        };
        Self {
            input,
            encoding,
            decoder: decoder.map(encoding_rs::Encoding::new_decoder_without_bom_handling),
            again: Vec::new(),
            raw: Vec::new(),
            file: offset,
            text: 0,
            marks: VecDeque::new(),
            between: true,
            ended: false,
        }
    }

    /// Reads until there are so many bytes in the buffer. Returns true if these are the last.
    pub fn read(&mut self, into: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        let mut again = wanted.saturating_sub(into.len()).min(self.again.len());
        // Marks are moved by whole characters.
        while self.again.get(again).is_some_and(|it| it & 0xC0 == 0x80) {
            again += 1;
        }
        into.extend(self.again.drain(..again));
        if !self.again.is_empty() {
            return Ok(false);
        }
        while into.len() < wanted && !self.ended {
            match self.decoder.is_some() {
                true => self.decode(into, wanted)?,
                false => {
                    let more = wanted - into.len();
                    // Room for a little more spares the standard library a read of its own to find the end.
                    into.reserve(more + 64);
                    let read = self.input.by_ref().take(more as u64).read_to_end(into)?;
                    self.ended = read < more;
                }
            }
        }
        Ok(self.ended)
    }

    /// Gives back bytes, to be read once more.
    pub fn unread(&mut self, bytes: Vec<u8>) {
        self.again = bytes;
    }

    fn decode(&mut self, into: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
        let before = self.raw.len();
        let room = READ.saturating_sub(before).max(PIECE);
        let read = self
            .input
            .by_ref()
            .take(room as u64)
            .read_to_end(&mut self.raw)?;
        let last = read < room;
        let mut from = 0;
        // At the end one more round tells the decoder, though there may be no bytes for it.
        while into.len() < wanted && !self.ended {
            let rest = &self.raw[from..];
            let (length, clean) = match rest.len() {
                few if few <= PIECE && last => (few, true),
                few if few < PIECE => break,
                _ => self.piece(&rest[..PIECE]),
            };
            self.ended = last && length == rest.len();
            if self.between {
                self.marks.push_back((self.text, self.file + from as u64));
            }
            self.between = clean;
            self.decode_piece(from, length, into);
            from += length;
        }
        self.raw.drain(..from);
        self.file += from as u64;
        Ok(())
    }

    fn decode_piece(&mut self, mut from: usize, length: usize, into: &mut Vec<u8>) {
        let Some(decoder) = self.decoder.as_mut() else {
            return;
        };
        let end = from + length;
        loop {
            let old = into.len();
            let room = decoder.max_utf8_buffer_length_without_replacement(end - from);
            into.resize(old + room.unwrap_or(4 * PIECE).max(16), 0);
            let piece = &self.raw[from..end];
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(piece, &mut into[old..], self.ended);
            into.truncate(old + written);
            self.text += written as u64;
            from += read;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(_, kept) => {
                    into.push(UNREADABLE);
                    self.text += 1;
                    let behind = self.file + from as u64 - u64::from(kept);
                    self.marks.push_back((self.text, behind));
                }
            }
        }
    }

    /// Returns the length of the next piece, and true if it ends between two characters.
    fn piece(&self, bytes: &[u8]) -> (usize, bool) {
        let pair = |high: usize| matches!(bytes.get(high), Some(0xD8..=0xDB));
        let whole = bytes.len();
        match self.encoding {
            Encoding::Utf16Le if pair(whole - 1) => (whole - 2, true),
            Encoding::Utf16Be if pair(whole - 2) => (whole - 2, true),
            // Bytes below the digits are never a part of a longer character.
            Encoding::Gb18030 => match bytes.iter().rposition(|byte| *byte < b'0') {
                Some(at) => (at + 1, true),
                None => (whole, false),
            },
            _ => (whole, true),
        }
    }

    /// Copies the marks of a stretch of text that begins at a place, and forgets them.
    pub fn marks(&mut self, from: u64, bytes: &[u8], into: &mut Vec<Mark>) {
        into.clear();
        let to = from + bytes.len() as u64;
        let within = self.marks.iter().take_while(|it| it.0 <= to);
        into.extend(within.map(|(text, file)| Mark {
            text: (text - from) as u32,
            file: *file,
        }));
        while self.marks.get(1).is_some_and(|next| next.0 <= to) {
            self.marks.pop_front();
        }
        // The next stretch begins between two marks: the first of them moves there. Behind a mark there
        // are only readable bytes up to the next.
        if let (Some(length), Some(mark)) = (self.length(), self.marks.front_mut())
            && let Some(between) = bytes.get((mark.0 - from) as usize..)
        {
            mark.1 += length(std::str::from_utf8(between).unwrap_or_default());
            mark.0 = to;
        }
    }

    /// Returns the number of bytes a text takes in the file; nothing if the file is UTF-8 itself.
    pub fn length(&self) -> Option<fn(&str) -> u64> {
        match self.encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le | Encoding::Utf16Be => {
                Some(|text| 2 * text.encode_utf16().count() as u64)
            }
            Encoding::Gb18030 => Some(|text| encoding_rs::GB18030.encode(text).0.len() as u64),
            Encoding::Windows1252 => Some(|text| text.chars().count() as u64),
        }
    }
}
