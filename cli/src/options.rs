//! Options as getopt_long(3) takes them from a command line.

use mote_rt::{Args, Command, ThinCStr, text};

/// An option.
#[derive(Clone, Copy)]
pub enum Opt {
    /// A letter behind one dash, alone or in a cluster.
    Short(u8),
    /// A name behind two dashes, and perhaps `=` and a value.
    Long(ThinCStr<'static>),
}

/// The arguments of a program, from which options are taken one by one.
///
/// `CAN_PERMUTE` is whether the program allows options behind operands at all.
pub struct Options<const CAN_PERMUTE: bool> {
    args: Args,
    /// The index of the next argument to look at.
    next: usize,
    /// The argument that was looked at last, if there was one.
    current: Option<ThinCStr<'static>>,
    /// The letters of a cluster that are still to be taken.
    letters: Option<ThinCStr<'static>>,
    /// Whether options may stand behind operands, up to `--`.
    permutes: bool,
    /// The index behind the operands that were moved to the front of the arguments.
    operands_end: usize,
}

impl<const CAN_PERMUTE: bool> Options<CAN_PERMUTE> {
    /// Takes the arguments, the program's own name first.
    pub fn new(args: Args) -> Self {
        Self { args, next: 1, current: None, letters: None, permutes: CAN_PERMUTE, operands_end: 1 }
    }

    /// Ends the options at the first operand, as getopt(3) does if `POSIXLY_CORRECT` is set.
    pub fn stop_at_operand(&mut self) {
        self.permutes = false;
    }

    fn permutes(&self) -> bool {
        CAN_PERMUTE && self.permutes
    }

    /// Takes the next option, if there is one before the operands.
    pub fn take(&mut self) -> Option<Opt> {
        if self.letters.is_none() {
            let argument = self.next_option_argument()?;
            let Some(long) = argument.strip_prefix(text!("-")) else {
                self.letters = Some(argument);
                return self.take();
            };
            if long.is_empty() {
                // `--` ends the options.
                return None;
            }
            return Some(Opt::Long(long));
        }
        let (letter, rest) = self.letters?.split_first()?;
        self.letters = (!rest.is_empty()).then_some(rest);
        Some(Opt::Short(letter))
    }

    /// Returns what follows the dash of the next argument that contains options.
    fn next_option_argument(&mut self) -> Option<ThinCStr<'static>> {
        loop {
            self.current = self.args.get(self.next);
            let argument = self.current?;
            if let Some(letters) = argument.strip_prefix(text!("-"))
                && !letters.is_empty()
            {
                self.next += 1;
                return Some(letters);
            }
            if !self.permutes() {
                return None;
            }
            self.move_operand(argument);
        }
    }

    /// Takes the value of the option that was taken last: the rest of its cluster, or else the next argument.
    pub fn value(&mut self) -> Option<ThinCStr<'static>> {
        self.letters.take().or_else(|| {
            self.next += 1;
            self.args.get(self.next - 1)
        })
    }

    /// Returns the argument that contains the option that was taken last; after the last option the argument that ended
    /// them, if there is one.
    pub fn current(&self) -> Option<ThinCStr<'static>> {
        self.current
    }

    /// Returns the operands as a command, if there are any.
    pub fn into_command(mut self) -> Option<Command> {
        if !self.permutes() {
            let count = self.args.count();
            return self.args.into_command(self.next, count);
        }
        while let Some(operand) = self.args.get(self.next) {
            self.move_operand(operand);
        }
        self.args.into_command(1, self.operands_end)
    }

    /// Moves the next argument behind the operands at the front.
    fn move_operand(&mut self, operand: ThinCStr<'static>) {
        self.args.set(self.operands_end, operand);
        self.operands_end += 1;
        self.next += 1;
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
