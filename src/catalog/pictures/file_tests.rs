//! Files that are accepted as pictures, and files that are refused.

use super::keep::{Upload, make};
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;

fn upload(content_type: &str, format: ImageFormat) -> Upload {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(300, 200)
        .write_to(&mut bytes, format)
        .expect("encodes");
    Upload {
        bytes: bytes.into_inner().into(),
        content_type: content_type.to_owned(),
    }
}

#[test]
fn a_jpeg_goes_by_every_name_it_is_given() {
    for name in [
        "image/jpeg",
        "image/jpg",
        "image/pjpeg",
        "Image/JPG; q=1",
        "",
    ] {
        let mut jpeg = upload("", ImageFormat::Jpeg);
        jpeg.content_type = name.to_owned();
        assert!(make(&jpeg).is_ok(), "{name}");
    }
    for other in ["image/png", "text/html", "image/jp2"] {
        let mut jpeg = upload("", ImageFormat::Jpeg);
        jpeg.content_type = other.to_owned();
        assert_eq!(
            make(&jpeg).err().map(|error| error.status()),
            Some(415),
            "{other}"
        );
    }
}

#[test]
fn a_picture_that_breaks_off_is_refused() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = upload(format.to_mime_type(), format);
        for kept in [whole.bytes.len() / 2, whole.bytes.len() - 3] {
            let cut = Upload {
                bytes: whole.bytes.slice(..kept),
                content_type: whole.content_type.clone(),
            };
            let refused = make(&cut).err().map(|error| error.status());
            // The three bytes at the end of a PNG are those of a checksum of nothing.
            assert!(
                refused == Some(422) || format == ImageFormat::Png && kept > 100,
                "{format:?} {kept}"
            );
        }
    }
}

#[test]
fn sixteen_bits_a_colour_are_refused_before_they_take_twice_the_room() {
    // The head of a PNG of 6,000 × 6,000 pixels with 16 bits for each of four colours; the checksum
    // is of the type and what follows it.
    let head = b"IHDR\0\0\x17\x70\0\0\x17\x70\x10\x06\0\0\0";
    let sum = crc32(head).to_be_bytes();
    let bytes = [
        b"\x89PNG\r\n\x1a\n\0\0\0\x0d",
        &head[..],
        &sum,
        b"\0\0\0\0IDAT",
    ];
    let idat = crc32(b"IDAT").to_be_bytes();
    let refused = make(&Upload {
        bytes: [&bytes.concat()[..], &idat].concat().into(),
        content_type: "image/png".to_owned(),
    });
    let refused = refused.err().expect("refused");
    assert!(refused.errors["picture"].contains("16 bits"), "{refused:?}");
}

/// The CRC-32 of PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 * (sum & 1))
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}
