//! Signals and sets of signals.

use core::num::NonZeroU8;

use linux_raw_sys::general;

/// A signal, by its number: 1 to 64 (signal(7)).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signal(NonZeroU8);

/// Defines the constants of the standard signals in use.
macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident = $raw:ident;)*) => {
        impl Signal {
            $($(#[$doc])* pub const $name: Self = Self::new(general::$raw).expect("1 to 64");)*
        }
    };
}

signals! {
    /// Hang-up of the terminal.
    HUP = SIGHUP;
    /// Interrupt from the terminal.
    INT = SIGINT;
    /// Quit from the terminal.
    QUIT = SIGQUIT;
    /// Can't be caught or ignored.
    KILL = SIGKILL;
    /// Write to a pipe without a reader.
    PIPE = SIGPIPE;
    /// Expiry of a timer.
    ALRM = SIGALRM;
    /// Request to end.
    TERM = SIGTERM;
    /// A child died, stopped or continued.
    CHLD = SIGCHLD;
    /// Continue if stopped.
    CONT = SIGCONT;
    /// Stop that can't be caught or ignored.
    STOP = SIGSTOP;
    /// Stop from the terminal.
    TSTP = SIGTSTP;
    /// Read from the terminal by a background process.
    TTIN = SIGTTIN;
    /// Write to the terminal by a background process.
    TTOU = SIGTTOU;
    /// Write beyond the limit of file size.
    XFSZ = SIGXFSZ;
}

impl Signal {
    /// The largest number of a signal.
    pub const MAX: u8 = 64;

    /// The largest number of a standard signal. Those above it are real-time signals.
    pub const MAX_STANDARD: u8 = 31;

    /// Returns the signal with this number, if there is one.
    pub const fn new(number: u32) -> Option<Self> {
        if number > Self::MAX as u32 {
            return None;
        }
        match NonZeroU8::new(number as u8) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns the number, from 1 to 64.
    pub const fn number(self) -> u8 {
        self.0.get()
    }
}

/// Words of a set.
const WORDS: usize = (Signal::MAX as usize).div_ceil(usize::BITS as usize);

/// A set of signals, in the layout of the kernel's `sigset_t`: words of the architecture, of which the lowest bit of the
/// first one is signal 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct SignalSet([usize; WORDS]);

const _: () = assert!(size_of::<SignalSet>() == size_of::<general::kernel_sigset_t>());

impl SignalSet {
    /// Every signal.
    pub const ALL: Self = Self([!0; WORDS]);

    /// No signal.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// Returns the set of these signals.
    pub const fn of(signals: &[Signal]) -> Self {
        let mut set = Self::EMPTY;
        let mut index = 0;
        while index < signals.len() {
            set.insert(signals[index]);
            index += 1;
        }
        set
    }

    /// Adds a signal.
    pub const fn insert(&mut self, signal: Signal) {
        let (word, bit) = Self::place(signal);
        self.0[word] |= 1 << bit;
    }

    /// Returns whether the signal is in the set.
    pub const fn contains(self, signal: Signal) -> bool {
        let (word, bit) = Self::place(signal);
        self.0[word] >> bit & 1 != 0
    }

    /// Returns the word of a signal, and the bit in it.
    const fn place(signal: Signal) -> (usize, usize) {
        let index = signal.number() as usize - 1;
        // The mask changes nothing, except that the compiler sees that there is such a word.
        ((index / usize::BITS as usize) & (WORDS - 1), index % usize::BITS as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_1_to_64() {
        assert_eq!(Signal::new(0), None);
        assert_eq!(Signal::new(65), None);
        assert_eq!(Signal::new(256 + 15), None);
        assert_eq!(Signal::new(15), Some(Signal::TERM));
        assert_eq!(Signal::new(64).map(Signal::number), Some(64));
    }

    #[test]
    fn a_set_holds_any_signal_and_no_other() {
        for number in 1..=u32::from(Signal::MAX) {
            let signal = Signal::new(number).expect("1 to 64");
            let set = SignalSet::of(&[signal]);
            for other in (1..=u32::from(Signal::MAX)).filter_map(Signal::new) {
                assert_eq!(set.contains(other), other == signal);
            }
        }
        assert!(!SignalSet::EMPTY.contains(Signal::HUP) && SignalSet::ALL.contains(Signal::HUP));
    }
}
