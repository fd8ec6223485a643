//! Runtime of mote's programs: what stands between them and the Linux kernel, without a C library.
//!
//! Three levels and no more: the system-call instruction (`syscalls`, and [`arch`] for what only an
//! architecture can say), typed calls in [`sys`], programs. A program declares where it begins with
//! [`entry!`], reads its [`stack::InitialStack`], and contains no number of a system call and no assembly.
//!
//! This crate is the only place with assembly, system-call numbers and raw pointers from the kernel.

#![no_std]
#![deny(unsafe_code)]

#[allow(unsafe_code)]
pub mod arch;
#[allow(unsafe_code)]
pub mod buffer;
mod entry;
#[allow(unsafe_code)]
pub mod env;
pub mod errno;
pub mod getopt;
pub mod io;
mod memory;
pub mod process;
pub mod signal;
#[allow(unsafe_code)]
pub mod stack;
#[allow(unsafe_code)]
pub mod string;
#[allow(unsafe_code)]
pub mod sys;

pub use errno::Errno;
