//! The differences of catatonit from other inits.

use mote_compat::{Values, write_line};
use mote_init::{Policy, Step, systemd, terminal};
use mote_rt::{
    Environment, Errno, Pid, Standalone, ThinCStr,
    execvp::ExecError,
    process,
    sys::{self, Fd},
    text,
};

/// The init. Its options are all known to the engine.
pub(crate) struct Catatonit;

/// Reports an error: `ERROR (catatonit:1): …`. The message may contain `%e`, the description of `error`.
pub(crate) fn report(message: ThinCStr<'static>, error: u32) {
    let pid = sys::getpid().map_or(0, |pid| pid.as_raw() as u32);
    let values = Values { program: text!(""), string: text!(""), numbers: [error, pid] };
    write_line(Fd::STDERR, text!("ERROR (catatonit:%2): "), message, &values);
}

fn fail(message: ThinCStr<'static>, error: Errno) -> ! {
    report(message, error.number());
    process::exit(1)
}

/// Makes orphans children of the init where it is not PID 1.
pub(crate) fn become_subreaper(me: Option<Pid>) {
    if me != Some(Pid::INIT)
        && let Err(error) = sys::prctl_set_child_subreaper()
    {
        fail(text!("failed to set child-reaper as non-pid1: %e"), error);
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
        if let Err(error) = systemd::correct_listen_pid(env, init) {
            fail_to_execute(error);
        }
        // Standard input may be redirected while the command has a terminal.
        terminal::take_foreground(sys::open(text!("/dev/tty")).unwrap_or(Fd::STDIN));
    }

    fn after_fork(&mut self, standalone: Standalone, _: ThinCStr<'_>, _: Pid) {
        release_files(standalone);
    }

    fn exec_failed(&self, _: ThinCStr<'_>, error: ExecError) -> ! {
        fail_to_execute(error.errno())
    }

    fn setup_failed(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: %e"),
            Step::Timer | Step::Child => text!("failed to fork child: %e"),
        };
        fail(message, error)
    }
}

fn fail_to_execute(error: Errno) -> ! {
    fail(text!("failed to exec pid1: %e"), error)
}
