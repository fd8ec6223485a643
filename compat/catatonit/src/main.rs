//! `catatonit`: mote's engine behind the command line of openSUSE's init.
//!
//! This crate is a program and has no library. Its command line follows the manual page catatonit(1); nothing else here
//! is stable.
//!
//! ```text
//! $ catatonit -- sleep 60
//! ```

#![no_std]
#![no_main]

mod message;
mod options;
mod policy;

mote_rt::entry!(options::main);
