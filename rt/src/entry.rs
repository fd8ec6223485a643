//! Where a program begins.

/// Makes a function the program: defines `_start` and the panic handler in the crate that calls it.
///
/// - `entry!(main)` with `extern "C" fn main(stack: InitialStack) -> !`: `_start` hands over the initial
///   stack.
/// - `entry!(bare main)` with `fn main() -> i32`, the exit status: the function itself is `_start`. For a
///   program that reads no arguments and keeps nothing on its stack.
///
/// It is a macro, since both symbols in a library would collide with those of the host's test harness.
#[macro_export]
macro_rules! entry {
    (bare $main:path) => {
        /// Where the kernel starts the program.
        ///
        /// On x86 a function finds its stack one word off the alignment that the kernel leaves here. That is
        /// of no consequence to a program that puts nothing there.
        // SAFETY: the one symbol of this name in a program that links no C runtime.
        #[unsafe(no_mangle)]
        extern "C" fn _start() -> ! {
            $crate::process::exit_bare($main())
        }

        $crate::no_panic!();
    };
    ($main:path) => {
        /// Where the kernel starts the program.
        // SAFETY: the one symbol of this name in a program that links no C runtime.
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        extern "C" fn _start() -> ! {
            const MAIN: extern "C" fn($crate::stack::InitialStack) -> ! = $main;
            ::core::arch::naked_asm!($crate::start!(), main = sym $main)
        }

        $crate::no_panic!();
    };
}

/// Defines the panic handler that no program may reach: in a release build, one that survives is a link
/// error whose symbol says so. A debug build keeps its checks, so there it ends the process. (Tools that look
/// at all targets compile programs as tests, too, which have a handler.)
#[doc(hidden)]
#[macro_export]
macro_rules! no_panic {
    () => {
        #[cfg(not(test))]
        #[panic_handler]
        fn panic(_: &::core::panic::PanicInfo<'_>) -> ! {
            #[cfg(debug_assertions)]
            $crate::process::trap();
            #[cfg(not(debug_assertions))]
            {
                unsafe extern "C" {
                    safe fn mote_a_panic_path_survived_rewrite_the_code_so_that_it_cannot_fail() -> !;
                }
                mote_a_panic_path_survived_rewrite_the_code_so_that_it_cannot_fail()
            }
        }

        /// What `core` as it comes with a toolchain names for unwinding through it, where panics survive.
        // SAFETY: nothing unwinds, so nothing calls it.
        #[cfg(all(debug_assertions, not(test)))]
        #[unsafe(no_mangle)]
        extern "C" fn rust_eh_personality() {}
    };
}

/// Defines `memset` and `memcpy` in the crate that calls it, for a program in which the compiler fills or copies
/// memory by calling them. `compiler_builtins` has them only if it was built to.
#[macro_export]
macro_rules! memory_functions {
    () => {
        /// Fills `count` bytes.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memset(to: *mut u8, byte: i32, count: usize) -> *mut u8 {
            let mut at = 0;
            while at < count {
                // SAFETY: the caller lends `count` bytes. Volatile, or this loop would become a call of itself.
                unsafe { to.wrapping_add(at).write_volatile(byte as u8) };
                at += 1;
            }
            to
        }

        /// Copies `count` bytes.
        // SAFETY: the one symbol of this name, with the meaning that it has in C.
        #[cfg(not(test))]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
            let mut at = 0;
            while at < count {
                // SAFETY: the caller lends `count` bytes of each.
                let byte = unsafe { *from.wrapping_add(at) };
                // SAFETY: as above. Volatile, or this loop would become a call of itself.
                unsafe { to.wrapping_add(at).write_volatile(byte) };
                at += 1;
            }
            to
        }
    };
}
