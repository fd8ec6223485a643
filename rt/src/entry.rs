//! Where a program begins.

/// Makes a function the program: defines `_start`, the panic handler and what the compiler calls for memory, in the
/// crate that calls it.
///
/// - `entry!(main)` with `extern "C" fn main(stack: InitialStack) -> !`: `_start` hands over the initial
///   stack.
/// - `entry!(bare main)` with `fn main() -> i32`, the exit status: the function itself is `_start`. For a
///   program that reads no arguments and keeps nothing on its stack.
///
/// It is a macro, since its symbols in a library would collide with those of the host's test harness.
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
        $crate::memory_functions!();
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
        $crate::memory_functions!();
    };
}

/// Defines the panic handler that no program may reach: in a shipped file, one that survives is a link error
/// whose symbol says so. A debug build keeps its checks and a host's settings are anybody's, so there it ends
/// the process. (Tools that look at all targets compile programs as tests, too, which have a handler.)
#[doc(hidden)]
#[macro_export]
macro_rules! no_panic {
    () => {
        // Outside of the workspace a program is compiled with the settings of whoever does it.
        #[cfg(all(panic = "unwind", not(any(doc, test))))]
        ::core::compile_error!(::core::concat!(
            "a program without the standard library can't unwind: its profile needs `panic = \"abort\"`, as in \
             `CARGO_PROFILE_RELEASE_PANIC=abort cargo install ",
            ::core::env!("CARGO_PKG_NAME"),
            "`"
        ));

        #[cfg(not(test))]
        #[panic_handler]
        fn panic(_: &::core::panic::PanicInfo<'_>) -> ! {
            #[cfg(any(debug_assertions, not(target_env = "musl")))]
            $crate::process::trap();
            #[cfg(not(any(debug_assertions, not(target_env = "musl"))))]
            {
                unsafe extern "C" {
                    safe fn mote_a_panic_path_survived_rewrite_the_code_so_that_it_cannot_fail() -> !;
                }
                mote_a_panic_path_survived_rewrite_the_code_so_that_it_cannot_fail()
            }
        }

        /// What `core` as it comes with a toolchain names for unwinding through it, where panics survive.
        // SAFETY: nothing unwinds, so nothing calls it.
        #[cfg(all(any(debug_assertions, not(target_env = "musl")), not(test)))]
        #[unsafe(no_mangle)]
        extern "C" fn rust_eh_personality() {}
    };
}
