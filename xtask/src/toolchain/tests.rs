//! Tests on made-up machines: directories with scripts instead of compilers, rustup and APT.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::*;
use crate::exit;

const LLD: &str = "echo 'LLD 22.1.2 (compatible with GNU linkers)'";

/// A machine below a temporary directory.
struct Fake {
    directory: TempDir,
    machine: Machine,
}

/// Writes a program. Another process does it: a descriptor of this process could be inherited by a child of another
/// test, and the kernel executes no file that is open for writing.
fn script(file: &Path, text: &str) -> Result<()> {
    let mut install = Command::new("install");
    let mut child = install.args(["-D", "-m755", "/dev/stdin"]).arg(file).stdin(Stdio::piped()).spawn()?;
    write!(child.stdin.take().context("no pipe")?, "#!/bin/sh\n{text}\n")?;
    anyhow::ensure!(child.wait()?.success(), "can't write {}", file.display());
    Ok(())
}

/// Writes a compiler, its Cargo and its linker.
fn rust(sysroot: &Path, version: &str, linker: &str) -> Result<()> {
    let verbose = format!("rustc {version} (x)\\nhost: HOST\\nLLVM version: 22.1.2\\n");
    let rustc = format!("case $1 in --print) echo {};; *) printf '{verbose}';; esac", sysroot.display());
    script(&sysroot.join("bin/rustc"), &rustc)?;
    script(&sysroot.join("bin/cargo"), "true")?;
    script(&sysroot.join(linker), LLD)
}

/// Adds the source of `core`.
fn add_source(sysroot: &Path) -> Result<()> {
    script(&sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml"), "")
}

impl Fake {
    /// A machine whose active toolchain has no source, with a rustup that can't add it, and without APT.
    fn new() -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let path = |name| directory.path().join(name);
        rust(&path("stable"), "1.95.0", "lib/rustlib/HOST/bin/rust-lld")?;
        script(&path("rustup"), "echo error: no network >&2; exit 1")?;
        let machine = Machine {
            active: Some(["rustc", "cargo"].map(|name| path("stable/bin").join(name))),
            rustup: Some(path("rustup")),
            apt: None,
            prefix: path("usr"),
        };
        Ok(Self { directory, machine })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn add_distribution(&self, version: &str) -> Result<()> {
        rust(&self.path("usr"), version, "bin/ld.lld-22")?;
        add_source(&self.path("usr"))
    }

    /// Adds an APT that has Rust 1.96 as `rustc-web` and runs `get` to install it.
    fn add_apt(&mut self, root: bool, get: &str) -> Result<()> {
        let cache =
            "case $* in 'policy rustc-web') echo Candidate: 1.96.0+dfsg1;; depends*) echo libllvm22;; esac";
        script(&self.path("apt-cache"), cache)?;
        script(&self.path("apt-get"), get)?;
        let (get, cache) = (self.path("apt-get"), self.path("apt-cache"));
        self.machine.apt = Some(Apt { get, cache, root, fresh: false.into() });
        Ok(())
    }

    fn refusal(&self) -> Result<String> {
        let error = self.machine.resolve().err().context("there is a toolchain")?;
        assert_eq!(exit::status(&error), 2);
        Ok(error.to_string())
    }
}

#[test]
fn active_toolchain_with_source_comes_first() -> Result<()> {
    let fake = Fake::new()?;
    add_source(&fake.path("stable"))?;
    fake.add_distribution("1.96.0")?;
    let found = fake.machine.resolve()?;
    assert_eq!(found.route, Route::Active);
    assert_eq!(found.linker.path, fake.path("stable/lib/rustlib/HOST/bin/rust-lld"));
    Ok(())
}

#[test]
fn installed_distribution_comes_before_the_network() -> Result<()> {
    let fake = Fake::new()?;
    script(&fake.path("rustup"), "touch $0.called")?;
    fake.add_distribution("1.96.0")?;
    let found = fake.machine.resolve()?;
    assert_eq!(found.route, Route::Distribution);
    assert_eq!(found.compiler.cargo, fake.path("usr/bin/cargo"));
    assert_eq!(found.linker.path, fake.path("usr/bin/ld.lld-22"));
    assert!(!fake.path("rustup.called").exists());
    Ok(())
}

#[test]
fn rustup_adds_the_source() -> Result<()> {
    let fake = Fake::new()?;
    let source = fake.path("stable/lib/rustlib/src/rust/library/core");
    let text =
        format!("[ \"$*\" = 'component add rust-src' ] && mkdir -p {0} && >{0}/Cargo.toml", source.display());
    script(&fake.path("rustup"), &text)?;
    assert_eq!(fake.machine.resolve()?.route, Route::Active);
    Ok(())
}

#[test]
fn root_installs_the_distribution() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.add_distribution("1.96.0")?;
    fs::rename(fake.path("usr"), fake.path("packages"))?;
    let directory = fake.directory.path().display();
    let get = format!("cd {directory}; echo $@ >> log; [ $1 = update ] || cp -r packages usr");
    fake.add_apt(true, &get)?;
    assert_eq!(fake.machine.resolve()?.route, Route::Distribution);
    let log = fs::read_to_string(fake.path("log"))?;
    assert!(log.starts_with("update\ninstall "), "{log}");
    assert!(log.ends_with(" rustc-web cargo-web rust-web-src lld-22\n"), "{log}");
    Ok(())
}

#[test]
fn refusal_has_reasons_and_commands() -> Result<()> {
    let mut fake = Fake::new()?;
    fake.add_distribution("1.63.0")?;
    fake.add_apt(false, "exit 9")?;
    let expected = format!(
        "no toolchain here can build the shipped files:
  rustc 1.95.0 (x) in {} has no rust-src
  rustc 1.63.0 (x) is older than 1.95
  rustup failed (exit status: 1): no network
  only root can install packages
run one of these commands, and try again:
  rustup component add rust-src
  sudo apt-get update && sudo apt-get install --no-install-recommends rustc-web cargo-web rust-web-src lld-22",
        fake.path("stable").display()
    );
    assert_eq!(fake.refusal()?, expected);
    Ok(())
}

#[test]
fn proxy_in_the_distributions_directory_is_no_compiler_of_it() -> Result<()> {
    let fake = Fake::new()?;
    for name in ["rustc", "cargo"] {
        script(
            &fake.path("usr/bin").join(name),
            &format!("exec {} \"$@\"", fake.path("stable/bin").join(name).display()),
        )?;
    }
    add_source(&fake.path("usr"))?;
    assert!(fake.refusal()?.contains("has no rust-src"));
    add_source(&fake.path("stable"))?;
    assert!(fake.machine.distribution().is_err_and(|lack| lack.reason.contains("is a proxy for")));
    Ok(())
}

#[test]
fn old_linker_is_refused() -> Result<()> {
    let fake = Fake::new()?;
    fake.add_distribution("1.96.0")?;
    script(&fake.path("usr/bin/ld.lld-22"), "echo Debian LLD 14.0.6")?;
    assert!(fake.refusal()?.contains("there is no LLD 19 or newer for rustc 1.96.0 (x)"));
    Ok(())
}
