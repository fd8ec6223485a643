//! The environment that programs are started with.

use crate::{Launcher, Target};

/// Variables that a program under test reads.
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

/// Returns a start of a program that finds none of its variables, whichever the tests were started with.
pub fn start_without_variables(target: Target, program: &'static str) -> Launcher {
    VARIABLES.into_iter().fold(Launcher::of(target, program), Launcher::without_env)
}
