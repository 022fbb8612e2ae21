//! Tests of the servers that the SDK trusts. The environment belongs to a process, so another process makes the calls: this
//! program, which runs the one ignored test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::Write as _;
use std::process::{Command, Output};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// An endpoint at this machine's name, and the certificate of its issuer. It has one response.
struct Endpoint {
    address: String,
    authority: NamedTempFile,
}

impl Endpoint {
    async fn start() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".into()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        tokio::spawn(serve(listener, Arc::new(config).into()));
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(authority.pem().as_bytes()).unwrap();
        Self { address, authority: file }
    }

    /// Lists its tables, in a region and with more environment variables.
    async fn tables(&self, region: &str, certificates: Option<&str>) -> Output {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program
            .args(["--exact", "the_call", "--ignored", "--nocapture"])
            .env("AWS_ENDPOINT_URL_DYNAMODB", &self.address)
            .env("AWS_REGION", region)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env_remove("SSL_CERT_FILE")
            .env_remove("SSL_CERT_DIR");
        if let Some(name) = certificates {
            program.env(name, self.authority.path());
        }
        tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap()
    }
}

async fn serve(listener: TcpListener, tls: TlsAcceptor) {
    loop {
        let (connection, _) = listener.accept().await.unwrap();
        // A client that does not trust it ends the handshake.
        let Ok(mut connection) = tls.accept(connection).await else { continue };
        let mut request = [0; 8192];
        let _ = connection.read(&mut request).await.unwrap();
        let response = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 26\r\n\r\n{\"TableNames\":[\"Trusted\"]}";
        connection.write_all(response).await.unwrap();
        let _ = connection.shutdown().await;
    }
}

#[tokio::test]
#[ignore = "the other tests run it in a separate process"]
async fn the_call() {
    let client = aws_sdk_dynamodb::Client::new(&aws::config());
    let answer = client.list_tables().send().await;
    println!("{:?}", answer.map(|tables| tables.table_names.unwrap_or_default()));
}

#[tokio::test]
async fn an_endpoint_without_amazons_certificate_is_refused() {
    let endpoint = Endpoint::start().await;
    let output = endpoint.tables("us-east-1", None).await;
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("UnknownIssuer"), "{output:?}");
}

#[tokio::test]
async fn an_endpoint_with_a_root_named_by_the_environment_is_trusted() {
    let endpoint = Endpoint::start().await;
    for region in ["us-east-1", "cn-north-1"] {
        let output = endpoint.tables(region, Some("SSL_CERT_FILE")).await;
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains(r#"Ok(["Trusted"])"#), "{region}: {output:?}");
    }
}
