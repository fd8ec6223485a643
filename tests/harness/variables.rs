//! The environment that programs are started with.

use crate::{Launcher, Target};

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
pub fn start_without_variables(target: Target, program: &'static str) -> Launcher {
    VARIABLES.into_iter().fold(Launcher::of(target, program), Launcher::without_env)
}
