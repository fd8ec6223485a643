//! Descriptions of errors.

use mote_rt::{StringBuf, ThinCStr, table};

/// Descriptions in the words of the GNU C library, behind the numbers of their errors: of the errors that starting a
/// program can meet. These numbers are the same on every architecture of mote.
const DESCRIPTIONS: &[u8] =
    b"1=Operation not permitted;2=No such file or directory;7=Argument list too long;\
8=Exec format error;11=Resource temporarily unavailable;12=Cannot allocate memory;13=Permission denied;\
20=Not a directory;26=Text file busy;40=Too many levels of symbolic links;79=Its interpreter or loader is missing\0";

/// Appends the description of an error, or its number if it has none.
pub fn push_strerror(string: &mut StringBuf<'_>, error: u32) {
    let mut descriptions = Some(ThinCStr::from(table!(DESCRIPTIONS)));
    while let Some(mut description) = descriptions {
        if description.take_u32() == Some(error) && description.take_byte(b'=') {
            return string.push_until(description, b';', 0);
        }
        descriptions = description.behind(b';');
    }
    string.push_decimal(error);
}

#[cfg(test)]
mod tests {
    extern crate std;
    use mote_rt::Errno;

    use super::*;

    fn description(error: u32) -> std::string::String {
        let mut memory = [core::mem::MaybeUninit::uninit(); 64];
        let mut string = StringBuf::new(&mut memory);
        push_strerror(&mut string, error);
        std::string::String::from_utf8_lossy(string.as_bytes()).into()
    }

    #[test]
    fn descriptions_are_those_of_the_c_library() {
        let mut known = 0;
        for number in 1..4096 {
            let text = description(number);
            if text == std::format!("{number}") {
                continue;
            }
            if number == Errno::ELIBACC.number() {
                assert_eq!(text, "Its interpreter or loader is missing");
                continue;
            }
            let expected = std::io::Error::from_raw_os_error(number as i32);
            assert_eq!(std::format!("{text} (os error {number})"), std::format!("{expected}"));
            known += 1;
        }
        assert_eq!(known, 10);
    }

    #[test]
    fn the_errors_have_these_numbers() {
        let numbers = [
            (Errno::EPERM, 1),
            (Errno::ENOENT, 2),
            (Errno::E2BIG, 7),
            (Errno::ENOEXEC, 8),
            (Errno::EAGAIN, 11),
            (Errno::ENOMEM, 12),
            (Errno::EACCES, 13),
            (Errno::ENOTDIR, 20),
            (Errno::ETXTBSY, 26),
            (Errno::ELOOP, 40),
        ];
        assert!(numbers.iter().all(|(error, number)| error.number() == *number));
    }
}
