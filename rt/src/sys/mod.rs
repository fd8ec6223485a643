//! Typed system calls. A wrapper has the name of its call in the kernel or in libc, and returns the kernel's error as
//! [`Errno`].

mod file;
mod memory;
mod process;
mod signal;
mod terminal;
mod user;

pub use file::*;
pub use memory::*;
pub use process::*;
pub use signal::*;
pub use terminal::*;
pub use user::*;

use crate::Errno;

/// Converts the returned value of a call that returns 0 on success.
#[inline(always)]
fn unit(returned: usize) -> Result<(), Errno> {
    Errno::unit_result(returned)
}
