//! `tini`: mote's engine behind tini's command line.

#![no_std]
#![no_main]

mod options;
mod policy;

mote_rt::entry!(options::main);
