//! The kinds of problems: what programs tell them apart by.

use axum::http::StatusCode;

/// A kind of problem. Its `type` is where its description is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Malformed,
    NotSignedIn,
    WrongCredentials,
    ForeignOrigin,
    WrongPassword,
    WrongSignUpCode,
    NoSuchRoute,
    NoSuchNote,
    NoSuchUser,
    NoSuchSession,
    NoSuchProblem,
    MethodNotAllowed,
    UsernameTaken,
    BoardFull,
    KeyTaken,
    Stale,
    TooLarge,
    NotJson,
    Encoded,
    WrongValues,
    ConditionRequired,
    TooManyAttempts,
    Internal,
    Overloaded,
}

impl Kind {
    /// All of them, by status.
    pub(crate) const ALL: [Self; 24] = [
        Self::Malformed,
        Self::NotSignedIn,
        Self::WrongCredentials,
        Self::ForeignOrigin,
        Self::WrongPassword,
        Self::WrongSignUpCode,
        Self::NoSuchRoute,
        Self::NoSuchNote,
        Self::NoSuchUser,
        Self::NoSuchSession,
        Self::NoSuchProblem,
        Self::MethodNotAllowed,
        Self::UsernameTaken,
        Self::BoardFull,
        Self::KeyTaken,
        Self::Stale,
        Self::TooLarge,
        Self::NotJson,
        Self::Encoded,
        Self::WrongValues,
        Self::ConditionRequired,
        Self::TooManyAttempts,
        Self::Internal,
        Self::Overloaded,
    ];

    /// Its name, in its address.
    pub(crate) fn slug(self) -> &'static str {
        self.facts().1
    }

    /// Where it is described, as the documents' `type` says.
    pub(crate) fn address(self) -> String {
        format!("/api/problems/{}", self.slug())
    }

    /// The status of its answers.
    pub(crate) fn status(self) -> StatusCode {
        self.facts().0
    }

    /// What it is, in few words.
    pub(crate) fn title(self) -> &'static str {
        self.facts().2
    }

    /// What to do about it.
    pub(crate) fn advice(self) -> &'static str {
        self.facts().3
    }

    #[expect(clippy::too_many_lines, reason = "it is a table with one row for each kind")]
    fn facts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Malformed => {
                (S::BAD_REQUEST, "malformed", "Not readable", "Send what the API describes; see detail.")
            }
            Self::NotSignedIn => (S::UNAUTHORIZED, "not-signed-in", "Not signed in", "Sign in first."),
            Self::WrongCredentials => (
                S::UNAUTHORIZED,
                "wrong-credentials",
                "Wrong username or password",
                "The username or the password is wrong.",
            ),
            Self::ForeignOrigin => (
                S::FORBIDDEN,
                "foreign-origin",
                "Sent by another site",
                "Only the page of this site may do that.",
            ),
            Self::WrongPassword => {
                (S::FORBIDDEN, "wrong-password", "Wrong password", "The password is not yours.")
            }
            Self::WrongSignUpCode => (
                S::FORBIDDEN,
                "wrong-sign-up-code",
                "Wrong sign-up code",
                "This notebook is open to who has its sign-up code. Ask your team for it.",
            ),
            Self::NoSuchRoute => {
                (S::NOT_FOUND, "no-such-route", "Nothing here", "There is nothing at this address.")
            }
            Self::NoSuchNote => (S::NOT_FOUND, "no-such-note", "No such note", "There is no such note."),
            Self::NoSuchUser => (S::NOT_FOUND, "no-such-user", "No such user", "Nobody has this username."),
            Self::NoSuchSession => {
                (S::NOT_FOUND, "no-such-session", "No such session", "You have no such session.")
            }
            Self::NoSuchProblem => (
                S::NOT_FOUND,
                "no-such-problem",
                "No such kind of problem",
                "There is no such kind of problem.",
            ),
            Self::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
                "This address does not do that. See the header Allow.",
            ),
            Self::UsernameTaken => {
                (S::CONFLICT, "username-taken", "Username taken", "The username is taken. Choose another.")
            }
            Self::BoardFull => (
                S::CONFLICT,
                "board-full",
                "The board is full",
                "The notes take up all the room that there is (10 GB). Nothing was changed. Delete notes that nobody \
                 needs, or make this one smaller, then try again.",
            ),
            Self::KeyTaken => (
                S::PRECONDITION_FAILED,
                "key-taken",
                "Key taken",
                "There is a note with this key. The answer holds it.",
            ),
            Self::Stale => (
                S::PRECONDITION_FAILED,
                "stale",
                "Changed meanwhile",
                "The note is not as your conditions want it. The answer holds how it is.",
            ),
            Self::TooLarge => {
                (S::PAYLOAD_TOO_LARGE, "too-large", "Too large", "Send less; see detail and errors.")
            }
            Self::NotJson => {
                (S::UNSUPPORTED_MEDIA_TYPE, "not-json", "Not JSON", "Send the content type application/json.")
            }
            Self::Encoded => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "encoded",
                "Encoded body",
                "Send the body without Content-Encoding.",
            ),
            Self::WrongValues => (
                S::UNPROCESSABLE_ENTITY,
                "wrong-values",
                "Wrong values",
                "Some values are wrong. See errors.",
            ),
            Self::ConditionRequired => (
                S::PRECONDITION_REQUIRED,
                "condition-required",
                "A condition is required",
                "Say what you know of the note: If-Match with its ETag, or If-None-Match: * to create it.",
            ),
            Self::TooManyAttempts => (
                S::TOO_MANY_REQUESTS,
                "too-many-attempts",
                "Too many attempts",
                "Wait as long as the header Retry-After says, then try again.",
            ),
            Self::Internal => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "Our fault",
                "That was our fault. Try again in a while.",
            ),
            Self::Overloaded => (
                S::SERVICE_UNAVAILABLE,
                "overloaded",
                "Too busy",
                "Notes is too busy. Try again after as many seconds as Retry-After says. A change may have been made \
                 all the same: look first.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        let mut slugs: Vec<&str> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
