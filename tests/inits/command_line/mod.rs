//! The command line, and `PID1_OPTS`.

mod errors;
mod options;
mod texts;
mod variable;

use anyhow::Result;
use mote_tests::{Suite, dist};

pub(crate) fn add(suite: Suite) -> Suite {
    let suite = texts::add(suite);
    let suite = options::add(suite);
    let suite = variable::add(suite);
    errors::add(suite)
}

/// Each option's letter and long name, and the name of its value.
const OPTIONS: [(&str, &str, &str); 16] = [
    ("-e", "--env", " NAME=VALUE"),
    ("-u", "--user", " USER[:GROUP]"),
    ("-g", "--group", " GROUP"),
    ("-w", "--workdir", " DIR"),
    ("-t", "--timeout", " SECONDS"),
    ("-s", "--stop", " SIGNAL"),
    ("-k", "--kill-group", ""),
    ("-r", "--rewrite", " A:B"),
    ("-x", "--map-exit", " A[:B]"),
    ("-a", "--wait-all", ""),
    ("-T", "--keep-tty", ""),
    ("-p", "--parent-death", " SIGNAL"),
    ("-c", "--copy-to", " FILE"),
    ("-v", "--verbose", ""),
    ("-V", "--version", ""),
    ("-h", "--help", ""),
];

/// Returns both names of each option that takes a value.
fn options_with_value() -> impl Iterator<Item = &'static str> {
    OPTIONS.into_iter().filter(|(.., value)| !value.is_empty()).flat_map(|(letter, long, _)| [letter, long])
}

/// Returns the output of `--version`. The version of the family is this package's as well.
pub(crate) fn version() -> Result<String> {
    Ok(format!("pid1 {} - git.{}\n", env!("CARGO_PKG_VERSION"), dist::commit()?))
}
