//! Signals and sets of them.

use linux_raw_sys::general;

/// A signal's number, from 1 to 64.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signal(u8);

impl Signal {
    /// A child died, stopped or continued.
    pub const CHLD: Self = Self(general::SIGCHLD as u8);
    /// Interrupt from a terminal.
    pub const INT: Self = Self(general::SIGINT as u8);
    /// The polite request to end.
    pub const TERM: Self = Self(general::SIGTERM as u8);

    /// A timer's end.
    pub const ALRM: Self = Self(general::SIGALRM as u8);
    /// Continue, if stopped.
    pub const CONT: Self = Self(general::SIGCONT as u8);
    /// The end that can't be refused.
    pub const KILL: Self = Self(general::SIGKILL as u8);
    /// A pipe that nobody reads.
    pub const PIPE: Self = Self(general::SIGPIPE as u8);
    /// A file that may not grow.
    pub const XFSZ: Self = Self(general::SIGXFSZ as u8);
    /// Quit from a terminal.
    pub const QUIT: Self = Self(general::SIGQUIT as u8);

    /// A stop that can't be refused.
    pub const STOP: Self = Self(general::SIGSTOP as u8);
    /// A stop from a terminal.
    pub const TSTP: Self = Self(general::SIGTSTP as u8);
    /// Read from a terminal in the background.
    pub const TTIN: Self = Self(general::SIGTTIN as u8);
    /// Write to a terminal from the background.
    pub const TTOU: Self = Self(general::SIGTTOU as u8);
    /// The terminal is gone.
    pub const HUP: Self = Self(general::SIGHUP as u8);

    /// No signal: sending it does nothing.
    pub const NONE: Self = Self(0);

    /// The largest number.
    pub const MAX: u8 = 64;

    /// The signal with this number. The kernel refuses one that does not exist.
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// The number that the kernel knows it by.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// A set of signals up to 31, for looking one up.
#[derive(Clone, Copy)]
pub struct Signals(u32);

impl Signals {
    /// The set of these.
    pub const fn of(signals: &[Signal]) -> Self {
        let (mut set, mut at) = (0, 0);
        while at < signals.len() {
            set |= 1 << signals[at].0;
            at += 1;
        }
        Self(set)
    }

    /// Whether the signal is one of them.
    #[inline(always)]
    pub const fn contains(self, signal: Signal) -> bool {
        signal.0 < 32 && self.0 >> signal.0 & 1 != 0
    }
}

/// The kernel's signal set.
pub type SigSet = general::kernel_sigset_t;

/// Every signal.
pub const ALL: SigSet = SigSet { sig: [!0; _] };

/// The set of these, which are at most 31.
pub const fn set_of(signals: &[Signal]) -> SigSet {
    let mut set = SigSet { sig: [0; _] };
    // The lowest bit is that of signal 1.
    set.sig[0] = (Signals::of(signals).0 >> 1) as _;
    set
}

/// What the kernel wants to be told with each set: its size in bytes.
pub(crate) const SIGSET_SIZE: usize = size_of::<SigSet>();
