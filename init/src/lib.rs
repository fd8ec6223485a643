//! The engine of every mote init: it starts a child, waits for signals, forwards them, reaps zombies, escalates a
//! shutdown to SIGKILL, and exits with the child's status.
//!
//! **Internal to mote.** This crate is published because `cargo install` needs it. It promises no stability: any
//! release may change any item.
//!
//! Deciding is separate from doing. [`decide`] maps a state and an event to a state and an action and makes no system
//! call, so that a test can try every order of events. [`run`] starts the child; `running.rs` is the loop that performs
//! the actions, up to the exit.
//!
//! The engine knows no command line, no message texts and no users. A program fills in an [`Init`] and passes a
//! [`Policy`]: constants, and functions that the engine calls at certain steps.
//!
//! # Example
//!
//! An init that says nothing. (It begins with `mote_rt::entry!(main)`, `#![no_std]` and `#![no_main]`.)
//!
//! ```
//! use mote_init::{Init, Policy, Step};
//! use mote_rt::{Errno, InitialStack, Signal, ThinCStr, process};
//!
//! struct Silent;
//!
//! impl Policy for Silent {
//!     fn on_kill_refused(&self, _: Signal, _: Errno) {}
//!
//!     fn exec_failed(&self, _: ThinCStr<'_>, _: Errno) -> ! {
//!         process::exit(127)
//!     }
//!
//!     fn setup_failed(&self, _: Step, _: Errno) -> ! {
//!         process::exit(1)
//!     }
//! }
//!
//! extern "C" fn program(stack: InitialStack) -> ! {
//!     let (standalone, args, env) = stack.into_parts();
//!     let end = args.count();
//!     let Some(command) = args.into_command(1, end) else { process::exit(1) };
//!     Init::new(standalone, Silent, env).run(command)
//! }
//! # fn main() {}
//! ```

#![no_std]
#![forbid(unsafe_code)]

mod children;
pub mod decide;
mod permission;
mod policy;
pub mod reaper;
pub mod run;
mod running;
mod signals;
pub mod systemd;
mod table;
mod terminal;
mod timer;

pub use policy::{Policy, Step};
pub use run::Init;
pub use table::{RewriteTable, StatusTable};
