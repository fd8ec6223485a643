//! What is dumb-init's own among the ways of an init: sessions, terminals, and what it says.

use mote_init::{
    Policy, Step,
    message::{self, explanations},
};
use mote_rt::{
    Errno,
    buffer::Text,
    env::Environment,
    process,
    signal::{self, SigSet, Signal, Signals},
    string::StackStr,
    sys::{self, Dead, Fd, Pid},
    text,
};

/// What the options say beside that which the engine is told.
pub(crate) struct DumbInit {
    /// Whether it tells what it does.
    pub(crate) verbose: bool,
    /// Whether COMMAND leads a session of its own, and signals go to all of its first process group.
    pub(crate) session: bool,
    /// The signals that `-r` says something about, a bit each.
    pub(crate) told: u32,
}

impl DumbInit {
    /// Writes a line of its own.
    #[inline(never)]
    fn say(message: StackStr, string: StackStr, numbers: [u32; 2]) {
        let mut memory = Text::memory();
        let mut text = Text::new(&mut memory);
        text.string(text!("[dumb-init] "));
        message::append(&mut text, explanations(), message, string, numbers);
        text.byte(b'\n');
        text.send();
    }

    /// The same, if it tells what it does.
    #[inline(never)]
    pub(crate) fn tell(&self, message: StackStr, numbers: [u32; 2]) {
        if self.verbose {
            Self::say(message, StackStr::empty(), numbers);
        }
    }

    /// The same of what could not be done with the terminal.
    fn tell_error(&self, what: StackStr, error: Errno) {
        if self.verbose {
            Self::say(text!("Unable to %s controlling tty (errno=%d)."), what, [error.number(), 0]);
        }
    }
}

/// What the kernel sends to a session that gives up its terminal.
const HANDED_OVER: SigSet = signal::set_of(&[Signal::HUP, Signal::CONT]);

/// The signals by which a terminal stops processes.
const STOPPING: Signals = Signals::of(&[Signal::TSTP, Signal::TTIN, Signal::TTOU]);

impl Policy for DumbInit {
    const KEEPS_SIGNALS: bool = false;
    const PARTING: Signal = Signal::TERM;

    fn leads_group(&self) -> bool {
        false
    }

    fn enlist(&mut self, me: Pid) {
        if !self.session {
            return;
        }
        // COMMAND's session is to have the terminal, so ours has to let go of it. If we lead the session, the kernel sends
        // SIGHUP and SIGCONT for that, before the call returns; COMMAND must not get them
        // (https://github.com/Yelp/dumb-init/issues/136).
        match sys::leave_terminal(Fd::STDIN) {
            Err(error) => self.tell_error(text!("detach from"), error),
            // Where a filter doesn't let us know, we may as well lead it.
            Ok(()) if matches!(sys::session(), session if session == me || session < 0) => {
                self.tell(
                    text!("Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive."),
                    [0; 2],
                );
                while let Ok((signal, _)) = sys::pending_signal(HANDED_OVER) {
                    self.received(signal);
                    self.tell(text!("Ignoring tty hand-off signal %d."), [signal.number().into(), 0]);
                }
            }
            Ok(()) => self.tell(text!("Detached from controlling tty, but was not session leader."), [0; 2]),
        }
    }

    fn prepare(&mut self, _: &mut Environment, _: Pid) {
        if !self.session {
            return;
        }
        // Where a filter refuses that, COMMAND is signalled alone.
        let _ = sys::lead_session();
        if let Err(error) = sys::take_terminal(Fd::STDIN) {
            self.tell_error(text!("attach to"), error);
        }
        self.tell(text!("setsid complete."), [0; 2]);
    }

    fn started(&mut self, _: StackStr, child: Pid) {
        self.tell(text!("Child spawned with PID %d."), [child as u32, 0]);
        let _ = sys::chdir(text!("/"));
    }

    fn received(&self, signal: Signal) {
        self.tell(text!("Received signal %d."), [signal.number().into(), 0]);
    }

    fn rewritten(&self, from: Signal, to: Signal) {
        if from != to {
            self.tell(text!("Translating signal %d to %2."), [from.number().into(), to.number().into()]);
        }
        if to == Signal::NONE {
            self.tell(text!("Not forwarding signal %d to children (ignored)."), [0; 2]);
        }
    }

    fn forwards(&self, signal: Signal, _: Pid) {
        self.tell(text!("Forwarded signal %d to children."), [signal.number().into(), 0]);
    }

    fn done(&self, signal: Signal) {
        if STOPPING.contains(signal) {
            self.tell(text!("Suspending self due to TTY signal."), [0; 2]);
            // Process 1 can't be stopped by itself, and the kernel would drop a SIGCONT that waits.
            let me = sys::getpid();
            if me > 1 {
                let _ = sys::kill(me, Signal::STOP);
            }
        }
    }

    fn reaped(&self, dead: &Dead, _: bool) {
        let (pid, signal) = (dead.pid as u32, dead.status & 0x7f);
        if signal == 0 {
            self.tell(
                text!("A child with PID %d exited with exit status %2."),
                [pid, dead.status >> 8 & 255],
            );
        } else {
            self.tell(text!("A child with PID %d was terminated by signal %2."), [pid, signal]);
        }
    }

    fn ends(&self, status: u8, _: Signal) {
        self.tell(text!("Child exited with status %d. Goodbye."), [status.into(), 0]);
    }

    fn not_executed(&self, name: StackStr, error: Errno) -> ! {
        Self::say(text!("%s: %e"), name, [error.number(), 0]);
        process::end(2)
    }

    fn not_started(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: %e"),
            Step::Clock | Step::Child => text!("Unable to fork. Exiting."),
        };
        Self::say(message, StackStr::empty(), [error.number(), 0]);
        process::end(1)
    }

    fn no_memory(&self) -> ! {
        self.not_executed(text!("mmap"), Errno::ENOMEM)
    }
}
