//! The differences of tini from other inits, its messages among them.

use core::mem::MaybeUninit;

use mote_cli::push_signal_or_number;
use mote_compat::{Values, write_line};
use mote_init::{Policy, Step};
use mote_rt::{
    Errno, Pid, Signal, Standalone, StringBuf, ThinCStr, WaitStatus, process,
    sys::{self, Fd},
    text,
};

/// The importance of a message, highest first. It is written if the verbosity is at least its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Fatal,
    Warn,
    Info,
    Debug,
    Trace,
}

/// The name of a level in a message, padded to the length of the longest.
fn level_name(level: Level) -> ThinCStr<'static> {
    match level {
        Level::Fatal => text!("FATAL"),
        Level::Warn => text!("WARN "),
        Level::Info => text!("INFO "),
        Level::Debug => text!("DEBUG"),
        Level::Trace => text!("TRACE"),
    }
}

/// The warning that orphans will not be reaped.
macro_rules! warning {
    () => {
        "Tini is not running as PID 1 and isn't registered as a child subreaper.
So zombie reaping won't work. Run it as PID 1, or set -s or TINI_SUBREAPER."
    };
}

/// The options that the engine does not know.
pub(crate) struct Tini {
    /// The largest level that is written.
    pub(crate) verbosity: u32,
    /// Whether orphans become children of tini where it is not PID 1.
    pub(crate) is_subreaper: bool,
    /// Whether each reaped orphan is reported as a warning.
    pub(crate) warns: bool,
    /// The signal to get when the parent dies.
    pub(crate) parent_death: Option<Signal>,
}

impl Tini {
    /// Writes a message, if its level is among those that are written: errors and warnings to standard error, others to
    /// standard output.
    pub(crate) fn log(&self, level: Level, message: ThinCStr<'static>, string: ThinCStr<'_>, number: u32) {
        if level as u32 > self.verbosity {
            return;
        }
        let pid = sys::getpid().map_or(0, |pid| pid.as_raw() as u32);
        let fd = if level > Level::Warn { Fd::STDOUT } else { Fd::STDERR };
        let values = Values { program: level_name(level), string, numbers: [number, pid] };
        write_line(fd, text!("[%p tini (%2)] "), message, &values);
    }

    /// Reports an error and exits.
    pub(crate) fn fail(
        &self,
        message: ThinCStr<'static>,
        string: ThinCStr<'_>,
        number: u32,
        status: i32,
    ) -> ! {
        self.log(Level::Fatal, message, string, number);
        process::exit(status)
    }

    fn log_number(&self, level: Level, message: ThinCStr<'static>, number: u32) {
        self.log(level, message, text!(""), number);
    }

    fn log_signal(&self, level: Level, message: ThinCStr<'static>, signal: Signal) {
        let mut memory = [MaybeUninit::uninit(); 16];
        let mut name = StringBuf::new(&mut memory);
        push_signal_or_number(&mut name, signal);
        self.log(level, message, name.as_c_str(), 0);
    }

    /// Exits if a step failed without which the command must not run.
    fn check(&self, message: ThinCStr<'static>, result: Result<(), Errno>) {
        if let Err(error) = result {
            self.fail(message, text!(""), error.number(), 1);
        }
    }
}

impl Policy for Tini {
    fn before_fork(&mut self, me: Option<Pid>) {
        if let Some(signal) = self.parent_death {
            let result = sys::prctl_set_pdeathsig(signal);
            self.check(text!("Failed to set up parent death signal: %e"), result);
        }
        if self.is_subreaper {
            let result = sys::prctl_set_child_subreaper();
            self.check(text!("Failed to register as child subreaper: %e"), result);
            self.log_number(Level::Trace, text!("Registered as child subreaper"), 0);
        } else if me != Some(Pid::INIT) && !sys::prctl_get_child_subreaper() {
            self.log_number(Level::Warn, text!(warning!()), 0);
        }
    }

    fn after_fork(&mut self, _: Standalone, name: ThinCStr<'_>, child: Pid) {
        self.log(Level::Info, text!("Spawned child process '%s' with pid '%d'"), name, child.as_raw() as u32);
    }

    fn on_signal(&self, signal: Signal) {
        if signal == Signal::CHLD {
            self.log_number(Level::Debug, text!("Received SIGCHLD"), 0);
        }
    }

    fn on_forward(&self, signal: Signal, _: Pid) {
        self.log_signal(Level::Debug, text!("Passing signal: 'SIG%s'"), signal);
    }

    fn on_kill_refused(&self, _: Signal, error: Errno) {
        self.log_number(Level::Warn, text!("Failed to send a signal: %e"), error.number());
    }

    fn on_reap(&self, pid: Pid, status: WaitStatus, is_child: bool) {
        let pid = pid.as_raw() as u32;
        self.log_number(Level::Debug, text!("Reaped child with pid: '%d'"), pid);
        match status.terminating_signal() {
            Some(signal) if is_child => {
                self.log_signal(
                    Level::Info,
                    text!("Main child exited with signal (with signal 'SIG%s')"),
                    signal,
                );
            }
            None if is_child => {
                let message = text!("Main child exited normally (with status '%d')");
                self.log_number(Level::Info, message, status.exit_status().into());
            }
            _ if self.warns => self.log_number(Level::Warn, text!("Reaped zombie process with pid=%d"), pid),
            _ => {}
        }
    }

    fn on_reaped_all(&self, has_children: bool) {
        let message = if has_children { text!("No child to reap") } else { text!("No child to wait") };
        self.log_number(Level::Trace, message, 0);
    }

    fn on_exit(&self, _: u8, _: Option<Signal>) {
        self.log_number(Level::Trace, text!("Exiting: child has exited"), 0);
    }

    fn exec_failed(&self, name: ThinCStr<'_>, error: Errno) -> ! {
        let status = match error {
            Errno::ENOENT | Errno::ELIBACC => 127,
            Errno::EACCES => 126,
            _ => 1,
        };
        self.fail(text!("exec %s failed: %e"), name, error.number(), status)
    }

    fn setup_failed(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: %e"),
            Step::Timer | Step::Child => text!("fork failed: %e"),
        };
        self.fail(message, text!(""), error.number(), 1)
    }
}
