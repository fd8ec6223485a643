//! Lines on the console.

use core::{
    ffi::CStr,
    fmt::{self, Write},
};

use crate::call;

/// A NUL-terminated text of limited length. It drops further bytes.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Text {
    const ROOM: usize = 112;

    pub(crate) fn of(arguments: fmt::Arguments<'_>) -> Self {
        let mut text = Self { bytes: [0; Self::ROOM], length: 0 };
        // It never fails.
        let _ = text.write_fmt(arguments);
        text
    }

    pub(crate) fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.length + 1 < Self::ROOM {
                self.bytes[self.length] = byte;
                self.length += 1;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(core::str::from_utf8(&self.bytes[..self.length]).unwrap_or("?"))
    }
}

/// The result of a case. An error holds the reason.
pub(crate) type Check<T = ()> = Result<T, Text>;

/// Returns an error with a reason unless a condition holds.
macro_rules! ensure {
    ($holds:expr, $($reason:tt)+) => {
        if !$holds {
            return Err($crate::report::Text::of(format_args!($($reason)+)));
        }
    };
}
pub(crate) use ensure;

/// Checks a value.
pub(crate) fn same<T: PartialEq + fmt::Debug>(what: &str, found: T, expected: T) -> Check {
    ensure!(found == expected, "{what}: {found:?} and not {expected:?}");
    Ok(())
}

/// Writes a line to the console in one call. It begins with a newline too, because an emulated serial line may lose the
/// one before.
pub(crate) fn line(arguments: fmt::Arguments<'_>) {
    let mut text = Text::of(format_args!("\n{arguments}"));
    text.length = text.length.min(Text::ROOM - 2);
    let _ = text.write_char('\n');
    call::write(1, &text.bytes[..text.length]);
}

/// Writes the line of a case.
pub(crate) fn case(name: fmt::Arguments<'_>, check: Check) {
    match check {
        Ok(()) => line(format_args!("{name} ok")),
        Err(reason) => line(format_args!("{name} FAILED {reason}")),
    }
}
