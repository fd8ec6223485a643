//! `dumb-init`: mote's engine behind dumb-init's command line.
//!
//! This crate is a program and has no library. Its command line follows the manual page dumb-init(1); nothing else here
//! is stable.
//!
//! ```text
//! $ dumb-init --rewrite 15:3 nginx
//! ```

#![no_std]
#![no_main]

mod options;
mod policy;

mote_rt::entry!(options::main);
