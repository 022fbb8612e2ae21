//! Wildcards, as policies are written with them.

/// Whether a text is meant: `*` stands for any characters, none included, and `?` for one.
///
/// A `*` goes over every `/`, and at the end of an ARN's segment over colons as well, as AWS's does
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>). In the middle of a
/// segment AWS's stops at a colon; no ARN here has one where that could matter.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // The last `*`, and up to where it stands for what it met: if the rest fails, it stands for one more.
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
    fn wildcards_go_over_slashes_and_colons() {
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
    fn what_is_not_written_is_not_meant() {
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
    fn a_pattern_of_many_wildcards_is_decided_without_trying_all_ways() {
        // All ways to part the text are more than could ever be tried: this would not end.
        assert!(!matches(&format!("{}b", "*a".repeat(50)), &"a".repeat(20_000)));
    }
}
