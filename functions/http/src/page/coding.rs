//! Content codings, and which of them a client takes (RFC 9110, 12.5.3).

use axum::http::header::{ACCEPT_ENCODING, HeaderMap};

use crate::header_text;

/// How a file was compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// With brotli.
    Brotli,
    /// With gzip.
    Gzip,
    /// Not at all.
    Identity,
}

impl Coding {
    /// Its name in `Content-Encoding`, which says nothing of what is not compressed.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Coding::Brotli => Some("br"),
            Coding::Gzip => Some("gzip"),
            Coding::Identity => None,
        }
    }
}

/// What the client likes best of what there is, the earlier of two that it likes as much. Where it takes none
/// of them, the last is better than no answer.
pub(super) fn choose<'a, T>(headers: &HeaderMap, offers: &'a [T], coding: impl Fn(&T) -> Coding) -> &'a T {
    let accepted = Accepted::of(headers);
    let mut best = &offers[offers.len() - 1];
    for offer in offers.iter().rev() {
        let quality = accepted.quality(coding(offer));
        if quality > 0 && quality >= accepted.quality(coding(best)) {
            best = offer;
        }
    }
    best
}

/// What `Accept-Encoding` gives each coding, in thousandths.
#[derive(Default)]
struct Accepted {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    others: Option<u16>,
}

impl Accepted {
    fn of(headers: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        let values: Vec<_> = header_text::lines(headers, ACCEPT_ENCODING).collect();
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
            // Acceptable unless it is refused, but whoever names another coding wants that one.
            Coding::Identity => self.identity.or(self.others).unwrap_or(1),
        }
    }
}

/// The weight in `q=0.5`, in thousandths: 1,000 where there is none, 0 where it cannot be read.
fn quality(parameter: &str) -> u16 {
    let parameter = parameter.trim();
    if parameter.is_empty() {
        return 1000;
    }
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    let weight = weight.and_then(|weight| weight.trim().parse::<f32>().ok());
    // Cast: the weight lies between 0 and 1; what is no number is 0.
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
    fn a_client_that_says_nothing_gets_the_file_as_it_is() {
        assert_eq!(*choose(&HeaderMap::new(), &OFFERS, |coding| *coding), Coding::Identity);
        assert_chosen("", Coding::Identity);
    }

    #[test]
    fn the_smallest_of_what_is_liked_as_much_is_chosen() {
        assert_chosen("gzip, deflate, br, zstd", Coding::Brotli);
        assert_chosen("gzip, deflate", Coding::Gzip);
        assert_chosen("*", Coding::Brotli);
        assert_chosen("BR", Coding::Brotli);
        assert_chosen("ü, br", Coding::Brotli);
    }

    #[test]
    fn weights_count_for_more_than_size() {
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
    fn a_client_that_takes_nothing_gets_the_file_as_it_is() {
        assert_chosen("identity;q=0", Coding::Identity);
        assert_chosen("*;q=0", Coding::Identity);
    }

    #[test]
    fn a_weight_that_cannot_be_read_refuses() {
        assert_chosen("br;q=often, gzip", Coding::Gzip);
        assert_chosen("br;level=3, gzip", Coding::Gzip);
    }

    #[test]
    fn several_headers_count_as_one() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT_ENCODING, "gzip".parse().unwrap());
        headers.append(ACCEPT_ENCODING, "br".parse().unwrap());
        assert_eq!(*choose(&headers, &OFFERS, |coding| *coding), Coding::Brotli);
    }
}
