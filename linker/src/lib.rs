//! Linking of mote's programs. Their build scripts call [`configure`].
//!
//! **Internal to mote.** This crate is published because `cargo install` needs it. It promises no stability: any
//! release may change any item.
//!
//! The shipped files are linked by LLD itself, with the scripts beside this crate's manifest. For any other target,
//! such as the host of a plain `cargo build`, the toolchain's default linker makes a static program without a C
//! runtime: it works the same and is larger.
//!
//! # Example
//!
//! The `main` of a build script:
//!
//! ```no_run
//! mote_linker::configure(mote_linker::Image::StaticPie);
//! ```

use std::{env, path::Path};

/// A layout of a program. Each is a linker script.
#[derive(Clone, Copy)]
pub enum Image {
    /// At a fixed address, without `PT_GNU_STACK`.
    Fixed,
    /// At an address that the kernel chooses, with a stack that can't be executed.
    StaticPie,
}

impl Image {
    const fn script(self) -> &'static str {
        match self {
            Self::Fixed => "fixed.ld",
            Self::StaticPie => "static-pie.ld",
        }
    }
}

/// Tells Cargo how to link the binaries of the package whose build script calls this.
pub fn configure(image: Image) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    for script in [image.script(), "contract.ld"] {
        println!("cargo::rerun-if-changed={}", directory.join(script).display());
    }
    let arguments = if links_with_lld() { with_lld(directory, image) } else { with_c_driver() };
    for argument in arguments {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
}

/// Returns whether Cargo calls LLD itself for this target, as `.cargo/config.toml` configures it for the musl targets.
fn links_with_lld() -> bool {
    env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("linker-flavor=ld.lld"))
}

/// Returns the arguments of LLD: the script, and an error for a section that it does not name. A position-independent
/// program names no dynamic linker, and code that needs relocations is refused.
fn with_lld(directory: &Path, image: Image) -> Vec<String> {
    let position: &[&str] = match image {
        Image::Fixed => &["-no-pie"],
        Image::StaticPie => &["-pie", "--no-dynamic-linker", "-ztext"],
    };
    let mut arguments = vec![
        format!("--library-path={}", directory.display()),
        format!("--script={}", directory.join(image.script()).display()),
        "--orphan-handling=error".into(),
        "--build-id=none".into(),
    ];
    arguments.extend(position.iter().map(|&argument| argument.to_owned()));
    arguments
}

/// Returns the arguments of a C compiler as the linker: no start files, no C library, and a fixed address. Without the
/// script, a position-independent program would have a dynamic section and relocations, and no loader to apply them.
fn with_c_driver() -> Vec<String> {
    ["-nostartfiles", "-nostdlib", "-static", "-no-pie"].map(String::from).into()
}
