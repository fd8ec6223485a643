//! What the tests of mote's release files share.
//!
//! A test is a function over a [`Target`]: a platform, and what executes its files here. It describes a start
//! with [`Launcher`], gets an [`Outcome`] or a [`Running`] program, looks at the latter through [`process`], and
//! waits with [`until`]. A [`Suite`] gives every pair of test and target a name of its own.

mod arrange;
pub mod command;
pub mod daemon;
pub mod dist;
pub mod docker;
pub mod elf;
pub mod foreign;
pub mod launcher;
mod launcher_file;
pub mod model;
pub mod outcome;
pub mod process;
pub mod require;
pub mod roots;
pub mod runc;
pub mod running;
pub mod shared;
pub mod signal;
pub mod suite;
pub mod target;
pub mod terminal;
pub mod test_dir;
pub mod variables;
pub mod wait;
pub mod workspace_files;

pub use launcher::Launcher;
pub use outcome::{End, Outcome};
pub use running::{Running, State};
pub use shared::Shared;
pub use signal::Signal;
pub use suite::Suite;
pub use target::{Cpu, Target};
pub use wait::until;
