//! A picture's pixels, scaled down and converted to sRGB.
//!
//! All of it is 8 bits a colour, so that a picture takes at most four bytes a pixel.

use crate::error::AppError;
use crate::i18n::t;
use image::imageops::FilterType;
use image::{DynamicImage, Rgba, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Converts to eight bits a colour; with an alpha channel only if some of it is transparent.
pub fn to_eight_bits(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into();
    }
    let picture = picture.into_rgba8();
    if picture.pixels().all(|Rgba([.., alpha])| *alpha == u8::MAX) {
        return DynamicImage::from(picture).into_rgb8().into();
    }
    picture.into()
}

/// Converts the colours from the file's profile to sRGB, which is what a browser takes a picture
/// without a profile for. A profile that cannot be read is ignored.
pub fn to_srgb(picture: &mut DynamicImage, profile: &[u8]) -> Result<(), AppError> {
    let profile = match ColorProfile::new_from_slice(profile) {
        Ok(profile) => profile,
        Err(error) => {
            tracing::info!(error.cause = %error, "A picture's colour profile could not be read");
            return Ok(());
        }
    };
    let changed = match profile.color_space {
        DataColorSpace::Rgb => from_rgb(picture, &profile),
        DataColorSpace::Gray => from_grey(picture, &profile),
        _ => {
            let fault = t!("catalog-picture-cmyk");
            return Err(AppError::invalid("picture", fault));
        }
    };
    changed.map_err(|error| {
        tracing::info!(error.cause = %error, "A picture's colours could not be converted");
        AppError::invalid("picture", t!("catalog-picture-colours"))
    })
}

/// Returns the samples, their number per row, and their layout.
fn samples(picture: &mut DynamicImage) -> Option<(&mut [u8], usize, Layout)> {
    let width = picture.width() as usize;
    match picture {
        DynamicImage::ImageRgb8(pixels) => Some((&mut **pixels, width * 3, Layout::Rgb)),
        DynamicImage::ImageRgba8(pixels) => Some((&mut **pixels, width * 4, Layout::Rgba)),
        _ => None,
    }
}

fn from_rgb(picture: &mut DynamicImage, profile: &ColorProfile) -> Result<(), moxcms::CmsError> {
    let Some((samples, width, layout)) = samples(picture) else {
        return Ok(());
    };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let transform = profile.create_transform_8bit(layout, &srgb, layout, options)?;
    let mut before = vec![0; width];
    for row in samples.chunks_exact_mut(width) {
        before.copy_from_slice(row);
        transform.transform(&before, row)?;
    }
    Ok(())
}

/// Converts a grey picture: the three colours of a pixel are alike, so the first stands for all.
fn from_grey(picture: &mut DynamicImage, profile: &ColorProfile) -> Result<(), moxcms::CmsError> {
    let Some((samples, width, layout)) = samples(picture) else {
        return Ok(());
    };
    let channels = if layout == Layout::Rgb { 3 } else { 4 };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let transform = profile.create_transform_8bit(Layout::Gray, &srgb, Layout::Rgb, options)?;
    let mut after = vec![0; width / channels * 3];
    for row in samples.chunks_exact_mut(width) {
        let grey: Vec<u8> = row.chunks_exact(channels).map(|pixel| pixel[0]).collect();
        transform.transform(&grey, &mut after)?;
        for (pixel, colours) in row.chunks_exact_mut(channels).zip(after.chunks_exact(3)) {
            pixel[..3].copy_from_slice(colours);
        }
    }
    Ok(())
}

/// Multiplies each colour by its alpha, so that the colour behind the cut-out (mostly black) does
/// not bleed into the rim when neighbours are mixed.
pub fn weighed(picture: DynamicImage) -> DynamicImage {
    each_pixel(picture, |colour, alpha| {
        ((u16::from(colour) * u16::from(alpha) + 127) / 255) as u8
    })
}

/// Reverses [`weighed`].
pub fn unweighed(picture: DynamicImage) -> DynamicImage {
    each_pixel(picture, |colour, alpha| match u16::from(alpha) {
        0 => 0,
        alpha => ((u16::from(colour) * 255 + alpha / 2) / alpha).min(255) as u8,
    })
}

fn each_pixel(picture: DynamicImage, change: fn(u8, u8) -> u8) -> DynamicImage {
    let DynamicImage::ImageRgba8(mut pixels) = picture else {
        return picture;
    };
    let each = |Rgba([red, green, blue, alpha]): &mut Rgba<u8>| {
        for colour in [red, green, blue] {
            *colour = change(*colour, *alpha);
        }
    };
    RgbaImage::pixels_mut(&mut pixels).for_each(each);
    pixels.into()
}

/// Scales a [`weighed`] picture down to `size`, if it is larger.
pub fn fitted(picture: DynamicImage, size: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= size {
        return picture;
    }
    picture.resize(size, size, FilterType::Lanczos3)
}

/// Returns true if a JPEG is complete: decoders fill up with grey what is missing. Walks its segments
/// (ISO/IEC 10918-1, annex B), so that the end of an embedded thumbnail is not taken for its own.
pub fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const END: u8 = 0xD9;
    const SCAN: u8 = 0xDA;
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some((marker, after)) = next_marker(rest) {
        if marker == END {
            return true;
        }
        let Some(&[high, low]) = after.first_chunk() else {
            return false;
        };
        let Some(behind) = after.get(usize::from(u16::from_be_bytes([high, low]))..) else {
            return false;
        };
        rest = if marker == SCAN {
            behind_scan(behind)
        } else {
            behind
        };
    }
    false
}

/// Returns the next marker that has a segment, or is the end.
fn next_marker(mut bytes: &[u8]) -> Option<(u8, &[u8])> {
    loop {
        let at = bytes.windows(2).position(|pair| pair[0] == 0xFF)?;
        let marker = bytes[at + 1];
        match marker {
            // Fill bytes, and markers without a segment.
            0xFF => bytes = &bytes[at + 1..],
            0x00 | 0x01 | 0xD0..=0xD8 => bytes = &bytes[at + 2..],
            _ => return Some((marker, &bytes[at + 2..])),
        }
    }
}

/// Returns what follows the compressed data, in which 0xFF is followed by 0 or by a restart.
fn behind_scan(bytes: &[u8]) -> &[u8] {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
    let at = bytes.windows(2).position(is_marker);
    at.map_or(&[], |at| &bytes[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage};
    use proptest::prelude::*;
    use std::io::Cursor;

    fn jpeg() -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let colour = |x, y| Rgb([(x * 7) as u8, (y * 5) as u8, ((x * y) % 251) as u8]);
        DynamicImage::from(RgbImage::from_fn(90, 70, colour))
            .write_to(&mut bytes, ImageFormat::Jpeg)
            .expect("encodes");
        bytes.into_inner()
    }

    #[test]
    fn a_jpeg_that_breaks_off_is_not_whole() {
        let whole = jpeg();
        assert!(is_whole_jpeg(&whole));
        assert!(is_whole_jpeg(&[&whole, &b"and more"[..]].concat()));
        for end in 0..whole.len() {
            assert!(!is_whole_jpeg(&whole[..end]), "{end} of {}", whole.len());
        }
        // A whole thumbnail in the head of a truncated picture.
        let length = u16::try_from(whole.len() + 2).expect("short").to_be_bytes();
        let small = [&[0xFF, 0xE1], &length[..], &whole].concat();
        let cut = &whole[2..whole.len() - 2];
        assert!(!is_whole_jpeg(&[&whole[..2], &small, cut].concat()));
        assert!(is_whole_jpeg(&[&whole[..2], &small, &whole[2..]].concat()));
    }

    #[test]
    fn a_cut_out_has_no_dark_rim() {
        let red = |x: u32, y: u32| match (16..48).contains(&x) && (16..48).contains(&y) {
            true => Rgba([255, 0, 0, 255]),
            false => Rgba([0, 0, 0, 0]),
        };
        let picture = DynamicImage::from(RgbaImage::from_fn(64, 64, red));
        let small = unweighed(fitted(weighed(picture), 21)).into_rgba8();
        let mut rim = 0;
        for Rgba([red, green, blue, alpha]) in small.pixels() {
            if *alpha > 8 {
                assert!(
                    *red > 240 && *green < 8 && *blue < 8,
                    "{red} {green} {blue} {alpha}"
                );
                rim += u32::from(*alpha < 250);
            }
        }
        assert!(rim > 0, "some of it is half transparent");
    }

    #[test]
    fn wide_colours_become_those_of_the_web() {
        let profile = ColorProfile::new_display_p3().encode().expect("a profile");
        let colour = [200, 100, 100];
        let mut plain = DynamicImage::from(RgbImage::from_pixel(3, 2, Rgb(colour)));
        to_srgb(&mut plain, &profile).expect("converts");
        let Rgb([red, green, blue]) = *plain.to_rgb8().get_pixel(2, 1);
        assert!(
            red > 208 && green < 98 && blue < 100,
            "{red} {green} {blue}"
        );

        let [r, g, b] = colour;
        let mut half = DynamicImage::from(RgbaImage::from_pixel(3, 2, Rgba([r, g, b, 77])));
        to_srgb(&mut half, &profile).expect("converts");
        assert_eq!(
            *half.to_rgba8().get_pixel(0, 0),
            Rgba([red, green, blue, 77])
        );

        let srgb = ColorProfile::new_srgb().encode().expect("a profile");
        let mut same = DynamicImage::from(RgbImage::from_pixel(3, 2, Rgb(colour)));
        to_srgb(&mut same, &srgb).expect("converts");
        let Rgb(after) = *same.to_rgb8().get_pixel(0, 0);
        assert!(
            after
                .iter()
                .zip(colour)
                .all(|(one, other)| one.abs_diff(other) <= 1)
        );
    }

    #[test]
    fn a_grey_profile_is_read_and_a_broken_one_is_none() {
        let profile = ColorProfile::new_gray_with_gamma(1.8)
            .encode()
            .expect("a profile");
        let grey = GrayImage::from_pixel(2, 2, Luma([100]));
        let mut picture = to_eight_bits(grey.into());
        to_srgb(&mut picture, &profile).expect("converts");
        let Rgb([red, green, blue]) = *picture.to_rgb8().get_pixel(1, 1);
        assert!(
            red == green && green == blue && red > 105,
            "{red}: lighter than by 2.2"
        );
        assert!(to_srgb(&mut picture, b"no profile at all").is_ok());
    }

    #[test]
    fn eight_bits_are_enough_and_nothing_transparent_is_kept_where_nothing_is() {
        let wide = DynamicImage::new_rgba16(4, 4);
        assert!(matches!(to_eight_bits(wide), DynamicImage::ImageRgba8(_)));
        let opaque = RgbaImage::from_pixel(4, 4, Rgba([1, 2, 3, 255]));
        assert!(matches!(
            to_eight_bits(opaque.into()),
            DynamicImage::ImageRgb8(_)
        ));
    }

    proptest! {
        #[test]
        fn any_bytes_at_all_are_walked(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = is_whole_jpeg(&bytes);
            let marked: Vec<u8> = bytes.iter().flat_map(|byte| [0xFF, *byte]).collect();
            let _ = is_whole_jpeg(&marked);
        }
    }
}
