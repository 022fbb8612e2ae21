//! Parameters of the template on the command line.

/// Splits `NAME=VALUE`.
///
/// # Errors
/// If there is no `=`.
pub(crate) fn parse(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
