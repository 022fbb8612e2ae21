//! Why a call is refused, in AWS's words, and what to write into the template about it.

use super::caller::Resource;
use sam_template::{ACCOUNT, STACK};

/// A caller who can't be told, or doesn't prove to be who they say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// The call isn't signed at all.
    #[error("Request is missing Authentication Token")]
    Missing,
    /// The `Authorization` header lacks something.
    #[error("{0}")]
    Incomplete(String),
    /// The access key id or the session token is nobody's: of another run, or made up.
    #[error("The security token included in the request is invalid.")]
    UnknownToken,
    /// The signature is another than that of this request, or an old one.
    #[error("{0}")]
    Invalid(String),
}

impl AuthenticationError {
    /// The exception, as the SDKs know it.
    #[must_use]
    pub fn exception(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownToken => "UnrecognizedClientException",
            Self::Invalid(_) => "InvalidSignatureException",
        }
    }
}

/// A call that the template's policies don't allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "User: arn:aws:sts::{ACCOUNT}:assumed-role/{STACK}-{function}Role/{function} is not authorized to perform: \
     {action} on resource: {resource} {}",
    self.reason()
)]
pub struct AccessDenied {
    /// Whose call it is.
    pub function: String,
    /// What it would do.
    pub action: String,
    /// On what, an ARN.
    pub resource: String,
    /// The statement that denies it; none if it only isn't allowed.
    pub denied_at: Option<String>,
}

impl AccessDenied {
    fn reason(&self) -> String {
        match self.denied_at {
            Some(_) => "with an explicit deny in an identity-based policy".to_owned(),
            None => format!("because no identity-based policy allows the {} action", self.action),
        }
    }

    /// What the template's author can do about it.
    pub(super) fn advice(&self, resource: &Resource) -> String {
        let Self { function, action, .. } = self;
        match &self.denied_at {
            Some(at) => format!(
                "AWS would refuse {action} on {}{}: the template denies it in {at}; narrow that statement",
                resource.arn,
                of_items(resource)
            ),
            None => format!(
                "AWS would refuse {action} on {}{}: add to {function}.Policies in the template \
                 {{ Effect: Allow, Action: {action}, Resource: {} }}",
                resource.arn,
                of_items(resource),
                resource.written
            ),
        }
    }
}

/// Which items it is about, as a statement may allow some of them only.
fn of_items(resource: &Resource) -> String {
    let keys: Vec<&str> = resource.keys.iter().map(String::as_str).collect();
    if keys.is_empty() { String::new() } else { format!(" (dynamodb:LeadingKeys: {})", keys.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_says_what_aws_would_do_and_what_to_change_in_the_template() {
        let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders".to_owned();
        let written = "!GetAtt Orders.Arn".to_owned();
        let resource = Resource { arn: arn.clone(), written, keys: ["home".to_owned()].into() };
        let mut denied = AccessDenied {
            function: "Http".to_owned(),
            action: "dynamodb:Scan".to_owned(),
            resource: arn.clone(),
            denied_at: None,
        };
        assert_eq!(
            denied.advice(&resource),
            format!(
                "AWS would refuse dynamodb:Scan on {arn} (dynamodb:LeadingKeys: home): add to Http.Policies in the template \
                 {{ Effect: Allow, Action: dynamodb:Scan, Resource: !GetAtt Orders.Arn }}"
            )
        );
        denied.denied_at = Some("Http.Policies[0].Statement[1]".to_owned());
        assert_eq!(
            denied.advice(&resource),
            format!(
                "AWS would refuse dynamodb:Scan on {arn} (dynamodb:LeadingKeys: home): the template denies it in Http.Policies[0].Statement[1]; \
                 narrow that statement"
            )
        );
    }
}
