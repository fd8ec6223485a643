//! `dumb-init`: mote's engine behind dumb-init's command line.

#![no_std]
#![no_main]

mod options;
mod policy;

mote_rt::entry!(options::main);
