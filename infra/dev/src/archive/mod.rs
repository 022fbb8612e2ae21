//! `export` and `import`: all notes of a deployment to a file, and back.
//!
//! Both work page by page, write down how far they got after each page, and go on from there when they are run again.
//! They know a deployment by its HTTP interface only, and a file as lines.

mod checkpoint;
mod client;
mod error;
mod export;
mod import;
mod progress;
mod recognise;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use self::client::Client;
pub(crate) use self::error::Error;

/// Which file, and which deployment.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file: lines of JSON, one for each note and each comment
    file: PathBuf,
    /// Where Notes runs
    #[arg(long, default_value = "http://localhost:3000")]
    url: String,
    /// Who signs in; asked for if it is not given. The password is read from `NOTES_PASSWORD`, or asked for
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
}

/// Writes all notes with their comments to a file that is not there yet.
pub(crate) async fn export<I: Future<Output = ()>>(
    arguments: &Arguments,
    interrupted: impl FnOnce() -> io::Result<I>,
) -> Result<(), Error> {
    let file = &arguments.file;
    // Before anybody types a password for nothing.
    if file.exists() {
        return Err(Error::Exists(file.clone()));
    }
    signed_in(arguments, interrupted, async |client| export::export(client, file).await).await
}

/// Puts the notes and comments of a file back.
pub(crate) async fn import<I: Future<Output = ()>>(
    arguments: &Arguments,
    interrupted: impl FnOnce() -> io::Result<I>,
) -> Result<(), Error> {
    let file = &arguments.file;
    recognise::check(file)?;
    signed_in(arguments, interrupted, async |client| import::import(client, file).await).await
}

/// Works until it is done or interrupted, and signs out in any case.
async fn signed_in<I: Future<Output = ()>>(
    arguments: &Arguments,
    interrupted: impl FnOnce() -> io::Result<I>,
    work: impl AsyncFnOnce(&Client) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut client = Client::new(&arguments.url)?;
    let username = match &arguments.username {
        Some(username) => username.clone(),
        None => ask("Username: ")?,
    };
    client.sign_in(&username, &password()?).await?;
    // From here on an interrupt has something to clear up; before, while somebody is asked, it ends the process at once.
    let interrupted = interrupted().map_err(Error::Deaf)?;
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
        Err(_) => rpassword::prompt_password("Password: ").map_err(|_| Error::NobodyToAsk),
    }
}

fn ask(question: &str) -> Result<String, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::NobodyToAsk);
    }
    let mut answer = String::new();
    eprint!("{question}");
    let asked = io::stderr().flush().and_then(|()| io::stdin().read_line(&mut answer));
    asked.map_err(|_| Error::NobodyToAsk)?;
    Ok(answer.trim().to_owned())
}

/// The file beside this one that has its name and an ending.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
