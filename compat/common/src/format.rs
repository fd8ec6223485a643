//! Messages from a format with placeholders.

use core::mem::MaybeUninit;

use mote_rt::{
    StringBuf, ThinCStr, process,
    sys::{self, Fd},
    text,
};

use crate::push_strerror;

/// The size of a message, and of a NUL.
pub const MESSAGE_SIZE: usize = 513;

/// Bytes of a message that a long string leaves to the text behind it.
pub const RESERVE: usize = 64;

/// The values of placeholders.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The value of `%p`.
    pub program: ThinCStr<'a>,
    /// The value of `%s`.
    pub string: ThinCStr<'a>,
    /// The values of `%d` and `%2`. The first is also that of `%c`, as a byte, and of `%e`, as an error.
    pub numbers: [u32; 2],
}

/// Appends a message. Its placeholders are `%p` and `%s`, strings that are cut if they are too long; `%d` and `%2`, the
/// first and the second number; `%c`, a character; `%e`, the description of an error, or its number if it has none.
pub fn format(message: &mut StringBuf<'_>, format: ThinCStr<'_>, values: &Values<'_>) {
    let [first, second] = values.numbers;
    let mut rest = format;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'%' {
            message.push(byte);
            continue;
        }
        let Some((placeholder, behind)) = rest.split_first() else { return };
        rest = behind;
        match placeholder {
            b'p' => message.push_until(values.program, 0, RESERVE),
            b's' => message.push_until(values.string, 0, RESERVE),
            b'c' => message.push(first as u8),
            b'2' => message.push_decimal(second),
            b'e' => push_strerror(message, first),
            _ => message.push_decimal(first),
        }
    }
}

/// Writes a line: a prefix and a message, which may both have placeholders. A line that can't be written at once is
/// lost.
pub fn write_line(fd: Fd, prefix: ThinCStr<'_>, message: ThinCStr<'_>, values: &Values<'_>) {
    let mut memory = [MaybeUninit::uninit(); MESSAGE_SIZE];
    let mut line = StringBuf::new(&mut memory);
    format(&mut line, prefix, values);
    format(&mut line, message, values);
    line.push(b'\n');
    sys::write_nonblocking(fd, line.as_bytes());
}

/// Writes a text of any length in which `%p` is the program's name, and exits with `status`; with another if the text
/// can't be written.
pub fn show(fd: Fd, status: i32, text: ThinCStr<'static>, name: ThinCStr<'_>) -> ! {
    // No text contains the name more than twice.
    let capacity = text.to_bytes().len() + 2 * name.to_bytes().len() + RESERVE;
    let Some(mut output) = StringBuf::with_capacity(capacity) else { process::exit(1) };
    format(&mut output, text, &Values { program: name, string: text!(""), numbers: [0; 2] });
    let bytes = output.as_bytes();
    process::exit(status | i32::from(sys::write(fd, bytes) != Ok(bytes.len())))
}

/// Reports an error in a command line as getopt(3) does: the program's name and a message, with `string` as its `%s`
/// and
/// `letter` as its `%c`.
pub fn complain(program: ThinCStr<'_>, message: ThinCStr<'static>, string: ThinCStr<'_>, letter: u8) {
    write_line(Fd::STDERR, text!("%p"), message, &Values { program, string, numbers: [letter.into(), 0] });
}

/// Reports a letter that is no option.
pub fn invalid_option(program: ThinCStr<'_>, letter: u8) {
    complain(program, text!(": invalid option -- '%c'"), text!(""), letter);
}

/// Reports an option that lacks its value.
pub fn missing_argument(program: ThinCStr<'_>, letter: u8) {
    complain(program, text!(": option requires an argument -- '%c'"), text!(""), letter);
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::ffi::CStr;
    use std::string::String;

    use super::*;

    fn text(message: &CStr, values: &Values<'_>) -> String {
        let mut memory = [MaybeUninit::uninit(); MESSAGE_SIZE];
        let mut line = StringBuf::new(&mut memory);
        format(&mut line, message.into(), values);
        String::from_utf8_lossy(line.as_bytes()).into()
    }

    #[test]
    fn placeholders_are_replaced_by_values() {
        let values = Values { program: c"x".into(), string: c"ab".into(), numbers: [7, u32::MAX] };
        assert_eq!(text(c"%p[%d] %s%s: %2", &values), "x[7] abab: 4294967295");
        assert_eq!(text(c"nothing", &values), "nothing");
        assert_eq!(text(c"-- '%c'", &Values { numbers: [b'x'.into(), 0], ..values }), "-- 'x'");
        assert_eq!(text(c"100%", &values), "100");
    }

    #[test]
    fn errors_are_described_or_numbers() {
        let error = |number| {
            text(c"%s: %e", &Values { program: c"".into(), string: c"ab".into(), numbers: [number, 0] })
        };
        assert_eq!(error(2), "ab: No such file or directory");
        for number in [0, 63, 133, 4095] {
            assert_eq!(error(number), std::format!("ab: {number}"));
        }
    }

    #[test]
    fn a_long_string_leaves_room_for_the_text_behind_it() {
        let long = std::ffi::CString::new("x".repeat(1000)).expect("no NUL");
        let line = text(c"%s!", &Values { program: c"".into(), string: (&*long).into(), numbers: [0; 2] });
        assert_eq!(line.len(), MESSAGE_SIZE - 1 - RESERVE + 1);
        assert!(line.ends_with("x!"));
    }
}
