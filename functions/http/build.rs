//! Builds the page (`web/`) with npm and Vite, and writes the table of its files that `src/page.rs` embeds; and, from
//! one of its packages, the passwords that `src/new_password.rs` refuses.
//!
//! Cargo runs it again only when the page's source changes; npm runs only when its lock file has changed.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// What the page is made of, below `web/`. (What is in `public` is served under its own name: a service worker has to be, and
/// its scope is where it is served.)
const SOURCE: [&str; 12] = [
    "common-passwords.ts",
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

/// What `compress.ts` may have put beside a file, and the content coding it stands for.
const CODINGS: [(&str, &str); 3] = [(".br", "Brotli"), (".gz", "Gzip"), ("", "Identity")];

fn main() {
    let web = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../web");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    for name in SOURCE {
        println!("cargo::rerun-if-changed=../web/{name}");
    }
    if let Err(reason) = build(&web, &out) {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn build(web: &Path, out: &Path) -> Result<(), String> {
    require_node()?;
    install(web)?;
    write_common_passwords(web, out)?;
    let page = out.join("page");
    let mut vite = npm(web);
    vite.args(["run", "--silent", "build", "--", "--logLevel", "warn", "--emptyOutDir", "--outDir"])
        .arg(&page);
    run(&mut vite, "The page could not be built; `npm run build` in functions/web said:")?;
    let mut table = Vec::new();
    write_table(&mut table, &page).map_err(|error| format!("The built page cannot be read: {error}"))?;
    fs::write(out.join("page.rs"), table).map_err(|error| format!("OUT_DIR cannot be written: {error}"))
}

/// Vite's own requirement, said in our words before it says it in its own.
fn require_node() -> Result<(), String> {
    const INSTALL: &str =
        "Install Node.js 20.19 or newer with its npm (https://nodejs.org), then build again.";
    let version = match Command::new("node").arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => return Err(format!("The page is built with Node.js, which is not installed.\n{INSTALL}")),
    };
    let mut numbers =
        version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if !matches!((major, minor), (20, 19..) | (22, 12..) | (23.., _)) {
        return Err(format!(
            "The page is built with Node.js, and the one installed ({version}) is too old.\n{INSTALL}"
        ));
    }
    Ok(())
}

/// Installs what the lock file names, unless that is what was installed last.
fn install(web: &Path) -> Result<(), String> {
    let locked =
        fs::read(web.join("package-lock.json")).map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = web.join("node_modules/.installed-from-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == locked) {
        return Ok(());
    }
    let mut ci = npm(web);
    // The compiler and Vite are needed even where NODE_ENV says production.
    ci.args(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(&mut ci, "The page's packages could not be installed; `npm ci` in functions/web said:")?;
    fs::write(&stamp, locked).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn npm(web: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(web).env("NO_COLOR", "1");
    npm
}

/// Runs a command in silence; if it fails, what it said is the reason.
fn run(command: &mut Command, failure: &str) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let (stdout, stderr) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            Err(format!("{failure}\n{}{}", stdout.trim_start(), stderr.trim_end()))
        }
        Err(error) => {
            Err(format!("npm, which builds the page, could not be started ({error}).\nIs it installed?"))
        }
    }
}

/// Writes the common passwords that are long enough to be passwords, in lower case, sorted, one a line. (A crate has a list
/// of a hundred thousand, in a table that would add its millions of bytes, and relocations, to every cold start.)
fn write_common_passwords(web: &Path, out: &Path) -> Result<(), String> {
    let file = web.join("node_modules/@zxcvbn-ts/language-common/src/passwords.json");
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let list = fs::read(&file).map_err(|error| failed(&error))?;
    let list: Vec<String> = serde_json::from_slice(&list).map_err(|error| failed(&error))?;
    if list.len() < 3_000 {
        return Err(failed(&"holds fewer than 3,000 passwords"));
    }
    let long = list.iter().filter(|password| password.chars().count() >= 8);
    let passwords: BTreeSet<String> = long.map(|password| password.to_lowercase()).collect();
    let lines: String = passwords.iter().flat_map(|password| [password.as_str(), "\n"]).collect();
    fs::write(out.join("common-passwords.txt"), lines)
        .map_err(|error| format!("OUT_DIR cannot be written: {error}"))
}

/// Writes the Rust expression that embeds every file of the built page.
fn write_table(table: &mut impl io::Write, page: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    list(page, &mut files)?;
    files.sort();
    writeln!(table, "&[")?;
    for file in files {
        let name = file.strip_prefix(page).expect("it was listed below the page");
        let name = name.to_string_lossy().replace('\\', "/");
        let path = format!("/{}", if name == "index.html" { "" } else { &name });
        let immutable = name.starts_with("assets/");
        let content_type = content_type(&file)?;
        writeln!(table, "File {{ path: {path:?}, content_type: {content_type:?}, immutable: {immutable},")?;
        writeln!(table, "representations: &[")?;
        for (suffix, coding) in CODINGS {
            let name = format!("{name}{suffix}");
            let file = page.join(&name);
            if file.exists() {
                let etag = etag(&fs::read(&file)?);
                let path = format!("/page/{name}");
                writeln!(table, "Representation {{ coding: Coding::{coding}, etag: {etag:?},")?;
                writeln!(table, "content: include_bytes!(concat!(env!(\"OUT_DIR\"), {path:?})) }},")?;
            }
        }
        writeln!(table, "] }},")?;
    }
    writeln!(table, "]")
}

/// Gathers every file below a folder, without those that are another file compressed.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
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
        _ => Err(io::Error::other(format!("build.rs knows no content type for {}", file.display()))),
    }
}

/// A strong validator: of every representation its own.
fn etag(content: &[u8]) -> String {
    let hash = Sha256::digest(content);
    let hash = u128::from_be_bytes(hash[..16].try_into().expect("a SHA-256 has 32 bytes"));
    format!("\"{hash:032x}\"")
}
