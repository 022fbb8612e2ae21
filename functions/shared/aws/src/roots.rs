//! The roots of AWS's endpoints, selected from Mozilla's list. The build script uses this file.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The roots that Amazon Trust Services advises to trust, by the SHA-256 of their certificates.
/// (<https://www.amazontrust.com/repository/>)
const ROOTS: [(&str, &str); 5] = [
    ("Amazon Root CA 1", "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e"),
    ("Amazon Root CA 2", "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4"),
    ("Amazon Root CA 3", "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4"),
    ("Amazon Root CA 4", "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092"),
    (
        "Starfield Services Root Certificate Authority - G2",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    ),
];

/// Returns their certificates as PEM. A missing root would make some endpoint unreachable one day, so it fails the
/// build.
pub(crate) fn pem(certificates: &[impl AsRef<[u8]>]) -> Result<String, String> {
    let mut pem = String::new();
    for (name, digest) in ROOTS {
        let certificate = certificates
            .iter()
            .find(|certificate| hex(&Sha256::digest(certificate)) == digest)
            .ok_or_else(|| format!("webpki-root-certs has no {name:?} with the SHA-256 {digest}"))?;
        let base64 = STANDARD.encode(certificate);
        let _ = writeln!(pem, "-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----");
    }
    Ok(pem)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

    use super::*;

    #[test]
    fn mozillas_roots_include_amazons_five() {
        let pem = pem(TLS_SERVER_ROOT_CERTS).unwrap();
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 5);
    }

    #[test]
    fn a_missing_root_is_named() {
        let all_but_starfield: Vec<_> = TLS_SERVER_ROOT_CERTS
            .iter()
            .filter(|certificate| !String::from_utf8_lossy(certificate).contains("Starfield Services Root"))
            .collect();
        assert_eq!(all_but_starfield.len() + 1, TLS_SERVER_ROOT_CERTS.len());
        let missing = pem(&all_but_starfield).unwrap_err();
        assert!(missing.contains("\"Starfield Services Root Certificate Authority - G2\""), "{missing}");
    }
}
