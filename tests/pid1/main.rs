//! `pid1`: runs a command as its child and is a complete PID 1 for it.
//!
//! The program under test runs inside a PID namespace, as process 1 or as a process below it: a wrong `kill(-1)`
//! then reaches what the test made, and not the machine.

mod below;
mod copy;
mod credentials;
mod database;
mod ending;
mod entries;
mod environment;
mod etc;
mod exec;
mod failure;
mod figures;
mod forward;
mod gosu_table;
mod groups;
mod inherited;
mod lookup;
mod options;
mod orphans;
mod parent;
mod properties;
mod reaping;
mod refusals;
mod scene;
mod start;
mod status;
mod terminal;
mod usage;
mod users;
mod values;
mod verbose;

use std::process::ExitCode;

use mote_tests::Suite;

fn main() -> ExitCode {
    // Most of the time is spent waiting.
    let suite = Suite::new().threads(8);
    let suite = options::add(suite);
    let suite = usage::add(suite);
    let suite = values::add(suite);
    let suite = copy::add(suite);
    let suite = status::add(suite);
    let suite = lookup::add(suite);
    let suite = exec::add(suite);
    let suite = start::add(suite);
    let suite = inherited::add(suite);
    let suite = environment::add(suite);
    let suite = forward::add(suite);
    let suite = reaping::add(suite);
    let suite = ending::add(suite);
    let suite = below::add(suite);
    let suite = refusals::add(suite);
    let suite = users::add(suite);
    let suite = groups::add(suite);
    let suite = gosu_table::add(suite);
    let suite = credentials::add(suite);
    let suite = database::add(suite);
    let suite = entries::add(suite);
    let suite = parent::add(suite);
    let suite = verbose::add(suite);
    let suite = figures::add(suite);
    let suite = terminal::add(suite);
    let suite = properties::add(suite);
    let suite = orphans::add(suite);
    suite.run()
}
