//! Made-up machines.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::AtomicBool,
    time::Duration,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{
    apt::Apt,
    toolchain::{Compiler, Machine, Route, first, machine::Rustup},
};

/// The triple that the made-up compilers run on.
const HOST: &str = "x86_64-unknown-linux-gnu";

/// A made-up machine and the folder that it lives in.
pub(super) struct Fake {
    folder: TempDir,
    pub(super) machine: Machine,
}

/// Writes a program. Another process does it: a file that this one had open could be inherited by a
/// child that a test beside us has just forked, and the kernel runs no file that is open for writing.
pub(super) fn script(file: &Path, text: &str) -> Result<()> {
    let mut install = Command::new("install")
        .args(["-D", "-m", "755", "/dev/stdin"])
        .arg(file)
        .stdin(Stdio::piped())
        .spawn()?;
    write!(install.stdin.take().context("a pipe")?, "#!/bin/sh\n{text}\n")?;
    anyhow::ensure!(install.wait()?.success(), "can't write {}", file.display());
    Ok(())
}

/// What a compiler of this version answers.
pub(super) fn rustc(sysroot: &Path, version: &str) -> String {
    let sysroot = sysroot.display();
    format!(
        "case $1 in --print) echo {sysroot};; *) printf 'rustc {version} (x)\\nhost: {HOST}\\n\
         LLVM version: 22.1.2\\n';; esac"
    )
}

pub(super) const LLD: &str = "echo 'LLD 22.1.2 (compatible with GNU linkers)'";

impl Fake {
    /// A machine with rustup's stable toolchain for the host, and neither APT nor anything below the
    /// distribution's prefix.
    pub(super) fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let toolchains = folder.path().join("rustup/toolchains");
        let sysroot = toolchains.join("stable");
        script(&sysroot.join("bin/rustc"), &rustc(&sysroot, "1.95.0"))?;
        script(&sysroot.join("bin/cargo"), "true")?;
        script(&sysroot.join("lib/rustlib").join(HOST).join("bin/rust-lld"), LLD)?;
        let compiler = Compiler::probe(&sysroot.join("bin/rustc"), Path::new("cargo"))?;
        let rustup = Rustup { program: folder.path().join("bin/rustup"), toolchains };
        script(&rustup.program, "echo error: no network >&2; exit 1")?;
        fs::create_dir_all(folder.path().join("usr/bin"))?;
        let machine = Machine {
            active: Some(compiler),
            rustup: Some(rustup),
            apt: None,
            prefix: folder.path().join("usr"),
            patience: Duration::from_secs(60),
        };
        Ok(Self { folder, machine })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn sysroot(&self) -> PathBuf {
        self.path("rustup/toolchains/stable")
    }

    /// Takes the LLD out of rustup's toolchain, so that there is none.
    pub(super) fn remove_linker(&self) -> Result<()> {
        Ok(fs::remove_dir_all(self.sysroot().join("lib/rustlib").join(HOST).join("bin"))?)
    }

    pub(super) fn add_core(&self, target: &str) -> Result<()> {
        let file = self.sysroot().join("lib/rustlib").join(target).join("lib/libcore-1.rlib");
        fs::create_dir_all(file.parent().context("a folder")?)?;
        Ok(fs::write(file, "")?)
    }

    pub(super) fn add_source(sysroot: &Path) -> Result<()> {
        let folder = sysroot.join("lib/rustlib/src/rust/library/core");
        fs::create_dir_all(&folder)?;
        Ok(fs::write(folder.join("Cargo.toml"), "")?)
    }

    /// The distribution's Rust below the prefix, of this version.
    pub(super) fn add_distribution(&self, version: &str) -> Result<()> {
        let prefix = &self.machine.prefix;
        script(&prefix.join("bin/rustc"), &rustc(prefix, version))?;
        script(&prefix.join("bin/cargo"), "true")?;
        script(&prefix.join("bin/ld.lld-22"), LLD)?;
        Self::add_source(prefix)
    }

    /// A rustup that knows `target` alone, and fails as the real one does if asked for more.
    pub(super) fn rustup_has(&self, target: &str) -> Result<()> {
        let root = self.path("rustup/toolchains/stable/lib/rustlib");
        let root = root.display();
        let text = format!(
            "cd {root}\ncase $2 in\n\
             list) ls | grep musl; exit 0;;\n\
             remove) rm -r {target};;\n\
             add) mkdir -p {target}/lib && touch {target}/lib/libcore-1.rlib\n\
             shift 4; for t; do [ $t = {target} ] || {{ echo error: no $t >&2; exit 1; }}; done;;\n\
             esac"
        );
        // rustup's own arguments: `target add --toolchain NAME TARGET…`.
        script(&self.path("bin/rustup"), &text)
    }

    pub(super) fn add_apt(&mut self, root: bool, cache: &str, get: &str) -> Result<()> {
        let (cache_file, get_file) = (self.path("bin/apt-cache"), self.path("bin/apt-get"));
        script(&cache_file, cache)?;
        script(&get_file, get)?;
        let fresh = AtomicBool::new(false);
        self.machine.apt = Some(Apt { get: get_file, cache: cache_file, root, fresh });
        Ok(())
    }

    pub(super) fn route(&self, targets: &[&str]) -> Result<Route> {
        Ok(first(&self.machine, targets, &Route::ALL)?.0.route)
    }

    pub(super) fn refusal(&self, targets: &[&str]) -> Result<String> {
        let error = first(&self.machine, targets, &Route::ALL).err().context("no route was taken")?;
        assert_eq!(crate::exit::status(&error), 2);
        Ok(error.to_string())
    }
}
