//! Signals of the init: blocked, so that they are pending until it takes them one by one.

use mote_rt::{
    Errno, Signal, SignalSet, Standalone,
    sys::{self, SigAction, SigInfo, WaitId},
};

/// Signals that are taken before all others while a timeout runs, so that a flood of others can't delay SIGKILL: the
/// kernel returns the lowest number first.
const URGENT: SignalSet = SignalSet::of(&[Signal::ALRM, Signal::CHLD]);

/// Nanoseconds, about a fifteenth of a second, between two looks for zombies where the kernel can't be asked to wait.
const POLL_INTERVAL: usize = 1 << 26;

/// Waits for a signal. `is_timed` is whether a timeout runs.
pub(crate) fn wait_for_signal(is_timed: bool) -> SigInfo {
    if is_timed && let Ok(info) = sys::sigtimedwait_zero(URGENT) {
        return info;
    }
    sys::sigwaitinfo(SignalSet::ALL).unwrap_or_else(|error| {
        // EINTR: the init was stopped or frozen, and continues. Any other error is seccomp's: the init can still wait
        // for zombies, or else look for them now and then.
        if error == Errno::EINTR || sys::waitid_blocking(WaitId::All).is_err() {
            sys::ppoll(POLL_INTERVAL);
        }
        SigInfo::of(Signal::CHLD)
    })
}

/// A signal mask and an action of SIGCHLD.
#[derive(Clone, Copy)]
pub(crate) struct Signals {
    mask: SignalSet,
    sigchld: SigAction,
}

impl Signals {
    /// Returns those of an init: every signal is blocked, and SIGCHLD has its default action, because the kernel reaps
    /// children itself if it is ignored.
    #[inline(always)]
    pub(crate) fn of_init() -> Self {
        Self { mask: SignalSet::ALL, sigchld: SigAction::default_action() }
    }

    /// Exchanges them with those of the process.
    pub(crate) fn exchange(&mut self, standalone: Standalone) -> Result<(), Errno> {
        self.mask = sys::sigprocmask(self.mask)?;
        self.sigchld = sys::sigaction(standalone, Signal::CHLD, &self.sigchld)?;
        Ok(())
    }
}

/// Gives every standard signal its default action and blocks none.
#[inline(always)]
pub(crate) fn reset(standalone: Standalone) -> Result<(), Errno> {
    for signal in (1..=u32::from(Signal::MAX_STANDARD)).filter_map(Signal::new) {
        // SIGKILL and SIGSTOP have no other action.
        let _ = sys::sigaction(standalone, signal, &SigAction::default_action());
    }
    sys::sigprocmask(SignalSet::EMPTY).map(|_| ())
}
