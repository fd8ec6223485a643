//! What the machines of the tests run.
//!
//! The kernel starts an init, which starts this as `driver boot`. It tries that init, then the others in PID
//! namespaces, where they start it again as another of its roles, and writes a line for each case to the console:
//! `NAME ok` or `NAME FAILED REASON`.

#![no_std]
#![no_main]

mod battery;
mod call;
mod holders;
mod inits;
mod listen;
mod orphans;
mod process;
mod refusals;
mod report;
mod roles;
mod shutdown;
mod start;
mod terminal;
mod users;
