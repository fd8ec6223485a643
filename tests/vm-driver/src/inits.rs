//! The cases of each init: exit statuses, fatal signals, forwarded signals, orphans.

use core::ffi::CStr;

use crate::{
    process::{End, end_of, exits, fork, run, start},
    report::{self, Check, Text, case},
};

/// This program's file.
pub(crate) const DRIVER: &CStr = c"/driver";

/// An init.
pub(crate) struct Init {
    pub(crate) name: &'static CStr,
    pub(crate) file: &'static CStr,
}

/// All of them.
pub(crate) const INITS: [Init; 4] = [
    Init { name: c"pid1", file: c"/pid1" },
    Init { name: c"tini", file: c"/tini" },
    Init { name: c"dumb-init", file: c"/dumb-init" },
    Init { name: c"catatonit", file: c"/catatonit" },
];

impl Init {
    /// Returns the name as text.
    pub(crate) fn name(&self) -> &'static str {
        self.name.to_str().unwrap_or_default()
    }

    /// Runs all cases.
    pub(crate) fn play(&self) {
        let name = self.name();
        // All inits share the engine that passes the status on, so only pid1 tries all statuses.
        for status in (0..=255).step_by(if name == "pid1" { 1 } else { 15 }) {
            let word = Text::of(format_args!("{status}"));
            let words = [self.file, DRIVER, c"exit", word.as_c_str()];
            case(format_args!("{name}/status/{status}"), exits(&words, status));
        }
        for signal in (1..=64).filter(|signal| kills(*signal)) {
            let word = Text::of(format_args!("{signal}"));
            let words = [self.file, DRIVER, c"die", word.as_c_str()];
            case(format_args!("{name}/death/{signal}"), exits(&words, 128 + signal));
        }
        case(format_args!("{name}/orphans/zombie-before"), zombie_before(self.file));
        // The child writes the lines of these cases.
        for role in [c"listen", c"orphans"] {
            match run(&[self.file, DRIVER, role, self.name]) {
                Ok(end) if end == End::exited(0) => {}
                other => report::line(format_args!("# {name} {role:?}: {other:?}", other = other.ok())),
            }
        }
    }
}

/// The init inherits a zombie, which is PID 2 of the namespace.
fn zombie_before(file: &CStr) -> Check {
    let init = start(&[file, DRIVER, c"gone", c"2"], || {
        let _ = fork(|| 0);
    })?;
    report::same("end", end_of(init)?, End::exited(0))
}

/// Returns whether the default action of a signal is to kill (signal(7)).
fn kills(signal: u8) -> bool {
    const CHLD_TO_TTOU: core::ops::RangeInclusive<u8> = 17..=22;
    const URG: u8 = 23;
    const WINCH: u8 = 28;
    !CHLD_TO_TTOU.contains(&signal) && ![URG, WINCH].contains(&signal)
}
