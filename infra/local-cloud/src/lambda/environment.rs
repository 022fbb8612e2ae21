//! The environment variables of a function's process: the template's, Lambda's own, and a few inherited ones.

use std::collections::BTreeMap;

use local_service::credentials::{Credentials, Registry};
use sam_template::{Function, REGION};

/// The variables that a function inherits from the cloud's process.
const INHERITED: [&str; 5] = ["PATH", "HOME", "TMPDIR", "RUST_LOG", "RUST_BACKTRACE"];

/// The part of the environment that all functions of a cloud share.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Endpoint of DynamoDB.
    pub dynamodb: String,
    /// Public addresses in the template's values, each with the local address that replaces it.
    pub addresses: Vec<(String, String)>,
    /// The credentials of each function.
    pub credentials: Registry,
}

impl Environment {
    /// Returns all variables of an instance whose Runtime API is at `runtime_api` (`host:port`).
    pub(super) fn of(&self, function: &Function, runtime_api: &str) -> BTreeMap<String, String> {
        let inherited =
            INHERITED.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
        let declared = function.environment.iter().map(|(name, value)| (name.clone(), self.localise(value)));
        let reserved = [
            ("_HANDLER", "bootstrap".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_mb.to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", function.id.clone()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", function.id)),
            ("AWS_LAMBDA_LOG_STREAM_NAME", runtime_api.to_owned()),
            ("AWS_LAMBDA_RUNTIME_API", runtime_api.to_owned()),
            ("AWS_DEFAULT_REGION", REGION.to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.clone()),
            // HOME is inherited. The AWS settings in it are not.
            ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("TZ", ":UTC".to_owned()),
        ];
        let logging = [
            function.log_format.clone().map(|format| ("AWS_LAMBDA_LOG_FORMAT", format)),
            function.log_level.clone().map(|level| ("AWS_LAMBDA_LOG_LEVEL", level)),
        ];
        let reserved = reserved.into_iter().chain(logging.into_iter().flatten());
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        let credentials = self.credentials.get(&function.id).map(Credentials::variables);
        let credentials = credentials.into_iter().flatten();
        inherited.chain(declared).chain(reserved.map(owned)).chain(credentials.map(owned)).collect()
    }

    /// Replaces the public addresses in a value by local ones.
    fn localise(&self, value: &str) -> String {
        self.addresses.iter().fold(value.to_owned(), |value, (public, local)| value.replace(public, local))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn public_addresses_become_local_ones_and_other_values_stay() {
        let environment = Environment {
            dynamodb: "http://127.0.0.1:8000".to_owned(),
            addresses: vec![("https://door.cloudfront.net".to_owned(), "http://localhost:3000".to_owned())],
            credentials: Registry::of(["Http", "Stream"].into_iter()),
        };
        let template =
            [("ORIGIN", "https://door.cloudfront.net"), ("TABLE", "Orders"), ("AWS_REGION", "mars")];
        let function = Function {
            id: "Http".to_owned(),
            binary: "http-function".to_owned(),
            code: ".".into(),
            environment: template.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            memory_mb: 256,
            reserved_concurrency: None,
            timeout: Duration::from_secs(3),
            log_format: Some("JSON".to_owned()),
            log_level: None,
            policies: Vec::new(),
        };
        let variables = environment.of(&function, "127.0.0.1:9001");
        assert_eq!(variables["ORIGIN"], "http://localhost:3000");
        assert_eq!(variables["TABLE"], "Orders");
        assert_eq!(variables["AWS_REGION"], REGION, "Lambda's own variables win");
        let own = environment.credentials.get("Http").unwrap();
        assert_eq!(variables["AWS_ACCESS_KEY_ID"], own.access_key_id);
        assert_eq!(variables["AWS_SECRET_ACCESS_KEY"], own.secret_access_key);
        assert_eq!(variables["AWS_SESSION_TOKEN"], own.session_token);
        assert_eq!(variables["AWS_LAMBDA_LOG_FORMAT"], "JSON");
        assert!(!variables.contains_key("AWS_LAMBDA_LOG_LEVEL"));
        assert!(!variables.contains_key("CARGO_MANIFEST_DIR"), "no other variable is inherited");
    }
}
