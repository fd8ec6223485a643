//! The engine of every init of the family: starts COMMAND, waits, forwards, reaps, and ends when nothing is left.
//!
//! Deciding is apart from doing: [`step`] says what to do and touches nothing, [`Init::run`] does it. The engine
//! knows no command line; a program fills in an [`Init`], and has its own ways in a [`Policy`]. Nothing here is
//! global, and nothing is written to but the stack and, for what outgrows it, memory that is asked for then.

#![no_std]
#![forbid(unsafe_code)]

pub mod hold;
pub mod identity;
pub mod map;
pub mod message;
pub mod policy;
pub mod report;
pub mod run;
mod signals;
pub mod spawn;
pub mod step;
pub mod words;

pub use map::Map;
pub use policy::{Policy, Step};
pub use report::Report;
pub use run::Init;
pub use words::Word;
