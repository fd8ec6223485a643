//! Where a program begins.

/// Makes a function the program: defines `_start`, the panic handler, and the functions that the compiler calls to
/// fill, copy and compare memory.
///
/// - `entry!(main)` with `extern "C" fn main(stack: InitialStack) -> !`: `_start` passes the initial stack.
/// - `entry!(bare main)` with `extern "C" fn main() -> !`: for a program that reads no arguments.
///
/// It is a macro because its symbols would collide with those of the test harness if they were in a library.
#[macro_export]
macro_rules! entry {
    (bare $main:path) => {
        $crate::bare_start!($main);
        $crate::panic_handler!();
        $crate::builtins!();
    };
    ($main:path) => {
        /// Where the kernel starts the program.
        // SAFETY: no other symbol has this name, because the program links no C runtime.
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        extern "C" fn _start() -> ! {
            const _: extern "C" fn($crate::InitialStack) -> ! = $main;
            ::core::arch::naked_asm!($crate::start!(), main = sym $main)
        }

        $crate::panic_handler!();
        $crate::builtins!();
    };
}

/// Defines the panic handler. In a shipped file no panic is possible: one that survives optimization is a link error,
/// and the undefined symbol says why. Debug builds keep their checks, and host builds have any settings; there the
/// handler ends the process. (Tools that look at all targets compile programs as tests, which have a handler already.)
#[doc(hidden)]
#[macro_export]
macro_rules! panic_handler {
    () => {
        // A published program is compiled with the settings of the user, not of this workspace.
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

        /// A toolchain's prebuilt `core` refers to this symbol where panics survive.
        // SAFETY: no other symbol has this name, and nothing calls it, because nothing unwinds.
        #[cfg(all(any(debug_assertions, not(target_env = "musl")), not(test)))]
        #[unsafe(no_mangle)]
        extern "C" fn rust_eh_personality() {}
    };
}
