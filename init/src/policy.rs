//! Differences between the inits.

use core::sync::atomic::AtomicBool;

use mote_rt::{Environment, Errno, Pid, Signal, Standalone, ThinCStr, WaitStatus};

/// A step of the setup that must not fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Blocking signals in the init, or restoring them in the child.
    Signals,
    /// Setting a timer.
    Timer,
    /// Reaping or creating a child.
    Child,
}

/// The differences between one init and another, besides the fields of [`Init`](crate::Init): constants, and hooks that
/// the engine calls. A hook does nothing by default and then takes no bytes.
pub trait Policy: Sized {
    /// Whether orphans that remain after the child get SIGTERM and, later, SIGKILL. Otherwise the init exits with the
    /// child.
    const TERMINATES_ORPHANS: bool = false;

    /// Whether a signal that asks the child to end is followed by SIGCONT to its process group, because a stopped process
    /// handles it only once it continues.
    const CONTINUES_STOPPED: bool = false;

    /// Whether the init takes the real user ID of a process that it may not signal. Root without CAP_KILL may then
    /// (kill(2)).
    const TAKES_UID: bool = false;

    /// Whether the child gets the signal mask and the ignored signals that the init was started with. Otherwise no
    /// signal is blocked, and every standard signal has its default action.
    const RESTORES_SIGNALS: bool = true;

    /// Whether the engine makes the child the leader of a process group.
    const SETS_PROCESS_GROUP: bool = true;

    /// The signal for the child's process group when the init exits.
    const EXIT_SIGNAL: Option<Signal> = None;

    /// Returns whether the child's process group becomes the foreground process group of the terminal.
    fn hands_terminal_over(&self) -> bool {
        true
    }

    /// Called in the init before the fork, with all signals blocked. `me` is the init, unless seccomp refuses to tell.
    fn before_fork(&mut self, me: Option<Pid>) {
        _ = me;
    }

    /// Called in the child before it executes the command, with all signals blocked. `init` is the parent.
    fn pre_exec(&mut self, standalone: Standalone, env: &mut Environment, init: Option<Pid>) {
        _ = (standalone, env, init);
    }

    /// Called in the init after the fork. `name` is the command.
    fn after_fork(&mut self, standalone: Standalone, name: ThinCStr<'_>, child: Pid) {
        _ = (standalone, name, child);
    }

    /// Called with every signal that was received.
    fn on_signal(&self, signal: Signal) {
        _ = signal;
    }

    /// Called with every signal that may be forwarded, and with its replacement: `None` if it is dropped.
    fn on_rewrite(&self, signal: Signal, replacement: Option<Signal>) {
        _ = (signal, replacement);
    }

    /// Called after a signal was forwarded.
    fn on_forward(&self, signal: Signal, child: Pid) {
        _ = (signal, child);
    }

    /// Called the first time that the kernel refuses to send a signal.
    fn on_kill_refused(&self, signal: Signal, error: Errno);

    /// Called after every process got SIGTERM or SIGKILL because a timeout had expired. `seconds` is its length.
    fn on_timeout(&self, signal: Signal, seconds: u32) {
        _ = (signal, seconds);
    }

    /// Called when the child was killed by a signal that the init has not sent.
    fn on_killed(&self, name: ThinCStr<'_>, signal: Signal) {
        _ = (name, signal);
    }

    /// Called before the init exits because a child can't be killed.
    fn on_give_up(&self, name: ThinCStr<'_>) {
        _ = name;
    }

    /// Called after a signal was handled, unless the init exits then.
    fn after_signal(&self, signal: Signal) {
        _ = signal;
    }

    /// Called with every process that was reaped.
    fn on_reap(&self, pid: Pid, status: WaitStatus, is_child: bool) {
        _ = (pid, status, is_child);
    }

    /// Called when there is no zombie left. `has_children` is whether there are other children.
    fn on_reaped_all(&self, has_children: bool) {
        _ = has_children;
    }

    /// Returns a flag that is set in the child just before it executes the command, and that the init shares with it.
    /// With the flag, the status of a child that executed nothing is not mapped.
    fn has_executed(&self) -> Option<&AtomicBool> {
        None
    }

    /// Called before the init exits with `status`. `signal` is the one that killed the child, if one did.
    fn on_exit(&self, status: u8, signal: Option<Signal>) {
        _ = (status, signal);
    }

    /// Called in the child if the command can't be executed. Ends the process.
    fn exec_failed(&self, name: ThinCStr<'_>, error: Errno) -> !;

    /// Called in the init or in the child if a step of the setup fails. Ends the process.
    fn setup_failed(&self, step: Step, error: Errno) -> !;
}
