//! Rules of pid1, written a second time, and random inputs for both.
//!
//! They share nothing with the program: they split whole strings, and the program parses byte by byte.

pub mod identity;
pub mod line;
pub mod random_etc;
pub mod random_line;
