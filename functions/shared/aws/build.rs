//! Writes the certificates of the roots that AWS's endpoints chain to, which `src/lib.rs` embeds.

use std::env;
use std::fs;
use std::path::PathBuf;

use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

#[path = "src/roots.rs"]
mod roots;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/roots.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let written = roots::pem(TLS_SERVER_ROOT_CERTS).and_then(|pem| {
        fs::write(out.join("roots.pem"), pem).map_err(|error| format!("OUT_DIR cannot be written: {error}"))
    });
    if let Err(reason) = written {
        println!("cargo::error={reason}");
    }
}
