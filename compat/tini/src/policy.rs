//! What is tini's own among the ways of an init: what it says, and what it asks for.

use mote_init::{
    Policy, Step, joined,
    message::{self, EXPLANATIONS},
    words::SIGNALS,
};
use mote_rt::{
    Errno,
    buffer::Text,
    env::Environment,
    process,
    signal::Signal,
    string::StackStr,
    sys::{self, Dead, Fd, Pid},
    table, text,
};

/// The words that messages are made of.
#[inline(always)]
pub(crate) fn words() -> StackStr {
    const TABLE: &[u8] = &joined!(SIGNALS, EXPLANATIONS);
    table!(TABLE).into()
}

/// How much a line matters, the most important first. It is shown if the verbosity is at least its number.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    Fatal,
    Warn,
    Info,
    Debug,
    Trace,
}

/// What levels are called in front of a line.
const LEVELS: &[u8] = b"\x80FATAL\x81WARN \x82INFO \x83DEBUG\x84TRACE\0";

/// What is said where orphans will not be reaped.
const WARNING: &[u8] = b"Tini is not running as PID 1 and isn't registered as a child subreaper.
So zombie reaping won't work. Run it as PID 1, or set -s or TINI_SUBREAPER.\0";

/// What the options say beside that which the engine is told.
pub(crate) struct Tini {
    /// The largest level that is shown.
    pub(crate) verbosity: u32,
    /// Whether it adopts orphans below process 1.
    pub(crate) adopts: bool,
    /// Whether each reaped orphan is worth a warning.
    pub(crate) warns: bool,
    /// The signal to be sent when tini's own parent dies.
    pub(crate) parent_death: Option<Signal>,
}

impl Tini {
    /// Says something, if it is to: errors and warnings to standard error, all else to standard output.
    #[inline(never)]
    pub(crate) fn say(&self, level: Level, message: StackStr, string: StackStr, numbers: [u32; 2]) {
        let number = level as u32;
        if number > self.verbosity {
            return;
        }
        let mut memory = Text::memory();
        let mut text = Text::new(&mut memory);
        message::append(
            &mut text,
            table!(LEVELS).into(),
            text!("[%n tini (%2)] "),
            string,
            [number, sys::getpid() as u32],
        );
        message::append(&mut text, words(), message, string, numbers);
        text.byte(b'\n');
        text.send_to(if number > Level::Warn as u32 { Fd::STDOUT } else { Fd::STDERR });
    }

    /// Says what went wrong, and ends.
    #[inline(never)]
    pub(crate) fn fail(&self, message: StackStr, string: StackStr, error: u32, status: i32) -> ! {
        self.say(Level::Fatal, message, string, [error, 0]);
        process::end(status)
    }

    fn tell(&self, level: Level, message: StackStr, number: u32) {
        self.say(level, message, StackStr::empty(), [number, 0]);
    }

    /// Goes on if something worked without which COMMAND is not to run.
    fn check(&self, message: StackStr, result: Result<(), Errno>) {
        if let Err(error) = result {
            self.fail(message, StackStr::empty(), error.number(), 1);
        }
    }
}

impl Policy for Tini {
    fn enlist(&mut self, me: Pid) {
        if let Some(signal) = self.parent_death {
            self.check(
                text!("Failed to set up parent death signal: %e"),
                sys::set_parent_death_signal(signal),
            );
        }
        if self.adopts {
            self.check(text!("Failed to register as child subreaper: %e"), sys::become_subreaper());
            self.tell(Level::Trace, text!("Registered as child subreaper"), 0);
        } else if me != 1 && !sys::is_subreaper() {
            self.tell(Level::Warn, table!(WARNING).into(), 0);
        }
    }

    fn prepare(&mut self, _: &mut Environment, _: Pid) {
        // SIGTTOU is blocked, or the terminal would stop us for it.
        let _ = sys::set_foreground(Fd::STDIN, sys::getpid());
    }

    fn started(&mut self, name: StackStr, child: Pid) {
        self.say(Level::Info, text!("Spawned child process '%s' with pid '%d'"), name, [child as u32, 0]);
    }

    fn received(&self, signal: Signal) {
        if signal == Signal::CHLD {
            self.tell(Level::Debug, text!("Received SIGCHLD"), 0);
        }
    }

    fn forwards(&self, signal: Signal, _: Pid) {
        self.tell(Level::Debug, text!("Passing signal: 'SIG%n'"), signal.number().into());
    }

    fn reaped(&self, dead: &Dead, is_command: bool) {
        self.tell(Level::Debug, text!("Reaped child with pid: '%d'"), dead.pid as u32);
        let signal = dead.status & 0x7f;
        if is_command && signal == 0 {
            self.tell(
                Level::Info,
                text!("Main child exited normally (with status '%d')"),
                dead.status >> 8 & 255,
            );
        } else if is_command {
            self.tell(Level::Info, text!("Main child exited with signal (with signal 'SIG%n')"), signal);
        } else if self.warns {
            self.tell(Level::Warn, text!("Reaped zombie process with pid=%d"), dead.pid as u32);
        }
    }

    fn drained(&self, alone: bool) {
        let message = if alone { text!("No child to wait") } else { text!("No child to reap") };
        self.tell(Level::Trace, message, 0);
    }

    fn ends(&self, _: u8, _: Signal) {
        self.tell(Level::Trace, text!("Exiting: child has exited"), 0);
    }

    fn not_executed(&self, name: StackStr, error: Errno) -> ! {
        let status = match error {
            Errno::ENOENT => 127,
            Errno::EACCES => 126,
            _ => 1,
        };
        self.fail(text!("exec %s failed: %e"), name, error.number(), status)
    }

    fn not_started(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: %e"),
            Step::Clock | Step::Child => text!("fork failed: %e"),
        };
        self.fail(message, StackStr::empty(), error.number(), 1)
    }

    fn no_memory(&self) -> ! {
        self.fail(text!("mmap failed: %e"), StackStr::empty(), Errno::ENOMEM.number(), 1)
    }
}
