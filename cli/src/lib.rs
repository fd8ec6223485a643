//! What mote's programs share of their command lines: an option parser, and the names of signals and errors.
//!
//! **Internal to mote.** This crate is published because `cargo install` needs it. It promises no stability: any
//! release may change any item.
//!
//! # Example
//!
//! ```
//! use mote_cli::{Opt, Options, parse_signal};
//! use mote_rt::{Args, Command, Signal};
//!
//! /// Takes `-s SIGNAL` and `-v`, and returns the command behind them.
//! fn parse(args: Args, stop: &mut Option<Signal>, verbose: &mut bool) -> Option<Command> {
//!     let mut options = Options::<false>::new(args);
//!     while let Some(option) = options.take() {
//!         match option {
//!             Opt::Short(b'v') => *verbose = true,
//!             Opt::Short(b's') => *stop = parse_signal(options.value()?),
//!             _ => return None,
//!         }
//!     }
//!     options.into_command()
//! }
//! ```

#![no_std]
#![forbid(unsafe_code)]

mod errors;
mod options;
mod signals;
mod words;

pub use errors::push_errno;
pub use options::{Opt, Options};
pub use signals::{parse_signal, push_signal, push_signal_or_number, take_signal_number};
pub use words::split_words;
