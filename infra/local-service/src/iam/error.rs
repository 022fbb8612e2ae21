//! Errors of authentication and authorization, with AWS's messages and advice for the template.

use super::caller::Resource;
use sam_template::{ACCOUNT, STACK};

/// A call could not be authenticated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// The call is not signed.
    #[error("Request is missing Authentication Token")]
    Missing,
    /// The `Authorization` header is incomplete.
    #[error("{0}")]
    Incomplete(String),
    /// The access key id or the session token is unknown, or of another run.
    #[error("The security token included in the request is invalid.")]
    UnknownToken,
    /// The signature does not match the request, or has expired.
    #[error("{0}")]
    Invalid(String),
}

impl AuthenticationError {
    /// Returns the name of the exception, as SDKs know it.
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

/// A call that the template's policies do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "User: arn:aws:sts::{ACCOUNT}:assumed-role/{STACK}-{function}Role/{function} is not authorized to perform: \
     {action} on resource: {resource} {}",
    self.reason()
)]
pub struct AccessDenied {
    /// The calling function.
    pub function: String,
    /// The action.
    pub action: String,
    /// The ARN of the resource.
    pub resource: String,
    /// The statement that denies the call. `None` if no statement allows it.
    pub denied_at: Option<String>,
}

impl AccessDenied {
    fn reason(&self) -> String {
        match self.denied_at {
            Some(_) => "with an explicit deny in an identity-based policy".to_owned(),
            None => format!("because no identity-based policy allows the {} action", self.action),
        }
    }

    /// Returns advice for the author of the template.
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

/// Formats the partition keys of the call, since a statement may allow only some items.
fn of_items(resource: &Resource) -> String {
    let keys: Vec<&str> = resource.keys.iter().map(String::as_str).collect();
    if keys.is_empty() { String::new() } else { format!(" (dynamodb:LeadingKeys: {})", keys.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_the_denial_and_the_change_to_the_template() {
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
