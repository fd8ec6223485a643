//! Working directory, user and descriptors.

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
        .test(&all, it_changes_to_the_root_directory)
        .test(&native, it_keeps_no_mount_busy)
        .test(&native, it_starts_in_a_deleted_directory)
        .test(&all, it_starts_in_a_directory_without_permission)
        .test(&all, it_runs_as_any_user)
        .test(&all, it_runs_without_standard_streams)
}

fn it_changes_to_the_root_directory(target: Target) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let mut running = pause(target).cwd(directory.path()).spawn()?;
    running.fall_asleep()?;
    same(process::cwd(running.pid())?.as_path(), Path::new("/"))?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

/// Native only: the libraries of an emulator keep directories open.
fn it_keeps_no_mount_busy(target: Target) -> Result<()> {
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

/// Removes a mount, busy or not, when a test fails.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = umount2(self.0, MntFlags::MNT_DETACH);
    }
}

fn it_starts_in_a_deleted_directory(target: Target) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let mut running = pause(target).cwd(directory.path()).spawn()?;
    running.fall_asleep()?;
    drop(directory);
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn it_starts_in_a_directory_without_permission(target: Target) -> Result<()> {
    require::root()?;
    let directory = tempfile::tempdir()?;
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o000))?;
    sleeps_and_ends(pause(target).cwd(directory.path()).uid(65535))
}

fn it_runs_as_any_user(target: Target) -> Result<()> {
    require::root()?;
    [65535, 4_000_000_000].into_iter().try_for_each(|id| sleeps_and_ends(pause(target).uid(id)))
}

fn it_runs_without_standard_streams(target: Target) -> Result<()> {
    sleeps_and_ends(pause(target).close(0).close(1).close(2))
}
