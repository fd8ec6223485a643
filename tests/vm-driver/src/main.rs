//! The driver of the tests on real kernels.
//!
//! The kernel starts pid1, which starts this program as `driver boot`. The driver tests this init, then all inits in PID
//! namespaces, where they start the driver again in another role. It writes a line for each case to the console: `NAME ok`
//! or `NAME FAILED REASON`.

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
