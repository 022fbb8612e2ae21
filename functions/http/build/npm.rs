//! Runs Node.js tools: checks the version, installs the page's packages, builds the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::terminal;

/// Checks that Node.js is installed and new enough for Vite.
///
/// # Errors
///
/// Returns a message that says which version to install. Vite's own message would be harder to understand.
pub(crate) fn require_node() -> Result<(), String> {
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
        return Err(format!("The page is built with Node.js, and version {version} is too old.\n{INSTALL}"));
    }
    Ok(())
}

/// Installs the packages of the lock file, unless they are already installed.
///
/// # Errors
///
/// Returns the output of `npm ci` if it fails.
pub(crate) fn install(web: &Path) -> Result<(), String> {
    let locked =
        fs::read(web.join("package-lock.json")).map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = web.join("node_modules/.installed-from-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == locked) {
        return Ok(());
    }
    terminal::print(
        "  Installing the page's packages with npm. The first time this can take a minute or more.",
    );
    let mut ci = npm(web);
    // The page needs its compiler and Vite even if NODE_ENV is production.
    ci.args(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(&mut ci, "The page's packages could not be installed. Output of `npm ci` in functions/web:")?;
    fs::write(&stamp, locked).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Builds the page into a folder, which is emptied first.
///
/// # Errors
///
/// Returns the output of `npm run build` if it fails.
pub(crate) fn build(web: &Path, page: &Path) -> Result<(), String> {
    let mut vite = npm(web);
    vite.args(["run", "--silent", "build", "--", "--logLevel", "warn", "--emptyOutDir", "--outDir"])
        .arg(page);
    run(&mut vite, "The page could not be built. Output of `npm run build` in functions/web:")
}

fn npm(web: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(web).env("NO_COLOR", "1");
    npm
}

/// Runs a command without output. If it fails, its output becomes the error.
fn run(command: &mut Command, failure: &str) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let (stdout, stderr) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            Err(format!("{failure}\n{}{}", stdout.trim_start(), stderr.trim_end()))
        }
        Err(error) => Err(format!("npm could not be started ({error}). Install it, then build again.")),
    }
}
