//! The fuzz target [`mote_fuzz::PID1_OPTS`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(PID1_OPTS);
