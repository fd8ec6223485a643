//! Runtime of the mote programs: the layer between them and the Linux kernel, in place of a
//! C library.
//!
//! **Internal to mote.** This crate is published because `cargo install` needs it. It promises no stability: any
//! release may change any item.
//!
//! There are three levels:
//!
//! 1. The system-call instruction, from the `syscalls` crate, and [`arch`] for the few other instructions that differ
//!    by architecture.
//! 2. Typed calls in [`sys`]. A wrapper of one system call has that call's name.
//! 3. Programs. A program declares where it begins with [`entry!`] and gets an [`InitialStack`]. It contains no
//!    system-call number and no assembly.
//!
//! Raw pointers, assembly and `unsafe` stay in this crate. No safe function here can be misused, by a crate of mote or
//! by any other: what would be unsound in a program with a C library, with the standard library or with threads
//! takes a [`Standalone`], which only [`entry!`] hands out.
//!
//! # Example
//!
//! A program that prints its first argument. Its first lines are `#![no_std]` and `#![no_main]`, its build script calls
//! `mote_linker::configure`, and its profile has `panic = "abort"`.
//!
//! ```
//! use mote_rt::{InitialStack, process, sys};
//!
//! # #[cfg(panic = "abort")] // A documentation test can unwind, and has an entry point of its own.
//! mote_rt::entry!(program);
//!
//! extern "C" fn program(stack: InitialStack) -> ! {
//!     let (_, args, _) = stack.into_parts();
//!     let Some(argument) = args.get(1) else { process::exit(1) };
//!     let bytes = argument.to_bytes();
//!     process::exit(i32::from(sys::write(sys::Fd::STDOUT, bytes) != Ok(bytes.len())))
//! }
//! # fn main() {}
//! ```

#![no_std]
#![deny(unsafe_code)]

#[allow(unsafe_code)]
pub mod arch;
mod builtins;
#[allow(unsafe_code)]
mod command;
#[allow(unsafe_code)]
mod cstr;
mod entry;
#[allow(unsafe_code)]
mod env;
mod errno;
// Only because `text!` contains `unsafe` on x86, which the lint sees in this crate alone.
#[allow(unsafe_code)]
pub mod execvp;
pub mod io;
mod pid;
pub mod process;
mod signal;
#[allow(unsafe_code)]
mod stack;
#[allow(unsafe_code)]
mod string_buf;
#[allow(unsafe_code)]
mod string_list;
#[allow(unsafe_code)]
pub mod sys;

pub use command::{Command, Strings};
#[doc(hidden)]
pub use cstr::c_str;
pub use cstr::{ThinCStr, ThinCStrs};
pub use env::Environment;
pub use errno::Errno;
pub use execvp::execvp;
pub use pid::{Pid, WaitStatus};
pub use signal::{Signal, SignalSet};
pub use stack::{Args, InitialStack, Standalone};
pub use string_buf::StringBuf;
pub use string_list::StringList;
