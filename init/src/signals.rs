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

/// The signal mask and the action of SIGCHLD that the init was started with.
#[derive(Clone, Copy)]
pub(crate) struct InheritedSignals {
    mask: SignalSet,
    sigchld: SigAction,
}

impl InheritedSignals {
    /// Blocks every signal and gives SIGCHLD its default action: if it is ignored, the kernel reaps children itself.
    #[inline(always)]
    pub(crate) fn block(standalone: Standalone) -> Result<Self, Errno> {
        let mask = sys::sigprocmask(SignalSet::ALL)?;
        let sigchld = sys::sigaction(standalone, Signal::CHLD, &SigAction::default_action())?;
        Ok(Self { mask, sigchld })
    }

    /// Restores both.
    #[inline(always)]
    pub(crate) fn restore(self, standalone: Standalone) -> Result<(), Errno> {
        sys::sigprocmask(self.mask)?;
        sys::sigaction(standalone, Signal::CHLD, &self.sigchld).map(|_| ())
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
