//! The policy of sign-ups.

use super::SignUpCode;

/// The policy of sign-ups: the template's parameter `SignUp`.
pub(crate) enum SignUpPolicy {
    /// Only people with an invitation. The first account of a deployment needs none.
    Invitation,
    /// People with the team's code or an invitation.
    Code(SignUpCode),
    /// Everybody.
    Open,
}

impl SignUpPolicy {
    /// Parses the template's parameters `SignUp` and `SignUpCode`.
    ///
    /// # Errors
    ///
    /// Returns an error if the policy is unknown, or if it is `code` and there is no code.
    pub(crate) fn parse(policy: &str, code: &str) -> Result<Self, String> {
        match policy {
            "invitation" => Ok(Self::Invitation),
            "code" if code.is_empty() => Err("SIGN_UP is code, but SIGN_UP_CODE is empty".to_owned()),
            "code" => Ok(Self::Code(SignUpCode::new(code))),
            "open" => Ok(Self::Open),
            _ => Err(format!("SIGN_UP is {policy}: set invitation, code or open")),
        }
    }

    /// Returns the policy's name in the template and in responses.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Code(_) => "code",
            Self::Open => "open",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_has_the_name_of_its_parameter_and_a_code_must_not_be_empty() {
        for name in ["invitation", "code", "open"] {
            assert_eq!(SignUpPolicy::parse(name, "sesame").unwrap().name(), name);
        }
        assert!(SignUpPolicy::parse("invitation", "").is_ok() && SignUpPolicy::parse("open", "").is_ok());
        for (policy, code) in [("code", ""), ("", "sesame"), ("Open", ""), ("closed", "")] {
            assert!(SignUpPolicy::parse(policy, code).is_err(), "{policy}");
        }
    }
}
