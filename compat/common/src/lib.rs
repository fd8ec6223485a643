//! What the drop-in replacements of other projects' programs share: messages in the form that scripts read.
//!
//! **Internal to mote.** This crate is published because `cargo install` needs it. It promises no stability: any
//! release may change any item.
//!
//! # Example
//!
//! ```
//! use mote_compat::{Values, write_line};
//! use mote_rt::{Errno, sys::Fd, text};
//!
//! // tool: chdir /root failed: Permission denied
//! let values = Values { program: text!("tool"), string: text!("/root"), numbers: [Errno::EACCES.number(), 0] };
//! write_line(Fd::STDERR, text!("%p: "), text!("chdir %s failed: %e"), &values);
//! ```

#![no_std]
#![forbid(unsafe_code)]

mod format;
mod long;
mod strerror;

pub use format::{
    MESSAGE_SIZE, RESERVE, Values, complain, format, invalid_option, missing_argument, show, write_line,
};
pub use long::is_abbreviation;
pub use strerror::push_strerror;
