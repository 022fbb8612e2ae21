//! Builds the page in `functions/web` with npm and Vite, and writes `page.rs`: a table of the page's files, for
//! `src/page/file.rs`.
//!
//! Cargo runs this program again only when the page's source changes. npm installs packages only when its lock file has
//! changed.

mod npm;
mod page_table;
mod terminal;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The sources of the page below `functions/web`.
const SOURCES: [&str; 11] = [
    "compress.ts",
    "index.html",
    "package-lock.json",
    "package.json",
    "public",
    "shell.ts",
    "src",
    "tsconfig.json",
    "tsconfig.node.json",
    "tsconfig.worker.json",
    "vite.config.ts",
];

fn main() {
    let web = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../web");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build");
    for name in SOURCES {
        println!("cargo::rerun-if-changed=../web/{name}");
    }
    if let Err(reason) = build(&web, &out) {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn build(web: &Path, out: &Path) -> Result<(), String> {
    npm::require_node()?;
    npm::install(web)?;
    let page = out.join("page");
    npm::build(web, &page)?;
    let table =
        page_table::table(&page).map_err(|error| format!("The built page cannot be read: {error}"))?;
    fs::write(out.join("page.rs"), table).map_err(|error| format!("OUT_DIR cannot be written: {error}"))
}
