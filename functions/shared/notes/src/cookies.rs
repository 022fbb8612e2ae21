//! Finds a token in the cookies of a request.

use cookie::Cookie;

/// Returns the first value of the cookie `name` that `parse` accepts, from the values of a request's `Cookie` headers.
pub(crate) fn find<'a, Token>(
    headers: impl IntoIterator<Item = &'a str>,
    name: &str,
    parse: impl Fn(&str) -> Option<Token>,
) -> Option<Token> {
    let cookies = headers.into_iter().flat_map(Cookie::split_parse).flatten();
    cookies.filter(|cookie| cookie.name() == name).find_map(|cookie| parse(cookie.value()))
}
