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

use syscalls::raw;

use crate::Errno;

/// Converts the returned value of a call that returns 0 on success.
#[inline(always)]
fn unit(returned: usize) -> Result<(), Errno> {
    Errno::unit_result(returned)
}

/// Makes a system call that takes a time, by the first number, or by the second one if the kernel lacks the first:
/// 32-bit architectures have a form for 32-bit times and another one for 64-bit times.
///
/// # Safety
///
/// As that of the system call. The time is a null pointer, or points to 16 bytes that are zeros.
#[inline(always)]
pub(crate) unsafe fn syscall4_with_time(numbers: [usize; 2], arguments: [usize; 4]) -> usize {
    let [number, number_of_time64] = numbers;
    let [first, second, third, fourth] = arguments;
    // SAFETY: the caller's promise.
    let returned = unsafe { raw::syscall4(number, first, second, third, fourth) };
    if number == number_of_time64 || Errno::unit_result(returned) != Err(Errno::ENOSYS) {
        return returned;
    }
    // SAFETY: the caller's promise. Zeros are the same time in both forms.
    unsafe { raw::syscall4(number_of_time64, first, second, third, fourth) }
}
