//! The credentials that functions sign their calls with, and how a call's signature names its caller.
//!
//! A function's access key id is `LOCAL` and its logical id, so that whoever receives a call knows who makes it.

/// What an access key id of a function begins with.
const PREFIX: &str = "LOCAL";

/// The credentials of a function, as the environment variables that every AWS SDK reads.
#[must_use]
pub fn environment(function: &str) -> [(&'static str, String); 3] {
    [
        ("AWS_ACCESS_KEY_ID", format!("{PREFIX}{function}")),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_SESSION_TOKEN", "local".to_owned()),
    ]
}

/// Who signed a call, from its `Authorization` header: a function's logical id, or the access key id of a stranger.
/// `None` if it's no Signature Version 4.
#[must_use]
pub fn caller(authorization: &str) -> Option<&str> {
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let field =
        |name: &str| fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
    let (key, scope) = field("Credential")?.split_once('/')?;
    let complete = !key.is_empty()
        && scope.ends_with("/aws4_request")
        && field("SignedHeaders").is_some_and(|names| !names.is_empty())
        && field("Signature").is_some_and(|signature| !signature.is_empty());
    complete.then(|| key.strip_prefix(PREFIX).filter(|function| !function.is_empty()).unwrap_or(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_names_the_function_that_made_it() {
        let signed = "AWS4-HMAC-SHA256 Credential=LOCALHttp/20261123/us-east-1/dynamodb/aws4_request, \
                      SignedHeaders=host;x-amz-date, Signature=abc";
        assert_eq!(caller(signed), Some("Http"));
        assert_eq!(caller(&signed.replace("LOCALHttp", "AKIDEXAMPLE")), Some("AKIDEXAMPLE"));
    }

    #[test]
    fn what_is_no_signature_names_nobody() {
        for header in [
            "",
            "Bearer abc",
            "AWS4-HMAC-SHA256 Credential=LOCALHttp",
            "AWS4-HMAC-SHA256 Credential=LOCALHttp/20261123/us-east-1/dynamodb/aws4_request, SignedHeaders=host",
            "AWS4-HMAC-SHA256 Credential=/20261123/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=abc",
        ] {
            assert_eq!(caller(header), None, "{header}");
        }
    }
}
