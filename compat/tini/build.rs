//! Links the program under the family's contract, and tells it which commit it is built from.

use std::env;

fn main() {
    mote_linker::configure(mote_linker::Image::StaticPie);
    println!("cargo::rerun-if-env-changed=MOTE_COMMIT");
    // Whoever builds without the project's tool may not know.
    let commit = env::var("MOTE_COMMIT").unwrap_or_default();
    println!("cargo::rustc-env=MOTE_COMMIT={}", commit.get(..7).unwrap_or("unknown"));
}
