//! Replacements of signals and of exit statuses.

use mote_rt::Signal;

/// The signal to forward in place of each signal.
#[derive(Default)]
pub struct RewriteTable(ByteTable);

impl RewriteTable {
    /// Sets the replacement of a signal: another, or `None` to drop it.
    pub fn set(&mut self, signal: Signal, replacement: Option<Signal>) {
        self.0.set(signal.number(), replacement.map_or(0, Signal::number));
    }

    /// Returns the signal to forward in place of `signal`, if any.
    pub fn get(&self, signal: Signal) -> Option<Signal> {
        Signal::new(self.0.get(signal.number()).into())
    }
}

/// The exit status in place of each status.
#[derive(Default)]
pub struct StatusTable(ByteTable);

impl StatusTable {
    /// Sets the replacement of a status.
    pub fn set(&mut self, status: u8, replacement: u8) {
        self.0.set(status, replacement);
    }

    /// Returns the status to exit with in place of `status`.
    pub fn get(&self, status: u8) -> u8 {
        self.0.get(status)
    }
}

/// The replacement of each byte, as a difference modulo 256: zeros replace nothing.
struct ByteTable([u8; 256]);

impl ByteTable {
    fn set(&mut self, byte: u8, replacement: u8) {
        self.0[usize::from(byte)] = replacement.wrapping_sub(byte);
    }

    fn get(&self, byte: u8) -> u8 {
        byte.wrapping_add(self.0[usize::from(byte)])
    }
}

impl Default for ByteTable {
    fn default() -> Self {
        Self([0; 256])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signals_that_were_set_are_rewritten() {
        let usr1 = Signal::new(10);
        let mut table = RewriteTable::default();
        table.set(Signal::TERM, Some(Signal::INT));
        table.set(Signal::TERM, Some(Signal::QUIT));
        table.set(Signal::HUP, None);
        for signal in (1..=u32::from(Signal::MAX)).filter_map(Signal::new) {
            let expected = match signal {
                Signal::TERM => Some(Signal::QUIT),
                Signal::HUP => None,
                other => Some(other),
            };
            assert_eq!(table.get(signal), expected);
        }
        let last = Signal::new(64).expect("a signal");
        table.set(last, usr1);
        assert_eq!(table.get(last), usr1);
    }

    #[test]
    fn only_statuses_that_were_set_are_mapped() {
        let mut table = StatusTable::default();
        table.set(0, 255);
        table.set(143, 1);
        table.set(143, 0);
        for status in 0..=u8::MAX {
            let expected = match status {
                0 => 255,
                143 => 0,
                other => other,
            };
            assert_eq!(table.get(status), expected);
        }
    }
}
