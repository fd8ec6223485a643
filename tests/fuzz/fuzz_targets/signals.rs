//! The fuzz target [`mote_fuzz::SIGNALS`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(SIGNALS);
