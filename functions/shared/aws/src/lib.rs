//! The configuration of the functions' AWS clients, and of the functions themselves.
//!
//! It is the SDK's configuration with a faster cold start, and with one retry policy ([`retries`]).
//!
//! The SDK trusts the system's certificates, and parses these 140 certificates for each client. That was more than
//! half of a function's start. AWS's endpoints use five roots, all of them Amazon's, so only these are parsed, except:
//!
//! - if `SSL_CERT_FILE` or `SSL_CERT_DIR` names certificates, as an endpoint or a proxy with another issuer requires;
//! - outside the partition `aws`: the endpoints of other partitions (China, `GovCloud`) use other roots.

mod edge;
mod environment;
mod retries;
#[cfg(test)]
mod roots;

use std::env;
use std::fmt::Display;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Builder as DynamoDbBuilder, SharedCredentialsProvider};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use tracing::warn;

pub use edge::{EDGE, EDGE_HEADER, EDGE_SECRET, Edge};
pub use environment::{CONNECTIONS_ENDPOINT, DYNAMODB_ENDPOINT, Environment, EnvironmentError};
pub use retries::{ATTEMPTS, retries, timeouts};

/// The certificates that the build script selects from Mozilla's list.
const AMAZON: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/roots.pem"));

/// The first parts of the names of regions in the partition `aws`. A region of another area starts more slowly until
/// it is listed here. (<https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>)
const AREAS: [&str; 9] = ["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"];

/// The help for a function of `sam local` that cannot reach its tables or `@connections`.
const WHAT_TO_SET: &str = "Start `cargo run -- --dynamodb 8000`, and start `sam local` with \
    `--parameter-overrides DynamoDbEndpoint=http://host.docker.internal:8000`; for @connections, \
    ConnectionsEndpoint (README.md, section \"sam local\").";

/// An HTTP client that is shared by all AWS clients, and creates its connector when it is first needed. The SDK's own
/// client creates one more for each AWS client, to check that it can.
#[derive(Debug)]
struct Shared(SharedHttpClient);

/// The settings of a service, in environment variables: `AWS_ENDPOINT_URL_DYNAMODB`, for example.
#[derive(Debug)]
struct ServiceVariables;

/// The root certificates that are trusted.
#[derive(Debug, PartialEq, Eq)]
enum Roots {
    Amazon,
    System,
}

/// Returns the SDK's configuration from Lambda's environment. Its clients share connections.
///
/// It has what `aws_config::load_defaults` finds on Lambda. That function also links clients of STS and of other sources of
/// credentials, and reads profiles, for which every cold start would pay.
#[must_use]
pub fn config() -> SdkConfig {
    let region = env::var("AWS_REGION").ok();
    let named = env::var_os("SSL_CERT_FILE").or_else(|| env::var_os("SSL_CERT_DIR")).is_some();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Shared::trusting(&Roots::of(region.as_deref().unwrap_or_default(), named)))
        .region(region.map(Region::new))
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .service_config(ServiceVariables)
        .retry_config(retries())
        .timeout_config(timeouts())
        .build()
}

/// Returns the configuration of a client for the tables.
///
/// The tables are in the Region's DynamoDB, or at [`DYNAMODB_ENDPOINT`] if that variable is not empty. The SDK has a
/// variable of the same kind, but panics if it is empty, and `sam local` sets every variable that the template names.
///
/// # Panics
/// If the function's environment does not list [`DYNAMODB_ENDPOINT`].
#[must_use]
pub fn dynamodb(config: &SdkConfig, environment: Environment) -> DynamoDbBuilder {
    let builder = DynamoDbBuilder::from(config);
    match environment.get(DYNAMODB_ENDPOINT) {
        Ok(endpoint) if !endpoint.is_empty() => builder.endpoint_url(endpoint),
        _ => {
            if is_sam_local() {
                warn!("DYNAMODB_ENDPOINT is empty, so the tables are looked for on AWS. {WHAT_TO_SET}");
            }
            builder
        }
    }
}

/// Logs that the tables or `@connections` could not be reached.
///
/// In `sam local` it also says which parameter to set. It repeats that, because `sam local` may lose the first lines
/// of a container.
pub fn log_unreachable(error: &dyn Display) {
    if is_sam_local() {
        warn!(%error, "The tables or @connections could not be reached. {WHAT_TO_SET}");
    } else {
        warn!(%error, "The tables or @connections could not be reached.");
    }
}

fn is_sam_local() -> bool {
    env::var_os("AWS_SAM_LOCAL").is_some()
}

impl LoadServiceConfig for ServiceVariables {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace([' ', '-'], "_");
        env::var(format!("{}_{service}", key.env())).or_else(|_| env::var(key.env())).ok()
    }
}

impl Shared {
    /// Creates a client like the SDK's default client, which accepts no trust store.
    fn trusting(roots: &Roots) -> Self {
        let tls = TlsContext::builder().with_trust_store(roots.trust_store()).build();
        let tls = tls.expect("it cannot fail: certificates are looked at later");
        Self(Builder::new().build_with_connector_fn(move |settings, components| {
            let mut connector = ConnectorBuilder::default()
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(tls.clone())
                .proxy_config(ProxyConfig::from_env());
            connector.set_connector_settings(settings.cloned());
            connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
            connector.build()
        }))
    }
}

impl HttpClient for Shared {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

impl Roots {
    /// Selects the roots for a region. `named` says whether the environment names certificates.
    fn of(region: &str, named: bool) -> Self {
        if !named && is_of_partition_aws(region) { Self::Amazon } else { Self::System }
    }

    fn trust_store(&self) -> TrustStore {
        match self {
            Self::Amazon => TrustStore::empty().with_pem_certificate(AMAZON),
            // The default includes the certificates that the environment names.
            Self::System => TrustStore::default(),
        }
    }
}

/// Returns whether a region is in the partition `aws`. Names in other partitions are longer (`us-gov-west-1`) or begin
/// otherwise (`cn-north-1`).
fn is_of_partition_aws(region: &str) -> bool {
    let mut parts = region.split('-');
    parts.next().is_some_and(|area| AREAS.contains(&area)) && parts.count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_amazons_roots_are_trusted_in_the_aws_partition() {
        for region in ["us-east-1", "eu-central-2", "ap-southeast-7", "mx-central-1"] {
            assert_eq!(Roots::of(region, false), Roots::Amazon, "{region}");
        }
    }

    #[test]
    fn other_partitions_trust_the_systems_roots() {
        for region in ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "eu-isoe-west-1", "eusc-de-east-1"] {
            assert_eq!(Roots::of(region, false), Roots::System, "{region}");
        }
        assert_eq!(Roots::of("", false), Roots::System);
    }

    #[test]
    fn roots_named_by_the_environment_are_trusted_in_every_partition() {
        assert_eq!(Roots::of("us-east-1", true), Roots::System);
    }
}
