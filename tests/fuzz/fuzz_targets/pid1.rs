//! The fuzz target [`mote_fuzz::PID1`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(PID1);
