//! `tini`: the family's engine behind the command line of that project.

#![no_std]
#![no_main]

mod command_line;
mod policy;

mote_rt::entry!(command_line::main);
