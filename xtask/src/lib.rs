//! The project's own tool, as a library: `main.rs` holds the command line alone, and the tests use
//! the tables and the builder from here, so that a platform or a program is named in one place.

pub mod apt;
pub mod bench;
pub mod compile;
pub mod dist;
pub mod exit;
pub mod image;
pub mod parts;
pub mod platform;
pub mod prerequisites;
pub mod process;
pub mod program;
pub mod record;
pub mod release;
pub mod sbom;
pub mod seal;
pub mod seccomp;
pub mod size;
pub mod source;
pub mod test;
pub mod toolchain;
pub mod verify;
pub mod workspace;
