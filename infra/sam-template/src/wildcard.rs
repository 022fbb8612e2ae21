//! Wildcards of policies and of CloudFront's path patterns.

/// Returns whether a text matches a pattern: `*` matches any number of characters, and `?` matches one.
///
/// As on AWS, `*` also matches `/`, and colons at the end of an ARN's segment
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>). In the middle of a
/// segment, `*` on AWS does not match a colon. No ARN here has a colon in such a place.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // The last `*`, and the end of its match. If the rest does not match, the match grows by one character.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some(b'*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(&expected), _) if expected == b'?' || expected == text[t] => {
                p += 1;
                t += 1;
            }
            (_, Some((at, met))) => {
                star = Some((at, met + 1));
                p = at + 1;
                t = met + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[p..].iter().all(|rest| *rest == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_slashes_and_colons() {
        for (pattern, text) in [
            ("*", "arn:aws:dynamodb:us-east-1:123456789012:table/Orders"),
            ("*", ""),
            ("arn:aws:dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/index/by-updated"),
            ("arn:aws:dynamodb:*:*:table/O*", "arn:aws:dynamodb:us-east-1:123456789012:table/Orders"),
            ("table/Orders/index/*", "table/Orders/index/by-updated"),
            ("table/*/by-*ed", "table/Orders/index/by-ed-updated"),
            ("table/Order?", "table/Orders"),
            ("live/*/@connections/*", "live/POST/@connections/{connectionId}"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_does_not_match_other_text() {
        for (pattern, text) in [
            ("table/Orders", "table/Orders/index/by-updated"),
            ("table/Orders", "table/orders"),
            ("table/Orders/index/*", "table/Orders"),
            ("table/Order?", "table/Order"),
            ("live/POST/@connections/*", "live/DELETE/@connections/{connectionId}"),
            ("a*b*c", "abcd"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_with_many_wildcards_is_matched_in_polynomial_time() {
        // Trying every division of the text would not end.
        assert!(!matches(&format!("{}b", "*a".repeat(50)), &"a".repeat(20_000)));
    }
}
