//! `compat`: the drop-ins against the programs that they replace, as Debian packages those.
//!
//! One table of scenarios is played with both, and they must show the same: exit status, output, what COMMAND
//! finds and gets, what is left. Where ours is another way on purpose, the entry says in which lines, and why.
//! `docs/compat.md` is written from the same table.

mod catatonit;
mod common;
mod compare;
mod docs;
mod dumb_init;
mod files;
mod init;
mod observe;
mod peer;
mod scenario;
mod signals;
mod stage;
mod text;
mod tini;

use std::process::ExitCode;

use mote_tests::Suite;
use scenario::Scenario;

/// The whole table.
fn table() -> Vec<Scenario> {
    [tini::table(), dumb_init::table(), catatonit::table()].into_iter().flatten().collect()
}

fn main() -> ExitCode {
    // Most of the time is spent waiting.
    let suite = Suite::new().threads(8);
    let suite = suite.one("compat::the_table_is_in_docs", || docs::check(&table()));
    let suite = suite.one("compat::every_name_is_there_once", || docs::names_differ(&table()));
    let add =
        |suite: Suite, scenario: Scenario| suite.one(scenario.test(), move || compare::compare(&scenario));
    table().into_iter().fold(suite, add).run()
}
