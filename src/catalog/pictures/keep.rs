//! Uploaded pictures: accepted as PNG, JPEG or WebP, stored as WebP in two sizes, cached for ever.

use super::pixels;
use crate::accounts::User;
use crate::catalog::product::{self, PICTURE_SIZES, Picture, Product, read_product};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Subject};
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The maximum size of an upload, in bytes.
pub const PICTURE_BYTES: usize = 5 << 20;

/// The maximum number of pixels: what today's phones take.
const PICTURE_PIXELS: u64 = 40_000_000;

/// The maximum decoded size, in bytes: four per pixel, or half as many pixels with 16 bits a colour.
const UNPACKED_BYTES: u64 = 4 * PICTURE_PIXELS;

/// The maximum working memory of a decoder besides that, in bytes.
const DECODER_BYTES: u64 = 256 << 20;

/// The number of pictures processed concurrently. Each takes a core, and the largest some 400 MB.
const AT_ONCE: usize = 1;

/// The WebP quality, 0 to 100. Higher shows no better at these sizes.
const QUALITY: f32 = 82.0;

/// Picture processing, off the threads that serve requests.
#[derive(Clone, Debug)]
pub struct PictureWorkshop(Arc<Semaphore>);

impl Default for PictureWorkshop {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// A file as a form sent it.
pub struct Upload {
    pub bytes: Bytes,
    /// The declared content type; empty if there is none.
    pub content_type: String,
}

/// A picture ready to be stored.
pub(super) struct Made {
    hash: String,
    sizes: Vec<(u32, Vec<u8>)>,
}

impl PictureWorkshop {
    async fn make(&self, upload: Upload) -> Result<Made, AppError> {
        let permit = Arc::clone(&self.0)
            .acquire_owned()
            .await
            .map_err(|_| AppError::internal())?;
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            make(&upload)
        });
        work.await.map_err(|_| AppError::internal())?
    }
}

/// Sets the product's picture, replacing the previous one.
pub async fn update_picture(
    app: &App,
    actor: &User,
    key: &str,
    upload: Upload,
) -> Result<Product, AppError> {
    let mut conn = app.db.read().await?;
    read_product(&mut conn, key).await?;
    // Not held while the picture is processed.
    drop(conn);
    let made = app.pictures.make(upload).await?;
    let mut tx = app.db.write().await?;
    let before = read_product(&mut tx, key).await?;
    for (size, bytes) in &made.sizes {
        product::create_picture(&mut tx, &made.hash, i64::from(*size), bytes).await?;
    }
    product::set_picture(&mut tx, before.id, Some(&made.hash), app.clock.now()).await?;
    forget(&mut tx, before.picture.as_ref()).await?;
    let after = read_product(&mut tx, key).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(
        product.id = after.id,
        user.id = actor.id,
        "A picture was uploaded"
    );
    Ok(after)
}

/// Removes the product's picture.
pub async fn delete_picture(app: &App, key: &str) -> Result<Product, AppError> {
    let mut tx = app.db.write().await?;
    let before = read_product(&mut tx, key).await?;
    product::set_picture(&mut tx, before.id, None, app.clock.now()).await?;
    forget(&mut tx, before.picture.as_ref()).await?;
    tx.commit_change(Subject::Catalogue).await?;
    Ok(before)
}

async fn forget(conn: &mut crate::server::Conn, picture: Option<&Picture>) -> sqlx::Result<()> {
    match picture {
        Some(Picture::Stored(hash)) => product::delete_unused_picture(conn, hash).await,
        _ => Ok(()),
    }
}

/// `GET /pictures/{hash}-{size}.webp`. The URL changes with the content, so it is cached for ever.
pub async fn read_picture(app: &App, file: &str) -> Result<Response, AppError> {
    let missing = || AppError::not_found("picture");
    let (hash, size) = file
        .strip_suffix(".webp")
        .and_then(|name| name.split_once('-'))
        .ok_or_else(missing)?;
    let size: u32 = size.parse().map_err(|_| missing())?;
    let sound = hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && PICTURE_SIZES.contains(&size);
    if !sound {
        return Err(missing());
    }
    let mut conn = app.db.read().await?;
    let bytes = product::find_picture(&mut conn, hash, size.into())
        .await?
        .ok_or_else(missing)?;
    let headers = [
        (header::CONTENT_TYPE, "image/webp"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, bytes).into_response())
}

/// Decodes, turns upright, and re-encodes in each size. That drops whatever the file held besides
/// its pixels (place, camera, comments).
pub(super) fn make(upload: &Upload) -> Result<Made, AppError> {
    let format = format_of(upload)?;
    let mut picture = pixels::weighed(decode(&upload.bytes, format)?);
    let mut sizes = Vec::new();
    for size in PICTURE_SIZES.into_iter().rev() {
        // From large to small, each from the one before; never enlarged.
        picture = pixels::fitted(picture, size);
        sizes.push((size, encode(&pixels::unweighed(picture.clone()))));
    }
    let digest = Sha256::digest(&sizes[0].1);
    let hash = hex::encode(&digest[..16]);
    Ok(Made { hash, sizes })
}

/// Returns the format of the file's content, if that is the declared one.
fn format_of(upload: &Upload) -> Result<ImageFormat, AppError> {
    if upload.bytes.is_empty() {
        return Err(AppError::invalid("picture", t!("catalog-picture-none")));
    }
    if upload.bytes.len() > PICTURE_BYTES {
        return Err(AppError::too_large(t!("catalog-picture-too-large")));
    }
    let format = image::guess_format(&upload.bytes)
        .ok()
        .filter(|format| {
            matches!(
                format,
                ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP
            )
        })
        .ok_or_else(|| AppError::unsupported(t!("catalog-picture-kind")))?;
    if agrees(&upload.content_type, format) {
        Ok(format)
    } else {
        Err(AppError::unsupported(t!(
            "catalog-picture-says",
            says = upload.content_type.as_str(),
            is = format.to_mime_type()
        )))
    }
}

/// Returns true if the content type names this format, by any of the names in use, or none.
fn agrees(content_type: &str, format: ImageFormat) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    let named = match essence.trim().to_ascii_lowercase().as_str() {
        "" | "application/octet-stream" | "binary/octet-stream" => return true,
        "image/jpg" | "image/pjpeg" | "image/jfif" => Some(ImageFormat::Jpeg),
        "image/x-png" => Some(ImageFormat::Png),
        essence => ImageFormat::from_mime_type(essence),
    };
    named == Some(format)
}

fn broken() -> AppError {
    AppError::invalid("picture", t!("catalog-picture-damaged"))
}

/// Decodes a picture, upright, in 8 bits a colour and in sRGB.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, AppError> {
    let unreadable = |error: image::ImageError| {
        tracing::info!(error.cause = %error, "A picture could not be decoded");
        broken()
    };
    if format == ImageFormat::Jpeg && !pixels::is_whole_jpeg(bytes) {
        return Err(broken());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS {
        let fault = t!("catalog-picture-pixels", width = width, height = height);
        return Err(AppError::invalid("picture", fault));
    }
    if decoder.total_bytes() > UNPACKED_BYTES {
        let fault = t!("catalog-picture-bits", width = width, height = height);
        return Err(AppError::invalid("picture", fault));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    let mut picture = pixels::to_eight_bits(picture);
    if let Some(profile) = profile {
        pixels::to_srgb(&mut picture, &profile)?;
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn encode(picture: &DynamicImage) -> Vec<u8> {
    let (width, height) = (picture.width(), picture.height());
    let encoded = if picture.color().has_alpha() {
        webp::Encoder::from_rgba(&picture.to_rgba8(), width, height).encode(QUALITY)
    } else {
        webp::Encoder::from_rgb(&picture.to_rgb8(), width, height).encode(QUALITY)
    };
    encoded.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(content_type: &str, format: ImageFormat, width: u32, height: u32) -> Upload {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height)
            .write_to(&mut bytes, format)
            .expect("encodes");
        Upload {
            bytes: bytes.into_inner().into(),
            content_type: content_type.to_owned(),
        }
    }

    fn size_of(webp: &[u8]) -> (u32, u32) {
        let picture = image::load_from_memory_with_format(webp, ImageFormat::WebP);
        let picture = picture.expect("is WebP");
        (picture.width(), picture.height())
    }

    #[test]
    fn a_picture_is_kept_in_two_sizes() {
        let made = make(&upload("image/png", ImageFormat::Png, 2400, 1200)).expect("made");
        let sizes: Vec<_> = made
            .sizes
            .iter()
            .map(|(size, bytes)| (*size, size_of(bytes)))
            .collect();
        assert_eq!(sizes, [(1200, (1200, 600)), (320, (320, 160))]);
    }

    #[test]
    fn a_small_picture_is_not_blown_up() {
        let made = make(&upload("image/jpeg", ImageFormat::Jpeg, 40, 20)).expect("made");
        assert!(
            made.sizes
                .iter()
                .all(|(_, bytes)| size_of(bytes) == (40, 20))
        );
    }

    /// A telephone held upright: the sensor's rows are the picture's columns.
    #[test]
    fn a_picture_is_turned_upright_and_says_nothing_of_where_it_was_taken() {
        let flat = upload("image/jpeg", ImageFormat::Jpeg, 64, 32);
        // One entry in little-endian TIFF: tag 0x0112, orientation, SHORT, 6.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
        let marker = [&[0xFF, 0xE1], &length[..], &exif[..]].concat();
        let bytes = [&flat.bytes[..2], &marker, &flat.bytes[2..]].concat();
        let made = make(&Upload {
            bytes: bytes.into(),
            content_type: flat.content_type,
        });
        for (_, webp) in made.expect("made").sizes {
            assert_eq!(size_of(&webp), (32, 64));
            assert!(
                !webp
                    .windows(4)
                    .any(|part| part.eq_ignore_ascii_case(b"exif"))
            );
        }
    }

    #[test]
    fn a_file_that_lies_is_refused() {
        let status = |upload: Upload| make(&upload).err().map(|error| error.status());
        assert_eq!(
            status(upload("image/png", ImageFormat::Jpeg, 9, 9)),
            Some(415)
        );
        let file = |bytes: &'static [u8], content_type: &str| Upload {
            bytes: Bytes::from_static(bytes),
            content_type: content_type.to_owned(),
        };
        assert_eq!(status(file(b"<svg/>", "image/png")), Some(415));
        assert_eq!(status(file(b"GIF89a\x01\0\x01\0", "image/gif")), Some(415));
        assert_eq!(
            status(file(b"\x89PNG\r\n\x1a\nrubbish", "image/png")),
            Some(422)
        );
        assert_eq!(status(file(b"", "image/png")), Some(422));
    }

    #[test]
    fn too_many_pixels_are_refused_before_they_are_unpacked() {
        let refused = make(&upload("image/png", ImageFormat::Png, 8_000, 6_000));
        let refused = refused.err().expect("refused");
        assert_eq!(refused.status(), 422);
        assert!(
            refused.errors["picture"].contains("8,000 × 6,000"),
            "{refused:?}"
        );
    }
}
