//! Rules of pid1, written a second time.
//!
//! They share nothing with the program: they take whole strings apart, where it goes byte by byte.

pub mod identity;
pub mod line;
