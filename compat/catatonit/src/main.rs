//! `catatonit`: mote's engine behind the command line of openSUSE's init.

#![no_std]
#![no_main]

mod options;
mod policy;

mote_rt::entry!(options::main);
