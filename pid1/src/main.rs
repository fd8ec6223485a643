//! Runs a command as its child and is a good PID 1 for it.

#![no_std]
#![no_main]

mod options;
mod policy;

mote_rt::entry!(options::main);
