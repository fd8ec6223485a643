//! Where it runs, as whom, and with what open.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Outcome, Suite, Target, process, require};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::signal::Signal;

use crate::{pause, sleeps_and_ends};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pause::changes_to_the_root_directory", &all, changes_to_root)
        .each("pause::keeps_no_mount_busy", &native, keeps_no_mount_busy)
        .each("pause::starts_in_a_directory_that_is_gone", &native, starts_in_no_directory)
        .each("pause::starts_in_a_directory_that_it_may_not_enter", &all, starts_in_a_closed_directory)
        .each("pause::runs_as_65535", &all, |target| runs_as(target, 65535))
        .each("pause::runs_as_any_user", &all, |target| runs_as(target, 4_000_000_000))
        .each("pause::runs_without_standard_streams", &all, |target| {
            sleeps_and_ends(pause(target).close(0).close(1).close(2))
        })
}

fn changes_to_root(target: Target) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let mut running = pause(target).cwd(directory.path()).spawn()?;
    running.fall_asleep()?;
    same(process::cwd(running.pid())?.as_path(), Path::new("/"))?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

/// The emulators keep none either, but what their libraries do is not for this test.
fn keeps_no_mount_busy(target: Target) -> Result<()> {
    require::root()?;
    let directory = tempfile::tempdir()?;
    mount(Some("none"), directory.path(), Some("tmpfs"), MsFlags::empty(), None::<&str>).context("mount")?;
    let mounted = Mounted(directory.path());
    let mut running = pause(target).cwd(directory.path()).spawn()?;
    running.fall_asleep()?;
    umount2(directory.path(), MntFlags::empty()).context("umount")?;
    std::mem::forget(mounted);
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

/// Takes a mount away, busy or not, when a test fails.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = umount2(self.0, MntFlags::MNT_DETACH);
    }
}

fn starts_in_no_directory(target: Target) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let mut running = pause(target).cwd(directory.path()).spawn()?;
    running.fall_asleep()?;
    drop(directory);
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn starts_in_a_closed_directory(target: Target) -> Result<()> {
    require::root()?;
    let directory = tempfile::tempdir()?;
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o000))?;
    sleeps_and_ends(pause(target).cwd(directory.path()).uid(65535))
}

fn runs_as(target: Target, id: u32) -> Result<()> {
    require::root()?;
    sleeps_and_ends(pause(target).uid(id))
}
