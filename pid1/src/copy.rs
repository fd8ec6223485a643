//! The program as a file of its own (`--copy-to`).

use mote_rt::{
    Errno, StringBuf, ThinCStr, process,
    sys::{self, Fd},
    text,
};

/// Readable and executable for everybody, and writable for the owner.
const MODE: u32 = 0o755;

/// Writes this program to a file, which it replaces atomically, and exits with 0. Returns only on failure, with the
/// error. A file that was there is then unchanged.
pub(crate) fn copy_to(file: ThinCStr<'static>) -> Errno {
    // Another name beside the file, since two containers may write to the same volume at once.
    let Some(mut name) = StringBuf::with_capacity(file.to_bytes().len() + ".4294967295".len()) else {
        return Errno::ENOMEM;
    };
    name.push_str(file);
    name.push(b'.');
    name.push_decimal(sys::getrandom());
    let temporary = name.as_c_str();
    let copy = match sys::create_new(temporary, MODE) {
        Ok(copy) => copy,
        Err(error) => return error,
    };
    match fill(copy).and_then(|()| sys::rename(temporary, file)) {
        Ok(()) => process::exit(0),
        Err(error) => {
            let _ = sys::unlink(temporary);
            error
        }
    }
}

/// Writes this program, and sets the mode, from which the umask was subtracted.
fn fill(copy: Fd) -> Result<(), Errno> {
    let program = sys::open(text!("/proc/self/exe"))?;
    while sys::sendfile(copy, program)? != 0 {}
    sys::fchmod(copy, MODE)
}
