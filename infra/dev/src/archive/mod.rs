//! `notes-dev export` and `notes-dev import`: write all notes of a board to a file, and read them back.
//!
//! Both work page by page and write a checkpoint after each page. The next run continues there. They use only the HTTP API
//! of a deployment.
//!
//! - `client`: the HTTP client
//! - `export`, `import`: the two commands
//! - `checkpoint`: the checkpoint file
//! - `progress`: the progress on standard error
//! - `validate`: checks a file before an import

mod checkpoint;
mod client;
mod error;
mod export;
mod import;
mod progress;
mod validate;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use self::client::Client;
pub(crate) use self::error::Error;

/// The arguments of `export` and `import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file: lines of JSON, one for each note and each comment
    file: PathBuf,
    /// The address of Notes
    #[arg(long, default_value = "http://localhost:3000")]
    url: String,
    /// The id of the board, as in the address of its page
    #[arg(long, value_name = "ID", default_value = "team")]
    board: String,
    /// The user to sign in as. Asks if it is missing. Reads the password from `NOTES_PASSWORD`, or asks
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
}

/// Writes all notes of a board with their comments to a new file.
///
/// # Errors
/// If the file exists, signing in fails, the export fails, or it is interrupted.
pub(crate) async fn export<I: Future<Output = ()>>(
    arguments: &Arguments,
    interrupted: impl FnOnce() -> io::Result<I>,
) -> Result<(), Error> {
    let file = &arguments.file;
    // Checked first, so that the user does not type a password in vain.
    if file.exists() {
        return Err(Error::Exists(file.clone()));
    }
    signed_in(arguments, interrupted, async |client| export::export(client, file).await).await
}

/// Imports the notes and comments of a file into a board.
///
/// # Errors
/// If the file is not an export, signing in fails, the import fails, or it is interrupted.
pub(crate) async fn import<I: Future<Output = ()>>(
    arguments: &Arguments,
    interrupted: impl FnOnce() -> io::Result<I>,
) -> Result<(), Error> {
    let file = &arguments.file;
    validate::check(file)?;
    signed_in(arguments, interrupted, async |client| import::import(client, file).await).await
}

/// Signs in, and runs `work` until it ends or is interrupted. Signs out in both cases.
async fn signed_in<I: Future<Output = ()>>(
    arguments: &Arguments,
    interrupted: impl FnOnce() -> io::Result<I>,
    work: impl AsyncFnOnce(&Client) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut client = Client::new(&arguments.url, &arguments.board)?;
    let username = match &arguments.username {
        Some(username) => username.clone(),
        None => ask("Username: ")?,
    };
    client.sign_in(&username, &password()?).await?;
    // From here on an interrupt must sign out. During the questions above it ends the process at once.
    let interrupted = interrupted().map_err(Error::Signals)?;
    let outcome = tokio::select! {
        outcome = work(&client) => outcome,
        () = interrupted => Err(Error::Interrupted),
    };
    client.sign_out().await;
    outcome
}

fn password() -> Result<String, Error> {
    match std::env::var("NOTES_PASSWORD") {
        Ok(password) => Ok(password),
        Err(_) => rpassword::prompt_password("Password: ").map_err(|_| Error::NotInteractive),
    }
}

fn ask(question: &str) -> Result<String, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::NotInteractive);
    }
    let mut answer = String::new();
    eprint!("{question}");
    let asked = io::stderr().flush().and_then(|()| io::stdin().read_line(&mut answer));
    asked.map_err(|_| Error::NotInteractive)?;
    Ok(answer.trim().to_owned())
}

/// Appends an extension to the name of a file.
fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(extension);
    path.into()
}
