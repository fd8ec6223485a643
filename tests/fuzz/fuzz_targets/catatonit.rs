//! The fuzz target [`mote_fuzz::CATATONIT`] with libFuzzer.

#![no_main]

mote_fuzz::libfuzzer!(CATATONIT);
