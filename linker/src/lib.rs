//! How mote's programs are linked: called from their build scripts.
//!
//! For the shipped files LLD is called directly, with the scripts beside this crate's manifest. On any other
//! target, such as the host of a plain `cargo build`, the toolchain's default linker makes a static program
//! without a C runtime: it works the same and is larger.

use std::{env, path::Path};

/// The two layouts of a program, each a linker script.
#[derive(Clone, Copy)]
pub enum Image {
    /// At a fixed address, without `PT_GNU_STACK`.
    Fixed,
    /// Wherever the kernel puts it, with a stack that can't be executed.
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

/// Whether this target is configured to call LLD itself, as `.cargo/config.toml` does for the musl targets.
fn links_with_lld() -> bool {
    env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("linker-flavor=ld.lld"))
}

/// The script, and no section that it doesn't know. A position-independent program has no dynamic linker to
/// call, and code that would have to be relocated is refused.
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

/// No start files, no C library, and an address that is fixed: without the script, position-independence
/// would come with a dynamic section and with relocations that nobody applies.
fn with_c_driver() -> Vec<String> {
    ["-nostartfiles", "-nostdlib", "-static", "-no-pie"].map(String::from).into()
}
