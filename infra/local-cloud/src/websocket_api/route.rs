//! The route of a message.

use std::collections::BTreeMap;

use serde_json::Value;

/// A route selection expression: `$request.body.action`, in braces or not.
#[derive(Debug)]
pub(super) struct Selection {
    /// The member names from the body to the value.
    path: Vec<String>,
}

impl Selection {
    pub(super) fn new(expression: &str) -> Self {
        let expression =
            expression.strip_prefix("${").and_then(|inner| inner.strip_suffix('}')).unwrap_or(expression);
        let expression = expression.trim_start_matches('$');
        let path = expression.strip_prefix("request.body.").unwrap_or_default();
        Self { path: path.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect() }
    }

    /// Returns the route of a message and its function. A message that is not JSON, or names no route, takes
    /// `$default`.
    pub(super) fn select<'a>(
        &self,
        routes: &'a BTreeMap<String, String>,
        body: &str,
    ) -> Option<(&'a str, &'a str)> {
        let named =
            self.value(body).filter(|key| !key.starts_with('$')).and_then(|key| routes.get_key_value(&key));
        named
            .or_else(|| routes.get_key_value("$default"))
            .map(|(key, function)| (key.as_str(), function.as_str()))
    }

    fn value(&self, body: &str) -> Option<String> {
        if self.path.is_empty() {
            return None;
        }
        let body: Value = serde_json::from_str(body).ok()?;
        match self.path.iter().try_fold(&body, |value, name| value.get(name))? {
            Value::String(text) => Some(text.clone()),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(keys: &[&str]) -> BTreeMap<String, String> {
        keys.iter().map(|key| ((*key).to_owned(), format!("{key}-function"))).collect()
    }

    #[test]
    fn a_message_that_names_a_route_takes_it() {
        let routes = routes(&["$connect", "$default", "join"]);
        for expression in ["$request.body.action", "${request.body.action}", "${$request.body.action}"] {
            let selection = Selection::new(expression);
            let selected = selection.select(&routes, r#"{"action": "join"}"#);
            assert_eq!(selected, Some(("join", "join-function")), "{expression}");
        }
        let nested = Selection::new("$request.body.message.kind");
        assert_eq!(nested.select(&routes, r#"{"message": {"kind": "join"}}"#).unwrap().0, "join");
    }

    #[test]
    fn every_other_message_takes_the_default_route() {
        let all = routes(&["$connect", "$default", "$disconnect"]);
        let selection = Selection::new("$request.body.action");
        for body in
            ["40/home,", "2", "40", "null", "[]", "", r#"{"action": "$connect"}"#, r#"{"action": {}}"#]
        {
            assert_eq!(selection.select(&all, body).unwrap().0, "$default", "{body}");
        }
        assert_eq!(selection.select(&routes(&["$connect"]), "2"), None);
    }
}
