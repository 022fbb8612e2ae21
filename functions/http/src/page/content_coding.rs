//! Chooses the content coding of a response by `Accept-Encoding` (RFC 9110, section 12.5.3).

use axum::http::header::{ACCEPT_ENCODING, HeaderMap};

use crate::request::headers;

/// The compression of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// No compression.
    Identity,
}

impl Coding {
    /// Returns the value of `Content-Encoding`, or `None` for an uncompressed file.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Coding::Brotli => Some("br"),
            Coding::Gzip => Some("gzip"),
            Coding::Identity => None,
        }
    }
}

/// Returns the offer with the highest quality, the earlier of two with the same. Returns the last offer if the client
/// accepts none, because a response is better than an error.
pub(super) fn choose<'a, T>(headers: &HeaderMap, offers: &'a [T], coding: impl Fn(&T) -> Coding) -> &'a T {
    let accepted = Accepted::from_headers(headers);
    let mut best = &offers[offers.len() - 1];
    for offer in offers.iter().rev() {
        let quality = accepted.quality(coding(offer));
        if quality > 0 && quality >= accepted.quality(coding(best)) {
            best = offer;
        }
    }
    best
}

/// The qualities in `Accept-Encoding`, in thousandths.
#[derive(Default)]
struct Accepted {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    others: Option<u16>,
}

impl Accepted {
    fn from_headers(headers: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        let values: Vec<_> = headers::values(headers, ACCEPT_ENCODING).collect();
        for element in values.iter().flat_map(|value| value.split(',')) {
            let (name, parameter) = element.split_once(';').unwrap_or((element, ""));
            let quality = Some(quality(parameter));
            match name.trim().to_ascii_lowercase().as_str() {
                "br" => accepted.brotli = quality,
                "gzip" | "x-gzip" => accepted.gzip = quality,
                "identity" => accepted.identity = quality,
                "*" => accepted.others = quality,
                _ => {}
            }
        }
        accepted
    }

    fn quality(&self, coding: Coding) -> u16 {
        match coding {
            Coding::Brotli => self.brotli.or(self.others).unwrap_or(0),
            Coding::Gzip => self.gzip.or(self.others).unwrap_or(0),
            // Always acceptable unless refused, but any coding that the client names is better.
            Coding::Identity => self.identity.or(self.others).unwrap_or(1),
        }
    }
}

/// Returns the weight of a parameter such as `q=0.5`, in thousandths. Without a parameter it is 1,000; an invalid one is 0.
fn quality(parameter: &str) -> u16 {
    let parameter = parameter.trim();
    if parameter.is_empty() {
        return 1000;
    }
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    let weight = weight.and_then(|weight| weight.trim().parse::<f32>().ok());
    // The weight is between 0 and 1, so the cast is exact enough. NaN becomes 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    weight.map_or(0, |weight| (weight.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: [Coding; 3] = [Coding::Brotli, Coding::Gzip, Coding::Identity];

    #[track_caller]
    fn assert_chosen(accept: &str, expected: Coding) {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, accept.parse().unwrap())]);
        assert_eq!(*choose(&headers, &OFFERS, |coding| *coding), expected, "{accept}");
    }

    #[test]
    fn without_a_preference_the_file_is_uncompressed() {
        assert_eq!(*choose(&HeaderMap::new(), &OFFERS, |coding| *coding), Coding::Identity);
        assert_chosen("", Coding::Identity);
    }

    #[test]
    fn the_first_offer_of_the_same_quality_is_chosen() {
        assert_chosen("gzip, deflate, br, zstd", Coding::Brotli);
        assert_chosen("gzip, deflate", Coding::Gzip);
        assert_chosen("*", Coding::Brotli);
        assert_chosen("BR", Coding::Brotli);
        assert_chosen("ü, br", Coding::Brotli);
    }

    #[test]
    fn quality_comes_before_the_order_of_offers() {
        assert_chosen("br;q=0.5, gzip;q=0.8", Coding::Gzip);
        assert_chosen("br;q=0.5, identity", Coding::Identity);
        assert_chosen("br; q=0.001, *;q=0", Coding::Brotli);
    }

    #[test]
    fn a_refused_coding_is_not_used() {
        assert_chosen("br;q=0, gzip", Coding::Gzip);
        assert_chosen("br;q=0, gzip;q=0.000", Coding::Identity);
        assert_chosen("*, br;q=0", Coding::Gzip);
        assert_chosen("identity;q=0, gzip;q=0.1", Coding::Gzip);
    }

    #[test]
    fn if_all_codings_are_refused_the_file_is_uncompressed() {
        assert_chosen("identity;q=0", Coding::Identity);
        assert_chosen("*;q=0", Coding::Identity);
    }

    #[test]
    fn an_invalid_weight_is_zero() {
        assert_chosen("br;q=often, gzip", Coding::Gzip);
        assert_chosen("br;level=3, gzip", Coding::Gzip);
    }

    #[test]
    fn several_headers_are_combined() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_ENCODING, "gzip".parse().unwrap());
        headers.append(ACCEPT_ENCODING, "br".parse().unwrap());
        assert_eq!(*choose(&headers, &OFFERS, |coding| *coding), Coding::Brotli);
    }
}
