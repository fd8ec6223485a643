//! Route 4: the distribution's Rust, with the library's source.

use std::fs;

use super::{Compiler, Lack, Machine, Route, Toolchain, compiler, linker};
use crate::apt::{self, Apt};

/// The oldest compiler that the workspace builds with, as its manifest says.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// The distribution's Rust, installed if it is missing and we may.
pub(super) fn provide(machine: &Machine, targets: &[&str]) -> Result<Toolchain, Lack> {
    let compiler = match find(machine) {
        Ok(compiler) => compiler,
        Err(lack) => {
            install(machine, lack)?;
            find(machine)?
        }
    };
    let linker = linker::distribution(machine, &compiler)?;
    let targets = targets.iter().map(|&target| target.to_owned()).collect();
    Ok(Toolchain { route: Route::Distribution, compiler, linker, targets })
}

/// The first compiler of the distribution that is new enough and has its library's source.
fn find(machine: &Machine) -> Result<Compiler, Lack> {
    let folder = machine.prefix.join("bin");
    let mut lack = Lack::new("the distribution's Rust is not installed");
    for suffix in suffixes(machine) {
        let [rustc, cargo] = ["rustc", "cargo"].map(|name| folder.join(format!("{name}{suffix}")));
        let Ok(found) = Compiler::probe(&rustc, &cargo) else {
            continue;
        };
        // A proxy of rustup's in this folder would lead out of it.
        if !has(machine, &found) {
            continue;
        }
        // `/usr/bin/rustc` may be there without the Cargo beside it, or with another version's.
        let compiler = Compiler { rustc, cargo, ..found };
        if compiler.release() < compiler::release(OLDEST) {
            lack = Lack::new(format!("the distribution's {} is older than {OLDEST}", compiler.version));
        } else if !compiler.cargo.is_file() {
            lack = Lack::new(format!("there is no Cargo beside {}", compiler.rustc.display()));
        } else if !compiler.has_source() {
            lack = Lack::new("the distribution's Rust is here without its library's source");
        } else {
            return Ok(compiler);
        }
    }
    Err(lack)
}

/// Whether a compiler lies where the distribution puts its own.
pub(super) fn has(machine: &Machine, compiler: &Compiler) -> bool {
    let sysroot = compiler.sysroot.canonicalize().unwrap_or_default();
    machine.prefix.canonicalize().is_ok_and(|prefix| sysroot.starts_with(prefix))
}

/// What follows `rustc` in the names of the distribution's compilers: nothing, or `-1.96` where there
/// are several, the newest first.
fn suffixes(machine: &Machine) -> Vec<String> {
    let files = fs::read_dir(machine.prefix.join("bin")).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let mut versions: Vec<_> =
        names.filter_map(|name| compiler::release(name.strip_prefix("rustc-")?)).collect();
    versions.sort_unstable();
    let versioned = versions.iter().rev().map(|(major, minor)| format!("-{major}.{minor}"));
    std::iter::once(String::new()).chain(versioned).collect()
}

fn install(machine: &Machine, lack: Lack) -> Result<(), Lack> {
    let Some(apt) = &machine.apt else {
        return Err(Lack::new(format!("{}, and there is no apt-get to install it", lack.what)));
    };
    let packages = packages(apt).or_else(|| {
        apt.refresh();
        self::packages(apt)
    });
    let Some(mut packages) = packages else {
        let none = Lack::new(format!("{}, and APT knows none from {OLDEST} on", lack.what));
        // Its lists may merely be empty or old, and only root can fetch them. Until then nobody knows the packages.
        let update = "sudo apt-get update  # the next run says what to install";
        return Err(if apt.root { none } else { none.remedy(update) });
    };
    // With the compiler and not after it: who has to type the command has to do so once.
    if linker::any(machine).is_none() {
        packages.push(linker::package(llvm(apt, &packages[0])));
    }
    apt.install(&packages)
        .map_err(|error| Lack::new(format!("{}; {error}", lack.what)).remedy(apt::by_hand(&packages)))
}

/// The packages of the first Rust in APT's lists that is new enough: compiler, Cargo, source.
fn packages(apt: &Apt) -> Option<Vec<String>> {
    let oldest = compiler::release(OLDEST);
    let named = [["rustc", "cargo", "rust-src"], ["rustc-web", "cargo-web", "rust-web-src"]];
    let named = named.map(|set| set.map(str::to_owned).to_vec());
    // Where a distribution has several, their names carry the version.
    let mut versions: Vec<_> = apt
        .matching(r"^rustc-1\.[0-9]+$")
        .iter()
        .filter_map(|name| compiler::release(name.strip_prefix("rustc-")?))
        .collect();
    versions.sort_unstable();
    let versioned = versions.iter().rev().map(|(major, minor)| {
        let version = format!("{major}.{minor}");
        vec![format!("rustc-{version}"), format!("cargo-{version}"), format!("rust-{version}-src")]
    });
    named.into_iter().chain(versioned).find(|set| {
        let candidate = apt.candidate(&set[0]).and_then(|version| compiler::release(&version));
        candidate >= oldest && set.iter().all(|package| apt.candidate(package).is_some())
    })
}

/// The major version of the LLVM that a package of the compiler needs.
fn llvm(apt: &Apt, rustc: &str) -> Option<u32> {
    let of = |name: &str| {
        let version = name.strip_prefix("libllvm")?;
        version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    apt.needs(rustc).iter().find_map(|name| of(name))
}
