//! The checks: each runs or calls the code with an input, and compares the result with a model.

pub(crate) mod dropin;
mod getopt;
pub(crate) mod passwd;
pub(crate) mod pid1;
pub(crate) mod signals;
pub(crate) mod step;
