//! The engine of every init of the family: starts COMMAND, waits, forwards, reaps, and ends when nothing is left.
//!
//! Deciding is apart from doing: [`step`] says what to do and touches nothing, [`run()`] does it. The engine knows
//! no command line; a program fills in a [`Policy`] and a [`spawn::Command`]. Nothing here is global, and nothing
//! is written to but the stack.

#![no_std]
#![forbid(unsafe_code)]

pub mod identity;
pub mod names;
pub mod report;
pub mod run;
pub mod spawn;
pub mod step;

pub use report::Report;
pub use run::{Policy, run};
