//! What a distribution compresses where a behaviour says `Compress`: texts of some size that do not come compressed.
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html>

use std::io::Write as _;
use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};

/// How large a body may be that is compressed, in bytes.
const SIZES: RangeInclusive<usize> = 1_000..=10_000_000;
/// Types of which all are compressed, and single ones, of those that CloudFront lists.
const TEXTS: &str = "text/";
const TYPES: [&str; 8] = [
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/wasm",
    "application/xml",
    "font/otf",
    "font/ttf",
    "image/svg+xml",
];
/// Fast, and small enough for what lives on one machine.
const BROTLI_QUALITY: i32 = 5;

/// Compresses a body in the first of these codings, and says so in its headers; leaves alone what is not to be compressed.
pub(super) fn compress(headers: &mut HeaderMap, body: Bytes, codings: &str) -> Bytes {
    let text =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let kind = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let is_meant = kind.starts_with(TEXTS) || TYPES.contains(&kind);
    if !is_meant || !SIZES.contains(&body.len()) || headers.contains_key(header::CONTENT_ENCODING) {
        return body;
    }
    let (coding, compressed) = match codings.split(',').next() {
        Some("br") => ("br", brotli(&body)),
        Some("gzip") => ("gzip", gzip(&body)),
        _ => return body,
    };
    // Writing to memory does not fail.
    let Ok(compressed) = compressed else { return body };
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    headers.remove(header::CONTENT_LENGTH);
    weaken(headers);
    compressed.into()
}

fn brotli(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    brotli::BrotliCompress(&mut &body[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

/// A strong validator was one of other bytes.
fn weaken(headers: &mut HeaderMap) {
    let tag =
        headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| !tag.starts_with("W/"));
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(&format!("W/{tag}")).ok()) {
        headers.insert(header::ETAG, tag);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn compressed(kind: &str, size: usize, codings: &str) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        headers.insert(header::ETAG, HeaderValue::from_static("\"1\""));
        let body = compress(&mut headers, Bytes::from("x".repeat(size)), codings);
        (headers, body)
    }

    #[test]
    fn a_text_is_compressed_in_the_first_coding_that_the_viewer_takes() {
        let (headers, body) = compressed("text/html; charset=utf-8", 1_000, "br,gzip");
        assert_eq!(
            (&headers[header::CONTENT_ENCODING], &headers[header::ETAG]),
            (&"br".parse().unwrap(), &"W/\"1\"".parse().unwrap())
        );
        let mut text = String::new();
        brotli::Decompressor::new(&body[..], 4096).read_to_string(&mut text).unwrap();
        assert_eq!(text, "x".repeat(1_000));

        let (headers, body) = compressed("application/json", 10_000_000, "gzip");
        assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
        let mut text = String::new();
        flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), 10_000_000);
    }

    #[test]
    fn what_is_small_or_huge_or_no_text_or_wanted_plain_stays_as_it_is() {
        for (kind, size, codings) in [
            ("text/html", 999, "br"),
            ("text/html", 10_000_001, "br"),
            ("image/png", 5_000, "br"),
            ("text/html", 5_000, ""),
        ] {
            let (headers, body) = compressed(kind, size, codings);
            assert_eq!(
                (body.len(), headers.contains_key(header::CONTENT_ENCODING)),
                (size, false),
                "{kind} {size}"
            );
        }
    }
}
