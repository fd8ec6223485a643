//! How an init hears of signals: they wait, blocked, until it asks for the next.

use mote_rt::{
    signal::{SigSet, Signal},
    sys::{self, Origin, SigAction},
};

use crate::policy::{Policy, Step};

/// Waits for a signal.
pub(crate) fn next_signal(set: SigSet) -> (Signal, Origin) {
    sys::next_signal(set).unwrap_or_else(|_| {
        // We were stopped or frozen, and go on. Or a filter refuses it: nobody spins then, and deaths are found out.
        sys::doze();
        (Signal::CHLD, Origin::UNKNOWN)
    })
}

/// What is changed about signals for the init alone: COMMAND finds them as they were.
pub(crate) struct Exchange {
    mask: SigSet,
    child: SigAction,
}

impl Exchange {
    /// An init's: every signal of `mask` waits until it is asked for; and SIGCHLD has its default, since the kernel would
    /// reap in our place if we were started with it ignored.
    #[inline(always)]
    pub(crate) fn of(mask: SigSet) -> Self {
        Self { mask, child: SigAction::by_default() }
    }

    /// Exchanges these for those in force. Where that is refused an init would be deaf, and COMMAND could not be asked to
    /// end.
    #[inline(never)]
    pub(crate) fn swap<P: Policy>(&mut self, policy: &P) {
        let mask = sys::exchange_signal_mask(&mut self.mask);
        if let Err(error) = mask.and_then(|()| sys::exchange_sigaction(Signal::CHLD, &mut self.child)) {
            policy.not_started(Step::Signals, error);
        }
    }
}
