//! `tini`: mote's engine behind tini's command line.
//!
//! This crate is a program and has no library. Its command line follows the manual page tini(1); nothing else here is
//! stable.
//!
//! ```text
//! $ tini -g -- sleep 60
//! ```

#![no_std]
#![no_main]

mod options;
mod policy;

mote_rt::entry!(options::main);
