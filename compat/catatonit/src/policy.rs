//! The differences of catatonit from other inits.

use mote_init::{Policy, Step, systemd};
use mote_rt::{Environment, Errno, Pid, Signal, Standalone, ThinCStr, sys, text};

use crate::message::{fail, report};

/// The init. Its options are all known to the engine.
pub(crate) struct Catatonit;

/// Makes orphans children of the init where it is not PID 1.
pub(crate) fn become_subreaper(me: Option<Pid>) {
    if me != Some(Pid::INIT)
        && let Err(error) = sys::prctl_set_child_subreaper()
    {
        fail(text!("failed to set child-reaper as non-pid1: "), error);
    }
}

/// Closes descriptors that only the command needs, and leaves the working directory, which could not be unmounted.
pub(crate) fn release_files(standalone: Standalone) {
    let _ = sys::chdir(text!("/"));
    sys::closefrom(standalone, 3);
}

impl Policy for Catatonit {
    fn before_fork(&mut self, me: Option<Pid>) {
        become_subreaper(me);
    }

    fn pre_exec(&mut self, _: Standalone, env: &mut Environment, init: Option<Pid>) {
        if let Err(error) = systemd::correct_pids(env, init) {
            fail_to_execute(error);
        }
    }

    fn after_fork(&mut self, standalone: Standalone, _: ThinCStr<'_>, _: Pid) {
        release_files(standalone);
    }

    fn on_kill_refused(&self, _: Signal, error: Errno) {
        report(text!("failed to send a signal: "), Some(error));
    }

    fn exec_failed(&self, _: ThinCStr<'_>, error: Errno) -> ! {
        fail_to_execute(error)
    }

    fn setup_failed(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: "),
            Step::Timer | Step::Child => text!("failed to fork child: "),
        };
        fail(message, error)
    }
}

fn fail_to_execute(error: Errno) -> ! {
    fail(text!("failed to exec pid1: "), error)
}
