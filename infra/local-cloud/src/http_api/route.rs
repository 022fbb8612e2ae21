//! The routes of an HTTP API, and the route of a request.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The routes of an API.
#[derive(Debug)]
pub(super) struct Routes {
    /// The most specific route comes first.
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    key: String,
    function: String,
    /// `None` matches any method.
    method: Option<String>,
    /// `None` is `$default`, which matches any path.
    path: Option<Vec<Segment>>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Greedy(String),
    Parameter(String),
    Literal(String),
}

/// The route of a request.
#[derive(Debug)]
pub(super) struct Match<'a> {
    pub(super) key: &'a str,
    pub(super) function: &'a str,
    pub(super) parameters: Map<String, Value>,
}

impl Routes {
    /// Parses a map from route keys (`GET /pets/{id}`, `ANY /{proxy+}`, `$default`) to functions.
    pub(super) fn new(routes: &BTreeMap<String, String>) -> Self {
        let mut routes: Vec<Route> = routes.iter().map(|(key, function)| Route::new(key, function)).collect();
        // The order of API Gateway: full matches, greedy matches, `$default`. A method comes before `ANY`.
        routes.sort_by(|a, b| (&b.path, b.method.is_some()).cmp(&(&a.path, a.method.is_some())));
        routes.sort_by_key(|route| Reverse(route.specificity()));
        Self { routes }
    }

    pub(super) fn select(&self, method: &str, path: &str) -> Option<Match<'_>> {
        self.routes.iter().find_map(|route| route.matches(method, path))
    }
}

impl Route {
    fn new(key: &str, function: &str) -> Self {
        let (method, path) = key.split_once(' ').map_or((None, None), |(method, path)| {
            let method = (method != "ANY").then(|| method.to_owned());
            (method, Some(path.split('/').skip(1).map(Segment::new).collect()))
        });
        Self { key: key.to_owned(), function: function.to_owned(), method, path }
    }

    fn specificity(&self) -> u8 {
        match &self.path {
            None => 0,
            Some(path) if path.iter().any(|segment| matches!(segment, Segment::Greedy(_))) => 1,
            Some(_) => 2,
        }
    }

    fn matches(&self, method: &str, path: &str) -> Option<Match<'_>> {
        if self.method.as_ref().is_some_and(|own| own != method) {
            return None;
        }
        let mut parameters = Map::new();
        if let Some(segments) = &self.path {
            let mut rest = Some(path.strip_prefix('/')?);
            for segment in segments {
                let (first, after) =
                    rest?.split_once('/').map_or((rest?, None), |(first, after)| (first, Some(after)));
                match segment {
                    Segment::Literal(literal) if literal == first => rest = after,
                    Segment::Parameter(name) if !first.is_empty() => {
                        parameters.insert(name.clone(), first.into());
                        rest = after;
                    }
                    Segment::Greedy(name) => {
                        parameters.insert(name.clone(), rest?.into());
                        rest = None;
                    }
                    Segment::Literal(_) | Segment::Parameter(_) => return None,
                }
            }
            if rest.is_some() {
                return None;
            }
        }
        Some(Match { key: &self.key, function: &self.function, parameters })
    }
}

impl Segment {
    fn new(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => match name.strip_suffix('+') {
                Some(name) => Self::Greedy(name.to_owned()),
                None => Self::Parameter(name.to_owned()),
            },
            None => Self::Literal(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(keys: &[&str]) -> Routes {
        Routes::new(&keys.iter().map(|key| ((*key).to_owned(), "Function".to_owned())).collect())
    }

    #[test]
    fn the_most_specific_route_is_taken() {
        let routes = routes(&[
            "$default",
            "ANY /{proxy+}",
            "GET /pets/{id}",
            "GET /pets/dog",
            "ANY /pets/{id}",
            "GET /{a}/{b}",
        ]);
        let key = |method, path| routes.select(method, path).unwrap().key.to_owned();
        assert_eq!(key("GET", "/pets/dog"), "GET /pets/dog");
        assert_eq!(key("GET", "/pets/6"), "GET /pets/{id}");
        assert_eq!(key("PUT", "/pets/6"), "ANY /pets/{id}");
        assert_eq!(key("GET", "/cats/6"), "GET /{a}/{b}");
        assert_eq!(key("GET", "/pets/6/legs"), "ANY /{proxy+}");
    }

    #[test]
    fn parameters_have_the_values_of_the_path() {
        let routes = routes(&["GET /pets/{id}", "ANY /files/{path+}"]);
        assert_eq!(routes.select("GET", "/pets/6").unwrap().parameters["id"], "6");
        assert_eq!(routes.select("GET", "/files/a/b").unwrap().parameters["path"], "a/b");
        assert!(routes.select("GET", "/pets/").is_none());
        assert!(routes.select("GET", "/pets").is_none());
        assert!(routes.select("POST", "/pets/6").is_none());
    }

    #[test]
    fn the_default_route_takes_all_other_requests() {
        let routes = routes(&["$default"]);
        assert_eq!(routes.select("BREW", "/anything/at/all").unwrap().key, "$default");
    }
}
