//! The fuzz target [`mote_fuzz::STEP`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(STEP);
