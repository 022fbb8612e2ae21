//! IAM: who makes a call, and whether the template lets them.
//!
//! - `signature`: a call proves whose it is (Signature Version 4)
//! - [`policy`]: what a function's `Policies` say of an action on a resource
//! - `pattern`: the wildcards that they are written with
//! - [`usage`]: what was used of them, and what was refused, written down as it happens
//! - [`report`]: what nobody used
//!
//! Who calls with a function's access key id must prove it, and may do what the template says, no more. Every other
//! access key id is an operator's: a test, or a person with a command line and whatever credentials lie around. They
//! may do all, unproven, as only this machine reaches the endpoints.

mod error;
mod pattern;
pub mod policy;
pub mod report;
mod signature;
pub mod usage;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

pub use error::{AccessDenied, AuthenticationError};
pub use policy::{Effect, Statement};
pub use signature::Request;
pub use usage::Usage;

use crate::console::Console;
use crate::credentials::{self, Registry};
use crate::template::Function;
use policy::Decision;
use signature::Authorization;
use usage::{Entry, Permission, Refused};

/// Who may do what in a cloud. Cheap to clone. The default knows no function: every caller is an operator.
#[derive(Debug, Clone, Default)]
pub struct Iam {
    account: Arc<Account>,
}

#[derive(Debug)]
struct Account {
    registry: Registry,
    /// By function.
    roles: BTreeMap<String, Role>,
    usage: Usage,
    console: Console,
}

/// What a function may do.
#[derive(Debug)]
struct Role {
    statements: Vec<Statement>,
    /// In the order of [`policy::permissions`]: whether a call has used it yet.
    used: Vec<AtomicBool>,
    /// What it was refused, each said once.
    refused: Mutex<BTreeSet<(String, String)>>,
}

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A function, by logical id.
    Function(String),
    /// Anybody else, by access key id.
    Operator(String),
}

/// What a call is made on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What policies are held against.
    pub arn: String,
    /// How a template names it: `!GetAtt Notes.Arn`.
    pub written: String,
    /// The partition keys of the items that the call names, which policies know as `dynamodb:LeadingKeys`.
    pub keys: BTreeSet<String>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            registry: Registry::default(),
            roles: BTreeMap::new(),
            usage: Usage::default(),
            console: Console::quiet(),
        }
    }
}

impl Iam {
    /// Gives each function a role and credentials of its own.
    #[must_use]
    pub fn of(functions: &[Function], usage: Usage, console: &Console) -> Self {
        let roles = functions.iter().map(|function| (function.id.clone(), Role::of(&function.policies)));
        let account = Account {
            registry: Registry::of(functions.iter().map(|function| function.id.as_str())),
            roles: roles.collect(),
            usage,
            console: console.clone(),
        };
        Self { account: Arc::new(account) }
    }

    /// The credentials of the functions.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.account.registry
    }

    /// Who signed a call of this service.
    pub fn authenticate(&self, request: &Request<'_>, service: &str) -> Result<Caller, AuthenticationError> {
        let authorization = Authorization::parse(request.authorization())?;
        let key = authorization.access_key_id;
        let Some((function, credentials)) = self.account.registry.owner(key) else {
            if credentials::is_of_a_function(key) {
                return Err(AuthenticationError::UnknownToken);
            }
            return Ok(Caller::Operator(key.to_owned()));
        };
        authorization.verify(request, credentials, service, SystemTime::now()).inspect_err(|error| {
            let advice = "sign with the credentials in the function's environment, now";
            self.account.console.warning(function, &format!("{service} refuses a call: {error} ({advice})"));
        })?;
        Ok(Caller::Function(function.to_owned()))
    }

    /// Whether a caller may do this. What is refused is said on the console, with what to write into the template.
    pub fn authorize(&self, caller: &Caller, action: &str, resource: &Resource) -> Result<(), AccessDenied> {
        let Caller::Function(function) = caller else { return Ok(()) };
        // Who is known by credentials has a role: both were made of one list.
        let Some(role) = self.account.roles.get(function) else { return Ok(()) };
        let denied_at = match policy::decide(&role.statements, action, &resource.arn, &resource.keys) {
            Decision::Allowed(index) => {
                if !role.used[index].swap(true, Ordering::Relaxed) {
                    let used = policy::permissions(&role.statements).nth(index);
                    self.write(used.map(|used| Entry::Used(Permission::of(function, &used))));
                }
                return Ok(());
            }
            Decision::Denied(statement) => Some(statement.at.clone()),
            Decision::NotAllowed => None,
        };
        let denied = AccessDenied {
            function: function.clone(),
            action: action.to_owned(),
            resource: resource.arn.clone(),
            denied_at,
        };
        self.refuse(role, &denied, resource);
        Err(denied)
    }

    fn refuse(&self, role: &Role, denied: &AccessDenied, resource: &Resource) {
        self.account.console.warning(&denied.function, &denied.advice(resource));
        let call = (denied.action.clone(), resource.arn.clone());
        let mut refused = role.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.insert(call) {
            self.write(Some(Entry::Refused(Refused {
                function: denied.function.clone(),
                action: denied.action.clone(),
                resource: resource.arn.clone(),
            })));
        }
    }

    fn write(&self, entry: Option<Entry>) {
        let Some(entry) = entry else { return };
        if let Err(error) = self.account.usage.write(&entry) {
            self.account.console.warning("usage", &format!("what was used cannot be written down: {error}"));
        }
    }
}

impl Role {
    fn of(statements: &[Statement]) -> Self {
        Self {
            used: policy::permissions(statements).map(|_| AtomicBool::new(false)).collect(),
            statements: statements.to_vec(),
            refused: Mutex::default(),
        }
    }
}

impl Caller {
    /// The name that the ledger knows them by.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Function(name) | Self::Operator(name) => name,
        }
    }
}
