//! Which exit status an error ends in.

use std::fmt;

/// Nothing could be started: a name that means nothing, or no toolchain to work with. Ends in
/// status 2, as the command line's own usage errors do; every other error ends in 1.
#[derive(Debug)]
pub struct CannotStart(pub String);

impl fmt::Display for CannotStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotStart {}

/// The exit status for `error`: 2 if nothing could be started, else 1.
#[must_use]
pub fn status(error: &anyhow::Error) -> u8 {
    if error.chain().any(|cause| cause.is::<CannotStart>()) { 2 } else { 1 }
}

/// The error for a name that is not in a table; it lists the names that are.
#[must_use]
pub fn unknown<'a>(what: &str, name: &str, valid: impl IntoIterator<Item = &'a str>) -> anyhow::Error {
    let valid: Vec<&str> = valid.into_iter().collect();
    CannotStart(format!("there is no {what} `{name}`; valid are: {}", valid.join(", "))).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, anyhow};

    #[test]
    fn only_what_cannot_start_ends_in_two() {
        let wrapped = Err::<(), _>(unknown("platform", "vax", ["linux/amd64"])).context("while");
        assert_eq!(wrapped.map_err(|error| status(&error)), Err(2));
        assert_eq!(status(&anyhow!("the build failed")), 1);
    }

    #[test]
    fn an_unknown_name_lists_the_valid_ones() {
        let message = unknown("program", "init", ["hello", "pause"]).to_string();
        assert_eq!(message, "there is no program `init`; valid are: hello, pause");
    }
}
