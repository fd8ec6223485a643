//! `cargo xtask bench`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mote_bench::main()
}
