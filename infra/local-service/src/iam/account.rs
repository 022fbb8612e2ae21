//! The functions' credentials and permissions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use sam_template::Function;
use sam_template::policy::{self, Decision, Statement};

use super::caller::{Caller, Resource};
use super::error::{AccessDenied, AuthenticationError};
use super::signature::{Authorization, Request};
use super::usage::{Entry, Permission, Refused, Usage};
use crate::credentials::{self, Registry};
use crate::warnings::Warnings;

/// Authenticates and authorizes callers. Cheap to clone. The default knows no function, so every caller is an operator.
#[derive(Debug, Clone, Default)]
pub struct Iam {
    account: Arc<Account>,
}

#[derive(Debug, Default)]
struct Account {
    registry: Registry,
    /// Roles by function.
    roles: BTreeMap<String, Role>,
    usage: Usage,
    warnings: Warnings,
}

/// The permissions of a function.
#[derive(Debug)]
struct Role {
    statements: Vec<Statement>,
    /// Whether each of the [`policy::permissions`] was used, in their order.
    used: Vec<AtomicBool>,
    /// The denied calls, each reported once.
    refused: Mutex<BTreeSet<(String, String)>>,
}

impl Iam {
    /// Creates a role and credentials for each function.
    #[must_use]
    pub fn of(functions: &[Function], usage: Usage, warnings: Warnings) -> Self {
        let roles = functions.iter().map(|function| (function.id.clone(), Role::of(&function.policies)));
        let account = Account {
            registry: Registry::of(functions.iter().map(|function| function.id.as_str())),
            roles: roles.collect(),
            usage,
            warnings,
        };
        Self { account: Arc::new(account) }
    }

    /// Returns the credentials of the functions.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.account.registry
    }

    /// Identifies the caller by the signature.
    ///
    /// # Errors
    /// If the request is not signed, or the signature is not valid.
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
            let advice = "sign with the credentials in the function's environment, and with the current time";
            self.account.warnings.warn(function, &format!("{service} refuses a call: {error} ({advice})"));
        })?;
        Ok(Caller::Function(function.to_owned()))
    }

    /// Checks that a caller may perform the action. A denial is reported with the statement to add to the template.
    ///
    /// # Errors
    /// If no policy allows the call, or one denies it.
    pub fn authorize(&self, caller: &Caller, action: &str, resource: &Resource) -> Result<(), AccessDenied> {
        let Caller::Function(function) = caller else { return Ok(()) };
        // Roles and credentials come from the same list.
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
        self.account.warnings.warn(&denied.function, &denied.advice(resource));
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
            self.account.warnings.warn("usage", &format!("cannot record used permissions: {error}"));
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
