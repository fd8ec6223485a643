//! The fuzz target [`mote_fuzz::DUMB_INIT`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(DUMB_INIT);
