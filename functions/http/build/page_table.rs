//! Writes the table of the page's files that the function embeds.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The suffixes of the files that `compress.ts` writes, and their variants of `Coding`. The smallest comes first.
const CODINGS: [(&str, &str); 3] = [(".br", "Brotli"), (".gz", "Gzip"), ("", "Identity")];

/// Returns the Rust expression that embeds every file of the built page: a slice of `File`.
///
/// # Errors
///
/// Returns an error if a file cannot be read or has an unknown content type.
pub(crate) fn table(page: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    collect_files(page, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(page).expect("the file is below the folder of the page");
        let name = name.to_string_lossy().replace('\\', "/");
        let path = format!("/{}", if name == "index.html" { "" } else { &name });
        let is_immutable = name.starts_with("assets/");
        let content_type = content_type(&file)?;
        let representations = representations(page, &name)?;
        let _ = writeln!(
            table,
            "File {{ path: {path:?}, content_type: {content_type:?}, immutable: {is_immutable}, \
             representations: &[{representations}] }},"
        );
    }
    table.push_str("]\n");
    Ok(table)
}

/// Returns the list of a file's representations, one for each content coding that exists.
fn representations(page: &Path, name: &str) -> io::Result<String> {
    let mut representations = String::new();
    for (suffix, coding) in CODINGS {
        let name = format!("{name}{suffix}");
        let file = page.join(&name);
        if file.exists() {
            let etag = etag(&fs::read(&file)?);
            let path = format!("/page/{name}");
            let _ = writeln!(
                representations,
                "Representation {{ coding: Coding::{coding}, etag: {etag:?}, \
                 content: include_bytes!(concat!(env!(\"OUT_DIR\"), {path:?})) }},"
            );
        }
    }
    Ok(representations)
}

/// Collects the files below a folder, except compressed copies.
fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_files(&path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "br" && extension != "gz") {
            files.push(path);
        }
    }
    Ok(())
}

fn content_type(file: &Path) -> io::Result<&'static str> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("html") => Ok("text/html; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("png") => Ok("image/png"),
        Some("svg") => Ok("image/svg+xml"),
        Some("webmanifest") => Ok("application/manifest+json"),
        _ => Err(io::Error::other(format!(
            "no known content type: {}; add it to build/page_table.rs",
            file.display()
        ))),
    }
}

/// Returns a strong entity tag. Every representation has a different one.
fn etag(content: &[u8]) -> String {
    let hash = Sha256::digest(content);
    let hash = u128::from_be_bytes(hash[..16].try_into().expect("a SHA-256 has 32 bytes"));
    format!("\"{hash:032x}\"")
}
