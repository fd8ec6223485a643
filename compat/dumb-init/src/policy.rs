//! The differences of dumb-init from other inits: sessions, terminals, and its messages.

use mote_compat::{Values, write_line};
use mote_init::{Policy, Step};
use mote_rt::{
    Environment, Errno, Pid, Signal, SignalSet, Standalone, ThinCStr, WaitStatus, process,
    sys::{self, Fd},
    text,
};

/// The options that the engine does not know.
pub(crate) struct DumbInit {
    /// Whether events are reported.
    pub(crate) verbose: bool,
    /// Whether the child leads a session of its own, and its process group gets the signals.
    pub(crate) session: bool,
    /// The signals that `-r` names.
    pub(crate) rewritten: SignalSet,
}

/// Writes a message.
fn log(message: ThinCStr<'static>, string: ThinCStr<'_>, numbers: [u32; 2]) {
    write_line(Fd::STDERR, text!("[dumb-init] "), message, &Values { program: text!(""), string, numbers });
}

impl DumbInit {
    /// Reports an event, with `-v`.
    pub(crate) fn report(&self, message: ThinCStr<'static>, numbers: [u32; 2]) {
        if self.verbose {
            log(message, text!(""), numbers);
        }
    }

    /// Reports, with `-v`, that the terminal could not be given up or taken.
    fn report_terminal(&self, step: ThinCStr<'static>, error: Errno) {
        if self.verbose {
            log(text!("Unable to %s controlling tty (errno=%d)."), step, [error.number(), 0]);
        }
    }
}

/// The signals that the kernel sends to a session that gives up its terminal.
const HANG_UP: SignalSet = SignalSet::of(&[Signal::HUP, Signal::CONT]);

impl Policy for DumbInit {
    const RESTORES_SIGNALS: bool = false;
    const SETS_PROCESS_GROUP: bool = false;
    const EXIT_SIGNAL: Option<Signal> = Some(Signal::TERM);

    fn hands_terminal_over(&self) -> bool {
        false
    }

    fn before_fork(&mut self, me: Option<Pid>) {
        if !self.session {
            return;
        }
        // The terminal is for the child's session, so this session has to give it up. The kernel then sends SIGHUP and
        // SIGCONT to the leader before the call returns. The child must not get them
        // (https://github.com/Yelp/dumb-init/issues/136).
        if let Err(error) = sys::tiocnotty(Fd::STDIN) {
            self.report_terminal(text!("detach from"), error);
            return;
        }
        // If seccomp refuses to tell, the init may be the leader.
        let is_leader = sys::getsid().map_or(true, |session| session.is_some() && session == me);
        if !is_leader {
            self.report(text!("Detached from controlling tty, but was not session leader."), [0; 2]);
            return;
        }
        self.report(
            text!("Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive."),
            [0; 2],
        );
        while let Ok(info) = sys::sigtimedwait_zero(HANG_UP) {
            self.on_signal(info.signal);
            self.report(text!("Ignoring tty hand-off signal %d."), [info.signal.number().into(), 0]);
        }
    }

    fn pre_exec(&mut self, _: Standalone, _: &mut Environment, _: Option<Pid>) {
        if !self.session {
            return;
        }
        // If seccomp refuses this, only the child gets the signals.
        let _ = sys::setsid();
        if let Err(error) = sys::tiocsctty(Fd::STDIN) {
            self.report_terminal(text!("attach to"), error);
        }
        self.report(text!("setsid complete."), [0; 2]);
    }

    fn after_fork(&mut self, _: Standalone, _: ThinCStr<'_>, child: Pid) {
        self.report(text!("Child spawned with PID %d."), [child.as_raw() as u32, 0]);
        let _ = sys::chdir(text!("/"));
    }

    fn on_signal(&self, signal: Signal) {
        self.report(text!("Received signal %d."), [signal.number().into(), 0]);
    }

    fn on_rewrite(&self, signal: Signal, replacement: Option<Signal>) {
        let to = replacement.map_or(0, Signal::number);
        if signal.number() != to {
            self.report(text!("Translating signal %d to %2."), [signal.number().into(), to.into()]);
        }
        if replacement.is_none() {
            self.report(text!("Not forwarding signal %d to children (ignored)."), [0; 2]);
        }
    }

    fn on_forward(&self, signal: Signal, _: Pid) {
        self.report(text!("Forwarded signal %d to children."), [signal.number().into(), 0]);
    }

    fn on_kill_refused(&self, _: Signal, error: Errno) {
        log(text!("Unable to send a signal: %e"), text!(""), [error.number(), 0]);
    }

    fn after_signal(&self, signal: Signal) {
        // By these a terminal stops processes.
        if !matches!(signal, Signal::TSTP | Signal::TTIN | Signal::TTOU) {
            return;
        }
        self.report(text!("Suspending self due to TTY signal."), [0; 2]);
        // PID 1 can't stop itself, and the kernel would drop a pending SIGCONT.
        if let Some(me) = sys::getpid()
            && me != Pid::INIT
        {
            let _ = sys::kill_process(me, Signal::STOP);
        }
    }

    fn on_reap(&self, pid: Pid, status: WaitStatus, _: bool) {
        let pid = pid.as_raw() as u32;
        match status.terminating_signal() {
            None => self.report(
                text!("A child with PID %d exited with exit status %2."),
                [pid, status.exit_status().into()],
            ),
            Some(signal) => self.report(
                text!("A child with PID %d was terminated by signal %2."),
                [pid, signal.number().into()],
            ),
        }
    }

    fn on_exit(&self, status: u8, _: Option<Signal>) {
        self.report(text!("Child exited with status %d. Goodbye."), [status.into(), 0]);
    }

    fn exec_failed(&self, name: ThinCStr<'_>, error: Errno) -> ! {
        log(text!("%s: %e"), name, [error.number(), 0]);
        process::exit(2)
    }

    fn setup_failed(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: %e"),
            Step::Timer | Step::Child => text!("Unable to fork. Exiting."),
        };
        log(message, text!(""), [error.number(), 0]);
        process::exit(1)
    }
}
