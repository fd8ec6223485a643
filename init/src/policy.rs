//! What makes one init different from another: a few constants, and functions that the engine calls at its turning
//! points. Each has a default that does nothing, and costs nothing then.

use mote_rt::{
    Errno,
    env::Environment,
    signal::{self, SigSet, Signal},
    string::StackStr,
    sys::{Dead, Pid},
};

/// What comes before COMMAND and must not fail.
#[derive(Clone, Copy)]
pub enum Step {
    /// To have signals wait in the init, and to have COMMAND find them as they were.
    Signals,
    /// To have a limit of time.
    Clock,
    /// To make a child, and to reap it.
    Child,
}

/// An init's ways, beside what an [`Init`](crate::Init) is told. The value holds what these ways depend on.
pub trait Policy: Sized {
    /// The signals that it takes and forwards. What the others do is left as it was.
    const SIGNALS: SigSet = signal::ALL;

    /// Whether those whom COMMAND leaves behind are asked to end and have time for it. Otherwise the init ends as
    /// soon as COMMAND does.
    const GRACE: bool = false;

    /// Whether a SIGTERM is followed by a SIGCONT, without which who is stopped does not get it.
    const RESUMES: bool = false;

    /// Whether the status of a COMMAND that could not be executed is one of COMMAND's own, which may be mapped.
    const MAPS_FAILURES: bool = true;

    /// Whether COMMAND finds signals as the init did. Otherwise none is blocked, and all do what they do by default.
    const KEEPS_SIGNALS: bool = true;

    /// What COMMAND's group gets when COMMAND is gone and the init ends with it.
    const PARTING: Signal = Signal::NONE;

    /// Whether COMMAND leads a process group of its own, which the init helps to set up. Otherwise
    /// [`prepare`](Self::prepare) does what is to be done.
    fn leads_group(&self) -> bool {
        true
    }

    /// Before COMMAND is started; the signals wait already. `me` is the init.
    fn enlist(&mut self, me: Pid) {
        _ = me;
    }

    /// In the child, before COMMAND is executed. All signals are blocked. `parent` is the init.
    fn prepare(&mut self, env: &mut Environment, parent: Pid) {
        _ = (env, parent);
    }

    /// In the init, when COMMAND has been started.
    fn started(&mut self, name: StackStr, child: Pid) {
        _ = (name, child);
    }

    /// A signal has come.
    fn received(&self, signal: Signal) {
        _ = signal;
    }

    /// A signal is to be forwarded as another, or as none.
    fn rewritten(&self, from: Signal, to: Signal) {
        _ = (from, to);
    }

    /// A signal is about to be forwarded.
    fn forwards(&self, signal: Signal, child: Pid) {
        _ = (signal, child);
    }

    /// Everything about a signal is done.
    fn done(&self, signal: Signal) {
        _ = signal;
    }

    /// Somebody was reaped.
    fn reaped(&self, dead: &Dead, is_command: bool) {
        _ = (dead, is_command);
    }

    /// All who were dead have been reaped; `alone` if nobody is left.
    fn drained(&self, alone: bool) {
        _ = alone;
    }

    /// The end is near, with this status; `signal` killed COMMAND, if that is one.
    fn ends(&self, status: u8, signal: Signal) {
        _ = (status, signal);
    }

    /// In the child: COMMAND could not be executed. Ends the process.
    fn not_executed(&self, name: StackStr, error: Errno) -> !;

    /// COMMAND can't be started, in the init or in the child: this could not be done. Ends the process.
    fn not_started(&self, step: Step, error: Errno) -> !;

    /// In the child: there is no memory for what comes before COMMAND. Ends the process.
    fn no_memory(&self) -> !;
}
