//! The engine of every init of the family: starts COMMAND, waits, forwards, reaps, and ends when nothing is left.
//!
//! Deciding is apart from doing: [`step`] says what to do and touches nothing, [`Init::run`] does it. The engine
//! knows no command line; a program fills in an [`Init`] and a [`Command`]. Nothing here is global, and nothing is
//! written to but the stack and, for what outgrows it, memory that is asked for then.

#![no_std]
#![forbid(unsafe_code)]

mod identity;
pub mod map;
pub mod report;
pub mod run;
pub mod spawn;
pub mod step;
pub mod words;

pub use map::Map;
pub use report::Report;
pub use run::Init;
pub use spawn::Command;
pub use words::Word;
