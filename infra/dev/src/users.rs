//! `notes-dev users`: manages people with access to the tables instead of a session, for an operator who is locked out.

use std::path::PathBuf;

use aws::Environment;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use clap::{Args, Subcommand};
use local_cloud::{Cloud, Data, Options};
use notes::{Invitations, People, PersonError, Sessions, Username};

use crate::outcome::Outcome;

/// The arguments of `users`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The directory of tables of a local cloud, which must not be running
    #[arg(long, global = true, value_name = "DIR", default_value = ".notes")]
    data: PathBuf,
    /// The template of that local cloud
    #[arg(long, global = true, value_name = "FILE", default_value = "template.yaml")]
    template: PathBuf,
    /// The name of a deployed Users table: AWS credentials and the Region come from the environment
    #[arg(long, global = true, value_name = "NAME")]
    users_table: Option<String>,
    /// The name of the deployed Sessions table
    #[arg(long, global = true, value_name = "NAME")]
    sessions_table: Option<String>,
    #[command(subcommand)]
    action: Action,
}

/// The action of the command.
#[derive(Debug, Subcommand)]
enum Action {
    /// List the people with accounts
    List,
    /// Make somebody an administrator, and enable the account
    Grant {
        #[arg(value_parser = username)]
        username: Username,
    },
    /// Make a link to set a new password
    PasswordLink {
        #[arg(value_parser = username)]
        username: Username,
    },
    /// Make an invitation link for one account
    Invite,
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text).map_err(|error| error.to_string())
}

/// How long an invitation of this command is valid.
const INVITATION: std::time::Duration = std::time::Duration::from_hours(7 * 24);

/// The stores that the command uses.
struct Stores {
    people: People,
    invitations: Invitations,
}

impl Stores {
    fn new(client: &Client, users: &str, sessions: &str) -> Self {
        Self {
            people: People::new(client.clone(), users, Sessions::new(client.clone(), sessions)),
            invitations: Invitations::new(client.clone(), users),
        }
    }
}

/// Runs the command on deployed tables, or on those of a data directory.
///
/// # Errors
/// If the tables cannot be reached, or nobody has the username.
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    match (&arguments.users_table, &arguments.sessions_table) {
        (Some(users), Some(sessions)) => {
            let config = aws::dynamodb(&aws::config(), Environment::new(&[aws::DYNAMODB_ENDPOINT]));
            act(&arguments.action, &Stores::new(&notes::dynamodb(config), users, sessions)).await
        }
        (None, None) => {
            let cloud = Cloud::start(Options {
                template: arguments.template.clone(),
                data: Data::Directory(arguments.data.clone()),
                ..Options::default()
            });
            let cloud = cloud.await?;
            let stores = Stores::new(&client(&cloud.dynamodb_endpoint()), "Users", "Sessions");
            let outcome = act(&arguments.action, &stores).await;
            cloud.stop().await;
            outcome
        }
        _ => Err("give both --users-table and --sessions-table, or neither".into()),
    }
}

/// Returns a client of a local DynamoDB with an operator's permissions.
fn client(endpoint: &str) -> Client {
    notes::dynamodb(
        aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(sam_template::REGION))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "operator"))
            .endpoint_url(endpoint),
    )
}

async fn act(action: &Action, stores: &Stores) -> Outcome {
    match action {
        Action::List => list(&stores.people).await,
        Action::Grant { username } => {
            stores.people.grant(None, username).await.map_err(|error| explain(error, username))?;
            println!("{username} is an administrator");
            Ok(())
        }
        Action::PasswordLink { username } => {
            let made = stores.people.make_password_link(None, username).await;
            let (link, expires) = made.map_err(|error| explain(error, username))?;
            print_link(&format!("#/password/{}", link.reveal()), &expires.to_string());
            Ok(())
        }
        Action::Invite => {
            let (token, invitation) = stores.invitations.make(None, 1, INVITATION).await?;
            print_link(&format!("#/invitations/{}", token.reveal()), &invitation.expires.to_string());
            Ok(())
        }
    }
}

async fn list(people: &People) -> Outcome {
    let mut after = None;
    loop {
        let (page, more) = people.page(after.as_ref(), 100).await?;
        for person in &page {
            let role = if person.administrator { "  administrator" } else { "" };
            let state = if person.disabled { "  disabled" } else { "" };
            println!("{}  {}{role}{state}", person.username, person.display_name);
        }
        after = page.last().map(|last| last.username.clone());
        if !more || after.is_none() {
            return Ok(());
        }
    }
}

fn print_link(path: &str, expires: &str) {
    println!("Open this at the page's address, once, before {expires}:\n/{path}");
}

fn explain(error: PersonError, username: &Username) -> String {
    match error {
        PersonError::NotFound => format!("there is no account {username}: see notes-dev users list"),
        error => error.to_string(),
    }
}
