//! User switching: from a user and a group on a command line, by way of `/etc/passwd` and `/etc/group`, to the
//! credentials of the process.
//!
//! **Internal to mote.** This crate is published because `cargo install` needs it. It promises no stability: any
//! release may change any item.
//!
//! Every irregularity is an error, after which no command must run: it would run as another user.
//!
//! # Example
//!
//! ```
//! use mote_rt::{ThinCStr, process};
//! use mote_user::{Spec, UserError};
//!
//! fn fail(_: &Spec, _: UserError) -> ! {
//!     process::exit(1)
//! }
//!
//! /// Becomes the user of a spec such as `alice` or `1000:dialout`.
//! fn become_user(spec: ThinCStr<'static>) {
//!     let Some(spec) = Spec::parse(spec) else { process::exit(1) };
//!     let credentials = spec.look_up(fail);
//!     spec.switch_to(&credentials, fail);
//! }
//! ```

#![no_std]
#![forbid(unsafe_code)]

mod credentials;
mod database;
mod spec;

pub use credentials::{Credentials, Fail};
pub use spec::Spec;

use mote_rt::{Errno, ThinCStr};

/// Why the user was not switched.
#[derive(Clone, Copy)]
pub enum UserError {
    /// The kernel refuses a system call, or a file can't be read, or there is no memory.
    Failed {
        /// The system call or the file.
        subject: ThinCStr<'static>,
        /// The error. EINVAL also stands for a file that is no text.
        error: Errno,
    },
    /// There is no user of this name.
    UnknownUser,
    /// There is no group of this name, or its ID is no number from 0 to 4294967294.
    UnknownGroup,
    /// In the entry of the user, or of one of its groups, an ID is no number from 0 to 4294967294.
    BadIdOfUser,
    /// The user has more supplementary groups than a process may have.
    TooManyGroups,
}
