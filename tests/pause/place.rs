//! Where it runs, as whom, and with what open.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::{Case, Outcome, Suite, process, require};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::signal::Signal;

use crate::{pause, sleeps_and_ends};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Case::all(), Case::native());
    suite
        .each("pause::changes_to_the_root_folder", &all, changes_to_root)
        .each("pause::keeps_no_mount_busy", &native, keeps_no_mount_busy)
        .each("pause::starts_in_a_folder_that_is_gone", &native, starts_in_no_folder)
        .each("pause::starts_in_a_folder_that_it_may_not_enter", &all, starts_in_a_closed_folder)
        .each("pause::runs_as_65535", &all, |case| runs_as(case, 65535))
        .each("pause::runs_as_any_user", &all, |case| runs_as(case, 4_000_000_000))
        .each("pause::runs_without_standard_streams", &all, |case| {
            sleeps_and_ends(pause(case).close(0).close(1).close(2))
        })
}

fn changes_to_root(case: Case) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut running = pause(case).cwd(folder.path()).spawn()?;
    running.fall_asleep()?;
    same(process::cwd(running.pid())?.as_path(), Path::new("/"))?;
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

/// The emulators keep none either, but what their libraries do is not for this test.
fn keeps_no_mount_busy(case: Case) -> Result<()> {
    require::root()?;
    let folder = tempfile::tempdir()?;
    mount(Some("none"), folder.path(), Some("tmpfs"), MsFlags::empty(), None::<&str>).context("mount")?;
    let mounted = Mounted(folder.path());
    let mut running = pause(case).cwd(folder.path()).spawn()?;
    running.fall_asleep()?;
    umount2(folder.path(), MntFlags::empty()).context("umount")?;
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

fn starts_in_no_folder(case: Case) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut running = pause(case).cwd(folder.path()).spawn()?;
    running.fall_asleep()?;
    drop(folder);
    running.end_by(Signal::SIGTERM)?.is(&Outcome::exited("", 0))
}

fn starts_in_a_closed_folder(case: Case) -> Result<()> {
    require::root()?;
    let folder = tempfile::tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o000))?;
    sleeps_and_ends(pause(case).cwd(folder.path()).uid(65535))
}

fn runs_as(case: Case, id: u32) -> Result<()> {
    require::root()?;
    sleeps_and_ends(pause(case).uid(id))
}
