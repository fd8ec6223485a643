//! Messages in the forms of other projects, whose users' scripts read them.

use mote_rt::{buffer::Text, string::StackStr, table, text};

use crate::words::ERRORS;

/// What the C library says of errors, as a table for [`append`]: by their numbers plus [`ERRORS`].
pub const EXPLANATIONS: &[u8] =
    b"\xc1Operation not permitted\xc2No such file or directory\xc7Argument list too long\
\xc8Exec format error\xcbResource temporarily unavailable\xccCannot allocate memory\xcdPermission denied\
\xd4Not a directory\xdaText file busy\
\xe8Too many levels of symbolic links";

/// The same, for programs that need no other words.
#[inline(always)]
pub fn explanations() -> StackStr {
    const TABLE: &[u8] = &crate::joined!(EXPLANATIONS, b"");
    table!(TABLE).into()
}

/// Appends a message. In it stand `%s` for the string, `%d` and `%2` for the first and the second number; and for the
/// first number also `%c`, the byte, `%n`, the table's word, and `%e`, the table's word for an error of that number.
/// What has no word is told as a number.
#[inline(never)]
pub fn append(text: &mut Text<'_>, table: StackStr, message: StackStr, string: StackStr, numbers: [u32; 2]) {
    let ([first, second], mut rest) = (numbers, message);
    while rest.first() != 0 {
        let mut byte = rest.first();
        rest = rest.rest();
        if byte == b'%' {
            let kind = rest.first();
            rest = rest.rest();
            if kind == b's' {
                text.string(string);
                continue;
            }
            if kind != b'c' {
                word(text, table, kind, if kind == b'2' { second } else { first });
                continue;
            }
            byte = first as u8;
        }
        text.byte(byte);
    }
}

/// Appends what a table has for a number, if it is to be a word at all, or the number.
#[inline(always)]
fn word(text: &mut Text<'_>, table: StackStr, kind: u8, number: u32) {
    let before = text.length();
    let key = if kind == b'e' { number + u32::from(ERRORS) } else { number };
    if matches!(kind, b'e' | b'n') && key < 128 {
        text.entry(table, key as u8);
    }
    if text.length() == before {
        text.number(number);
    }
}

/// Writes a line about a command line as `getopt(3)` does: the program's name, and a message, in which `%s` stands for
/// the word that is wrong and `%c` for the letter.
#[inline(never)]
pub fn complain(program: StackStr, message: StackStr, word: StackStr, letter: u8) {
    let mut memory = Text::memory();
    let mut text = Text::new(&mut memory);
    text.string(program);
    append(&mut text, StackStr::empty(), message, word, [letter.into(), 0]);
    text.byte(b'\n');
    text.send();
}

/// What is said of a letter that is no option.
#[inline(always)]
pub fn invalid() -> StackStr {
    text!(": invalid option -- '%c'")
}

/// What is said of an option that lacks its value.
#[inline(always)]
pub fn lacking() -> StackStr {
    text!(": option requires an argument -- '%c'")
}

#[cfg(test)]
mod tests {
    extern crate std;
    use core::ffi::CStr;
    use std::string::String;

    use super::*;
    use crate::words::SIGNALS;

    const TABLE: &[u8] = &crate::joined!(SIGNALS, EXPLANATIONS);

    fn text(message: &'static CStr, string: &'static CStr, numbers: [u32; 2]) -> String {
        let mut memory = Text::memory();
        let mut text = Text::new(&mut memory);
        append(&mut text, table!(TABLE).into(), message.into(), string.into(), numbers);
        String::from_utf8_lossy(text.as_bytes()).into()
    }

    #[test]
    fn a_message_has_its_string_and_its_numbers() {
        assert_eq!(text(c"[%d] %s%s: %2", c"ab", [7, 4_294_967_295]), "[7] abab: 4294967295");
        assert_eq!(text(c"nothing", c"ab", [1, 2]), "nothing");
    }

    #[test]
    fn a_letter_is_a_byte() {
        assert_eq!(text(c"-- '%c'", c"", [b'x'.into(), 0]), "-- 'x'");
    }

    #[test]
    fn words_are_signals_and_errors() {
        assert_eq!(text(c"SIG%n", c"", [15, 0]), "SIGTERM");
        assert_eq!(text(c"%s: %e", c"ab", [2, 0]), "ab: No such file or directory");
        assert_eq!(text(c"errno=%d %e", c"", [13, 0]), "errno=13 Permission denied");
    }

    #[test]
    fn what_has_no_word_is_a_number() {
        assert_eq!(text(c"%n", c"", [40, 0]), "40");
        for number in [63, 64, 133, 4095] {
            assert_eq!(text(c"%e", c"", [number, 0]), std::format!("{number}"));
        }
    }

    #[test]
    fn explanations_are_those_of_the_c_library() {
        for number in 1..64 {
            let said = text(c"%e", c"", [number, 0]);
            if said.parse() != Ok(number) {
                let expected = std::io::Error::from_raw_os_error(number as i32);
                assert_eq!(std::format!("{said} (os error {number})"), std::format!("{expected}"));
            }
        }
    }
}
