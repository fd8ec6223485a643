//! An init without a child: the infrastructure container of a pod that shares its PID namespace.

use mote_rt::{Signal, Standalone, process, sys};

use crate::{
    policy::{Policy, Step},
    signals::{InheritedSignals, wait_for_signal},
};

/// Reaps zombies until SIGTERM or SIGINT arrives, and then exits with status 0.
pub fn run<P: Policy>(standalone: Standalone, policy: &P) -> ! {
    if let Err(error) = InheritedSignals::block(standalone) {
        policy.setup_failed(Step::Signals, error);
    }
    loop {
        let _ = sys::reap_zombies();
        if matches!(wait_for_signal(false).signal, Signal::TERM | Signal::INT) {
            process::exit(0);
        }
    }
}
