//! The environment that programs are started with.

use crate::{Case, Start};

/// Variables that one of the programs reads.
const VARIABLES: [&str; 10] = [
    "PID1_OPTS",
    "TINI_SUBREAPER",
    "TINI_VERBOSITY",
    "TINI_KILL_PROCESS_GROUP",
    "DUMB_INIT_DEBUG",
    "DUMB_INIT_SETSID",
    "CATATONIT_DEBUG",
    "CATATONIT_LOG",
    "LISTEN_PID",
    "POSIXLY_CORRECT",
];

/// A start of a program that finds none of its variables: what the tests are run with is not for it.
pub fn start_without_variables(case: Case, program: &'static str) -> Start {
    VARIABLES.into_iter().fold(Start::of(case, program), Start::without_env)
}
