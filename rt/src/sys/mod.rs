//! Typed system calls: one function each, with the kernel's answer as `Result<_, Errno>`.
//!
//! Safe functions all: a call is here only in a form that can't touch memory that it was not lent.

mod file;
mod identity;
mod memory;
mod process;
mod signal;

pub use file::*;
pub use identity::*;
pub use memory::*;
pub use process::*;
pub use signal::*;

use crate::Errno;

/// The answer of a call that returns nothing but success.
#[inline(always)]
fn done(answer: usize) -> Result<(), Errno> {
    Errno::done(answer)
}
