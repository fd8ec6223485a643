//! The differences of pid1 from other inits.

use core::sync::atomic::AtomicBool;

use mote_init::{Policy, Step, systemd};
use mote_rt::{
    Environment, Errno, Pid, Signal, Standalone, StringBuf, StringList, ThinCStr, WaitStatus,
    sys::{self, Fd},
    text,
};
use mote_user::{Spec, UserError};

use crate::message::{exit, fail, fail_with, fail_without_memory, say};

/// The options that the engine does not know.
#[derive(Default)]
pub(crate) struct Pid1 {
    /// Whether events are reported.
    pub(crate) verbose: bool,
    /// The variables to set for the command.
    pub(crate) variables: StringList,
    /// Whether the command keeps the HOME that `-e` has set, also as another user.
    pub(crate) keeps_home: bool,
    /// The signal to get when the parent dies.
    pub(crate) parent_death: Option<Signal>,
    /// The user of the command: `USER` or `USER:GROUP`.
    pub(crate) user: Option<ThinCStr<'static>>,
    /// The group of the command. It precedes that of `user`.
    pub(crate) group: Option<ThinCStr<'static>>,
    /// The working directory of the command.
    pub(crate) workdir: Option<ThinCStr<'static>>,
    /// Whether the terminal stays with pid1.
    pub(crate) keeps_terminal: bool,
    /// Whether the child has executed the command, if statuses are mapped.
    pub(crate) has_executed: Option<&'static AtomicBool>,
}

impl Pid1 {
    /// Reports an event, with `-v`.
    fn report(&self, format: ThinCStr<'static>, number: u32, signal: Option<Signal>) {
        if self.verbose {
            say(format, text!(""), number, signal);
        }
    }

    /// Switches to the user and the group of the options, and has HOME set.
    fn switch_user(&mut self, init: Option<Pid>) {
        if self.user.is_none() && self.group.is_none() {
            return;
        }
        let Some(mut spec) = self.user.map_or(Some(Spec::default()), Spec::parse) else {
            fail_without_memory()
        };
        spec.group = self.group.or(spec.group);
        let credentials = spec.look_up(fail_for_user);
        if init == Some(Pid::INIT) && !credentials.are_present {
            give_streams(credentials.uid);
        }
        spec.switch_to(&credentials, fail_for_user);
        if let Some(home) = credentials.home
            && !self.keeps_home
        {
            let variable = StringBuf::concat(text!("HOME="), home, b':');
            if variable.is_none_or(|variable| self.variables.push(variable).is_err()) {
                fail_without_memory();
            }
        }
    }
}

/// Makes a user the owner of standard input, output and error, as container engines do for a user of theirs: COMMAND
/// could not open `/dev/stdout` otherwise. Other files than pipes and terminals may have users outside the container.
fn give_streams(uid: u32) {
    for fd in Fd::standard_streams() {
        if sys::is_pipe(fd) || sys::isatty(fd) {
            let _ = sys::fchown_user(fd, uid);
        }
    }
}

/// Reports why the user can't be switched, and exits.
fn fail_for_user(spec: &Spec, error: UserError) -> ! {
    let user = spec.user.unwrap_or(text!(""));
    match error {
        UserError::Failed { subject, error } => fail_with(subject, error),
        UserError::UnknownUser => fail(text!("%s: unknown user"), user),
        UserError::UnknownGroup => fail(text!("%s: unknown group"), spec.group.unwrap_or(user)),
        UserError::BadIdOfUser => fail(text!("%s: bad ID in /etc/passwd or /etc/group"), user),
        UserError::TooManyGroups => fail(text!("%s: too many groups"), user),
    }
}

impl Policy for Pid1 {
    const TERMINATES_ORPHANS: bool = true;
    const CONTINUES_STOPPED: bool = true;
    const TAKES_UID: bool = true;

    fn hands_terminal_over(&self) -> bool {
        !self.keeps_terminal
    }

    fn before_fork(&mut self, _: Option<Pid>) {
        // PID 1 needs no such right.
        let _ = sys::prctl_set_child_subreaper();
        if let Some(signal) = self.parent_death {
            let parent = sys::getppid();
            if let Err(error) = sys::prctl_set_pdeathsig(signal) {
                fail_with(text!("prctl"), error);
            }
            // The parent may have died before.
            if sys::getppid() != parent {
                sys::raise(signal);
            }
        }
    }

    fn pre_exec(&mut self, _: Standalone, env: &mut Environment, init: Option<Pid>) {
        self.switch_user(init);
        if env.set_all(&self.variables).is_err() {
            fail_without_memory();
        }
        if let Some(directory) = self.workdir
            && let Err(error) = sys::chdir(directory)
        {
            fail_with(directory, error);
        }
        if systemd::correct_pids(env, init).is_err() {
            fail_without_memory();
        }
    }

    fn after_fork(&mut self, standalone: Standalone, _: ThinCStr<'_>, child: Pid) {
        sys::closefrom(standalone, 3);
        let _ = sys::chdir(text!("/"));
        self.report(text!("started %d"), child.as_raw() as u32, None);
    }

    fn on_forward(&self, signal: Signal, child: Pid) {
        self.report(text!("forwarded to %d%:"), child.as_raw() as u32, Some(signal));
    }

    fn on_kill_refused(&self, signal: Signal, error: Errno) {
        say(text!("%g not sent: %e"), text!(""), error.number(), Some(signal));
    }

    fn on_timeout(&self, signal: Signal, seconds: u32) {
        let format = text!("timeout after %d s: sent %g to all processes");
        say(format, text!(""), seconds, Some(signal));
    }

    fn on_killed(&self, name: ThinCStr<'_>, signal: Signal) {
        say(text!("%s: killed by %g"), name, 0, Some(signal));
    }

    fn on_give_up(&self, name: ThinCStr<'_>) {
        say(text!("%s: can't be killed"), name, 0, None);
    }

    fn on_reap(&self, pid: Pid, status: WaitStatus, _: bool) {
        self.report(text!("reaped %d%:"), pid.as_raw() as u32, status.terminating_signal());
    }

    fn has_executed(&self) -> Option<&AtomicBool> {
        self.has_executed
    }

    fn on_exit(&self, status: u8, signal: Option<Signal>) {
        self.report(text!("exiting with %d%:"), status.into(), signal);
    }

    fn exec_failed(&self, name: ThinCStr<'_>, error: Errno) -> ! {
        let (format, status) = match error {
            Errno::ENOENT if name.is_empty() => (text!("COMMAND is empty"), 127),
            Errno::ENOENT => (text!("%s: not found"), 127),
            Errno::ELIBACC => (text!("%s: ENOENT: its interpreter or loader is missing"), 126),
            Errno::ENOEXEC => (text!("%s: ENOEXEC: wrong format or architecture"), 126),
            _ => (text!("%s: %e"), 126),
        };
        exit(format, name, error.number(), status)
    }

    fn setup_failed(&self, step: Step, error: Errno) -> ! {
        let subject = match step {
            Step::Signals => text!("signals"),
            Step::Timer => text!("setitimer"),
            Step::Child => text!("child"),
        };
        fail_with(subject, error)
    }
}
