//! The fuzz target [`mote_fuzz::TINI`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(TINI);
