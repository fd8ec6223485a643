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
    /// There is no memory.
    NoMemory,
    /// A file can't be read, or is no text.
    Unreadable {
        /// The file.
        path: ThinCStr<'static>,
        /// The error.
        error: Errno,
    },
    /// There is no user of this name.
    UnknownUser,
    /// There is no group of this name.
    UnknownGroup,
    /// In the entry of the user, or of one of its groups, an ID is no number from 0 to 4294967294.
    BadIdOfUser,
    /// In the entry of the group the ID is no number from 0 to 4294967294.
    BadIdOfGroup,
    /// The user has more supplementary groups than a process may have.
    TooManyGroups,
    /// The kernel refuses `setgroups(2)`.
    Setgroups(Errno),
    /// The kernel refuses `setresgid(2)`.
    Setgid(Errno),
    /// The kernel refuses `setresuid(2)`.
    Setuid(Errno),
}
