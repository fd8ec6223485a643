//! File systems to run pid1 in, and the images of them, each made when the first test asks for it.

use std::cell::OnceCell;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow, ensure};
use mote_tests::require::{self, Missing};
use object::Endianness;
use object::elf::PT_INTERP;
use object::read::elf::{ElfFile64, ProgramHeader};

use crate::engine::Engine;
use crate::image::{Image, add_program};

/// The release that is installed. Not `stable`: a new one would come without a change here.
const RELEASE: &str = "bookworm";

/// What a shell of the tests calls.
const APPLETS: [&str; 7] = ["sh", "sleep", "cat", "id", "env", "touch", "ps"];

/// Users and groups as in Alpine.
const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n";
const GROUP: &str = "root:x:0:root\nnobody:x:65534:\n";

/// An engine, and what is kept of it from test to test.
pub(crate) struct World {
    pub(crate) engine: Arc<Engine>,
    debian: Kept,
    busybox: Kept,
    bare: Kept,
}

type Kept = OnceCell<Result<Image>>;

impl World {
    /// # Errors
    /// If no engine runs and none can be started.
    pub(crate) fn get() -> Result<Self> {
        let engine = Arc::new(Engine::get()?);
        Ok(Self { engine, debian: OnceCell::new(), busybox: OnceCell::new(), bare: OnceCell::new() })
    }

    /// A small Debian: dash, the C library, and users.
    pub(crate) fn debian(&self) -> Result<&Image> {
        self.kept(&self.debian, debian)
    }

    /// What Alpine is like: one static program under many names.
    pub(crate) fn busybox(&self) -> Result<&Image> {
        self.kept(&self.busybox, busybox)
    }

    /// No shell on PATH, no users, no folder: `/pid1`, `/hello` and `/busybox`.
    pub(crate) fn bare(&self) -> Result<&Image> {
        self.kept(&self.bare, bare)
    }

    fn kept<'a>(&self, cell: &'a Kept, fill: fn(&Path) -> Result<()>) -> Result<&'a Image> {
        let make = || {
            let root = tempfile::tempdir()?;
            fill(root.path())?;
            // As a temporary folder it is nobody else's.
            fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755))?;
            Image::with_pid1(&self.engine, root.path())
        };
        cell.get_or_init(make).as_ref().map_err(again)
    }
}

/// The same error for one more test.
fn again(error: &Error) -> Error {
    match error.downcast_ref::<Missing>() {
        Some(Missing(what)) => Missing(what.clone()).into(),
        None => anyhow!("{error:#}"),
    }
}

fn debian(root: &Path) -> Result<()> {
    require::root()?;
    let debootstrap = require::tool("debootstrap", "debootstrap")?;
    let output = Command::new(debootstrap).args(["--variant=minbase", RELEASE]).arg(root).output();
    let output = output.context("debootstrap")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    // Most probably there is no network.
    ensure!(output.status.success(), Missing(format!("a Debian to install (debootstrap: {last})")));
    Ok(())
}

fn busybox(root: &Path) -> Result<()> {
    for folder in ["bin", "dev", "etc", "proc", "sys", "tmp"] {
        fs::create_dir(root.join(folder))?;
    }
    fs::copy(static_busybox()?, root.join("bin/busybox"))?;
    for applet in APPLETS {
        symlink("busybox", root.join("bin").join(applet))?;
    }
    fs::write(root.join("etc/passwd"), PASSWD)?;
    fs::write(root.join("etc/group"), GROUP)?;
    Ok(())
}

fn bare(root: &Path) -> Result<()> {
    add_program(root, "hello")?;
    fs::copy(static_busybox()?, root.join("busybox"))?;
    Ok(())
}

/// One that needs no other file.
fn static_busybox() -> Result<PathBuf> {
    let package = "busybox-static";
    let path = require::tool("busybox", package)?;
    let bytes = fs::read(&path)?;
    let file = ElfFile64::<Endianness>::parse(&*bytes).context("busybox")?;
    let is_dynamic = |header: &object::elf::ProgramHeader64<_>| header.p_type(file.endian()) == PT_INTERP;
    let is_static = !file.elf_program_headers().iter().any(is_dynamic);
    ensure!(is_static, Missing(format!("a static busybox (Debian package {package})")));
    Ok(path)
}
