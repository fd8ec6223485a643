//! The fuzz target [`mote_fuzz::PASSWD`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(PASSWD);
