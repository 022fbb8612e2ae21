//! The files of the page, and the responses to requests for them.

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::content_coding::{self, Coding};
use crate::problem::Problem;
use crate::request::conditions::{Conditions, Precondition};
use crate::response::methods;

/// A file of the page.
struct File {
    /// The path of its address.
    path: &'static str,
    content_type: &'static str,
    /// Whether its name contains a hash of its content, so that it can be cached forever.
    immutable: bool,
    /// The smallest first. The last one is uncompressed.
    representations: &'static [Representation],
}

/// A file in one content coding.
#[derive(Clone, Copy)]
struct Representation {
    coding: Coding,
    etag: &'static str,
    content: &'static [u8],
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Returns whether the page has a file at this path.
pub(crate) fn contains(path: &str) -> bool {
    FILES.iter().any(|file| file.path == path)
}

/// Returns the response for a file of the page, or `None` if the page has no file at this path.
pub(crate) fn respond(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    let file = FILES.iter().find(|file| file.path == path)?;
    if method == Method::GET || method == Method::HEAD {
        return Some(file.respond(method, headers));
    }
    let mut response = methods::unhandled(method);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    Some(response)
}

impl File {
    fn respond(&self, method: &Method, request: &HeaderMap) -> Response {
        let Representation { coding, etag, content } =
            *content_coding::choose(request, self.representations, |each| each.coding);
        let cache = if self.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };

        let mut response = Response::default();
        let headers = response.headers_mut();
        headers.insert(header::ETAG, HeaderValue::from_static(etag));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        match Conditions::try_from(request).map(|conditions| conditions.evaluate(etag.trim_matches('"'))) {
            Ok(Precondition::Passed) => {}
            Ok(Precondition::NotModified) => {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                return response;
            }
            Ok(Precondition::Failed) => return Problem::stale_file().into_response(),
            Err(problem) => return problem.into_response(),
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(content.len()));
        if let Some(name) = coding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        if method == Method::GET {
            *response.body_mut() = Body::from(content);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    fn get(path: &str, pairs: &[(HeaderName, &str)]) -> Response {
        respond(&Method::GET, path, &headers(pairs)).expect("the page has this file")
    }

    fn header(response: &Response, name: HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    fn script() -> &'static str {
        let scripts = FILES.iter().filter(|file| file.content_type.starts_with("text/javascript"));
        // A small script is not always smaller when compressed.
        scripts.max_by_key(|file| file.representations.len()).expect("the page has a script").path
    }

    #[tokio::test]
    async fn the_document_is_html_and_revalidated_on_each_load() {
        let response = get("/", &[]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, header::CONTENT_TYPE), Some("text/html; charset=utf-8"));
        assert_eq!(header(&response, header::CACHE_CONTROL), Some("no-cache"));
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(body.starts_with(b"<!doctype html>"));
    }

    #[tokio::test]
    async fn the_document_has_no_inline_script_or_style() {
        let body = axum::body::to_bytes(get("/", &[]).into_body(), usize::MAX).await.unwrap();
        let html = std::str::from_utf8(&body).unwrap();
        assert!(!html.contains("<style") && !html.contains(" style="), "{html}");
        let scripts = html.split("<script").skip(1);
        assert!(scripts.clone().count() > 0);
        assert!(scripts.clone().all(|script| script.contains("src=\"/assets/")), "{html}");
    }

    #[test]
    fn every_file_in_the_document_is_served_and_cached_for_ever() {
        let document = FILES.iter().find(|file| file.path == "/").unwrap();
        let html = std::str::from_utf8(document.representations.last().unwrap().content).unwrap();
        let named: Vec<&str> = html.split('"').filter(|quoted| quoted.starts_with("/assets/")).collect();
        assert!(named.len() >= 3, "a script, a style sheet and an icon: {named:?}");
        for path in named {
            let response = get(path, &[]);
            assert_eq!(
                header(&response, header::CACHE_CONTROL),
                Some("public, max-age=31536000, immutable"),
                "{path}"
            );
        }
    }

    /// These are the scripts that a browser loads before a user can use the page.
    #[test]
    fn the_initial_scripts_are_smaller_than_60_kib() {
        let document = FILES.iter().find(|file| file.path == "/").unwrap();
        let html = std::str::from_utf8(document.representations.last().unwrap().content).unwrap();
        let started = FILES.iter().filter(|file| {
            let named = html.contains(&format!("\"{}\"", file.path));
            file.content_type.starts_with("text/javascript")
                && (named || file.path.starts_with("/assets/worker-"))
        });
        let sizes: Vec<usize> = started.map(|file| file.representations[0].content.len()).collect();
        assert!(sizes.len() >= 3, "the entry script, a shared chunk and the worker: {sizes:?}");
        assert!(sizes.iter().sum::<usize>() < 60 * 1024, "{sizes:?}");
    }

    #[test]
    fn a_file_without_a_hash_in_its_name_is_revalidated_on_each_load() {
        for file in FILES.iter().filter(|file| !file.path.starts_with("/assets/")) {
            // If a service worker or a manifest were cached, users would keep an old page.
            assert_eq!(
                header(&get(file.path, &[]), header::CACHE_CONTROL),
                Some("no-cache"),
                "{}",
                file.path
            );
        }
    }

    #[test]
    fn each_content_coding_has_its_own_entity_tag() {
        let mut validators = Vec::new();
        for (accepted, coding) in [("br", Some("br")), ("gzip", Some("gzip")), ("identity", None)] {
            let response = get(script(), &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&response, header::CONTENT_ENCODING), coding);
            assert_eq!(header(&response, header::VARY), Some("accept-encoding"));
            validators.push(header(&response, header::ETAG).unwrap().to_owned());
        }
        validators.sort();
        validators.dedup();
        assert_eq!(validators.len(), 3);
        assert!(validators.iter().all(|etag| etag.starts_with('"')), "they are strong");
    }

    #[tokio::test]
    async fn a_current_file_is_not_sent_again() {
        let first = get(script(), &[(header::ACCEPT_ENCODING, "br")]);
        let etag = header(&first, header::ETAG).unwrap();
        for condition in [etag.to_owned(), format!("\"other\" , W/{etag}"), "*".to_owned()] {
            let again =
                get(script(), &[(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, &condition)]);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{condition}");
            assert_eq!(header(&again, header::ETAG), Some(etag));
            assert!(axum::body::to_bytes(again.into_body(), 1).await.unwrap().is_empty());
        }
        let in_another_coding =
            get(script(), &[(header::ACCEPT_ENCODING, "gzip"), (header::IF_NONE_MATCH, etag)]);
        assert_eq!(in_another_coding.status(), StatusCode::OK);
    }

    #[test]
    fn a_failed_if_match_is_refused() {
        let etag = header(&get(script(), &[]), header::ETAG).unwrap().to_owned();
        assert_eq!(get(script(), &[(header::IF_MATCH, &etag)]).status(), StatusCode::OK);
        assert_eq!(
            get(script(), &[(header::IF_MATCH, "\"other\"")]).status(),
            StatusCode::PRECONDITION_FAILED
        );
        assert_eq!(get(script(), &[(header::IF_MATCH, "other")]).status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn head_has_the_headers_of_get_and_no_body() {
        let get = get(script(), &[]);
        let head = respond(&Method::HEAD, script(), &HeaderMap::new()).unwrap();
        assert_eq!(head.status(), get.status());
        assert_eq!(head.headers(), get.headers());
        assert!(axum::body::to_bytes(head.into_body(), 1).await.unwrap().is_empty());
    }

    #[test]
    fn another_method_is_not_allowed() {
        let response = respond(&Method::POST, "/", &HeaderMap::new()).unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header(&response, header::ALLOW), Some("GET,HEAD"));
    }

    #[test]
    fn an_unknown_path_has_no_response() {
        for path in ["", "/index.html", "/assets/", "/assets/../", "/api/boards/team/notes", "/src/main.tsx"]
        {
            assert!(respond(&Method::GET, path, &HeaderMap::new()).is_none(), "{path}");
        }
    }
}
