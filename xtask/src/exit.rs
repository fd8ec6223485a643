//! Exit statuses of errors.

use std::fmt;

/// An unknown name, or no toolchain. The exit status is 2, as for usage errors; that of other errors is 1.
#[derive(Debug)]
pub struct CannotStart(pub String);

impl fmt::Display for CannotStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotStart {}

/// Returns the exit status for `error`.
#[must_use]
pub fn status(error: &anyhow::Error) -> u8 {
    if error.chain().any(|cause| cause.is::<CannotStart>()) { 2 } else { 1 }
}

/// Returns the error for a name that is not in a table, with the names that are.
#[must_use]
pub fn unknown<'a>(what: &str, name: &str, valid: impl IntoIterator<Item = &'a str>) -> anyhow::Error {
    let valid: Vec<&str> = valid.into_iter().collect();
    CannotStart(format!("there is no {what} `{name}`; valid are: {}", valid.join(", "))).into()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn unknown_name_lists_the_valid_ones_and_ends_in_2() {
        let error = unknown("program", "init", ["hello", "pause"]);
        assert_eq!(error.to_string(), "there is no program `init`; valid are: hello, pause");
        assert_eq!(Err::<(), _>(error).context("while").map_err(|error| status(&error)), Err(2));
    }
}
