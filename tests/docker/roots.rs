//! File systems to run pid1 in, and the images of them, each made when the first test asks for it.

use std::cell::OnceCell;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow, ensure};
use mote_tests::docker::Engine;
use mote_tests::require::{self, Missing};
use mote_tests::roots::{busybox, static_busybox};

use crate::image::{Image, add_program};

/// The release that is installed. Not `stable`: a new one would come without a change here.
const RELEASE: &str = "bookworm";

/// An engine and the images that tests share.
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

    /// No shell on PATH, no users, no directory: `/pid1`, `/hello` and `/busybox`.
    pub(crate) fn bare(&self) -> Result<&Image> {
        self.kept(&self.bare, bare)
    }

    fn kept<'a>(&self, cell: &'a Kept, fill: fn(&Path) -> Result<()>) -> Result<&'a Image> {
        let make = || {
            let root = tempfile::tempdir()?;
            fill(root.path())?;
            // A temporary directory has no permissions for other users.
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

fn bare(root: &Path) -> Result<()> {
    add_program(root, "hello")?;
    fs::copy(static_busybox()?, root.join("busybox"))?;
    Ok(())
}
