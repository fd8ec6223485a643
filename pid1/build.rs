//! Links the program under the family's contract, and passes it the commit that it is built from.

use std::env;

fn main() {
    mote_linker::configure(mote_linker::Image::StaticPie);
    println!("cargo::rerun-if-env-changed=MOTE_COMMIT");
    // Only the project's tool sets the variable.
    let commit = env::var("MOTE_COMMIT").unwrap_or_default();
    println!("cargo::rustc-env=MOTE_COMMIT={}", commit.get(..7).unwrap_or("unknown"));
}
