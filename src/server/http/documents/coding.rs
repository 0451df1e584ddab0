//! Codings of a page's text: what a client accepts, and the text compressed.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// The coding of a body on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl Coding {
    /// Returns the smallest coding that the client accepts (RFC 9110, section 12.5.3).
    pub fn accepted(headers: &HeaderMap) -> Self {
        let named = |name: &str| {
            let lines = headers.get_all(ACCEPT_ENCODING).iter();
            let lines = lines.filter_map(|line| line.to_str().ok());
            lines.flat_map(|line| line.split(',')).any(|one| {
                let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
                let weight = weight.trim().strip_prefix("q=");
                let refused = weight.is_some_and(|weight| weight.parse() == Ok(0.0));
                coding.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        match (named("br"), named("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Plain,
        }
    }
}

pub fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    // To a buffer in memory nothing can fail to be written.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default().into()
}

pub fn brotli(plain: &[u8]) -> Bytes {
    const QUALITY: u32 = 5;
    const WINDOW_BITS: u32 = 18;
    let mut encoded = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut encoded, 4096, QUALITY, WINDOW_BITS);
    let _ = encoder.write_all(plain);
    drop(encoder);
    encoded.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use std::io::Read;

    #[test]
    fn the_smallest_coding_that_is_accepted_is_sent() {
        for (line, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("GZIP", Coding::Gzip),
            ("gzip;q=0.000", Coding::Plain),
            ("identity", Coding::Plain),
            ("", Coding::Plain),
        ] {
            let value = HeaderValue::from_static(line);
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, value)]);
            assert_eq!(Coding::accepted(&headers), coding, "{line}");
        }
        assert_eq!(Coding::accepted(&HeaderMap::new()), Coding::Plain);
    }

    #[test]
    fn what_was_compressed_is_read_again() {
        let text = "键盘 and a keyboard, ".repeat(500);
        let (mut unzipped, mut unpacked) = (String::new(), String::new());
        let zipped = gzip(text.as_bytes());
        let packed = brotli(text.as_bytes());
        flate2::read::GzDecoder::new(&*zipped)
            .read_to_string(&mut unzipped)
            .expect("gzip");
        brotli::Decompressor::new(&*packed, 4096)
            .read_to_string(&mut unpacked)
            .expect("brotli");
        assert_eq!(
            (unzipped.as_str(), unpacked.as_str()),
            (text.as_str(), text.as_str())
        );
        assert!(packed.len() < text.len() / 20);
    }
}
