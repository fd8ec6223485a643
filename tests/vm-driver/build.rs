//! An ordinary static program at a fixed address: not shipped, so it may have variables and tables of addresses.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    // The musl targets call LLD itself; elsewhere a C driver would add its own start files and library.
    let arguments: &[&str] = if flags.contains("linker-flavor=ld.lld") {
        &["-no-pie", "--build-id=none"]
    } else {
        &["-nostartfiles", "-nostdlib", "-static", "-no-pie"]
    };
    for argument in arguments {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
}
