//! Where the program begins and where it ends if it is wrong.

use core::{
    arch::naked_asm,
    ffi::{CStr, c_char},
    slice,
};

use mote_rt::{SignalSet, Standalone, process, sys};

use crate::roles;

/// Where the kernel starts the program.
// SAFETY: the one symbol of this name in a program that links no C runtime.
#[unsafe(no_mangle)]
#[unsafe(naked)]
extern "C" fn _start() -> ! {
    naked_asm!(mote_rt::start!(), main = sym main)
}

extern "C" fn main(stack: *const usize) -> ! {
    // The program has no other thread and no library.
    let _ = sys::sigprocmask(SignalSet::ALL);
    // SAFETY: an initial stack begins with the number of arguments.
    let count = unsafe { *stack };
    // SAFETY: the arguments follow, so many strings.
    let words = unsafe { slice::from_raw_parts(stack.wrapping_add(1).cast::<*const c_char>(), count) };
    let mut all = [c""; 8];
    for (slot, word) in all.iter_mut().zip(words) {
        // SAFETY: each is a string that lives as long as the process.
        *slot = unsafe { CStr::from_ptr(*word) };
    }
    process::exit(roles::play(&all, Environment(stack.wrapping_add(count + 2).cast())))
}

/// Returns the proof that the program has the process to itself.
pub(crate) const fn standalone() -> Standalone {
    // SAFETY: the program begins at the `_start` above, starts no thread, and links neither a C library nor the standard
    // library.
    unsafe { Standalone::assume() }
}

/// The environment of the process.
#[derive(Clone, Copy)]
pub(crate) struct Environment(*const *const c_char);

impl Environment {
    /// Whether this variable is in it, which is written as `NAME=value`.
    pub(crate) fn has(self, variable: &CStr) -> bool {
        self.any(|candidate| candidate == variable.to_bytes())
    }

    /// Whether a variable of this name is in it; the name ends in `=`.
    pub(crate) fn has_name(self, name: &str) -> bool {
        self.any(|candidate| candidate.starts_with(name.as_bytes()))
    }

    /// Returns the size of a page in bytes, from the auxiliary vector.
    pub(crate) fn page_size(self) -> usize {
        const AT_NULL: usize = 0;
        const AT_PAGESZ: usize = 6;
        let mut at = self.0.cast::<usize>();
        // SAFETY: an entry of the array, at most the null that ends it.
        while unsafe { *at } != 0 {
            at = at.wrapping_add(1);
        }
        loop {
            // SAFETY: the auxiliary vector follows in pairs, up to one of type AT_NULL.
            let kind = unsafe { *at.wrapping_add(1) };
            // SAFETY: as above.
            let value = unsafe { *at.wrapping_add(2) };
            match kind {
                AT_NULL => return 0,
                AT_PAGESZ => return value,
                _ => at = at.wrapping_add(2),
            }
        }
    }

    fn any(self, fits: impl Fn(&[u8]) -> bool) -> bool {
        let mut at = self.0;
        loop {
            // SAFETY: an entry of the array, at most the null that ends it.
            let variable = unsafe { *at };
            if variable.is_null() {
                return false;
            }
            // SAFETY: a string that lives as long as the process.
            if fits(unsafe { CStr::from_ptr(variable) }.to_bytes()) {
                return true;
            }
            at = at.wrapping_add(1);
        }
    }
}

#[cfg(not(test))]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    crate::report::line(format_args!("# driver: {info}"));
    process::exit(101)
}

/// What `core` as it comes with a toolchain names for unwinding through it.
// SAFETY: nothing unwinds, so nothing calls it.
#[cfg(all(debug_assertions, not(test)))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
