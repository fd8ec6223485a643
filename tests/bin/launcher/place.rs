//! Mounts, session, descriptors and capabilities.

use std::fs::File;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::path::Path;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::setsid;

use crate::options::Pair;

/// Shows files and directories under other names, in a mount namespace of this process.
pub(crate) fn mount_over(pairs: &[Pair], own_proc: bool) -> Result<()> {
    if pairs.is_empty() && !own_proc {
        return Ok(());
    }
    unshare(CloneFlags::CLONE_NEWNS).context("unshare")?;
    let none = None::<&str>;
    mount(none, "/", none, MsFlags::MS_PRIVATE | MsFlags::MS_REC, none).context("mount /")?;
    for Pair(source, target) in pairs {
        mount(Some(Path::new(source)), target, none, MsFlags::MS_BIND, none)
            .with_context(|| format!("mount {source} on {}", target.display()))?;
    }
    if own_proc {
        mount(Some("proc"), "/proc", Some("proc"), MsFlags::empty(), none).context("mount /proc")?;
    }
    Ok(())
}

/// Makes the terminal on standard input that of a new session.
pub(crate) fn lead_session() -> Result<()> {
    setsid().context("setsid")?;
    // SAFETY: the request takes a number and no pointer.
    Errno::result(unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) }).context("TIOCSCTTY")?;
    Ok(())
}

/// Opens files under the numbers that were asked for, which stay open in PROGRAM.
pub(crate) fn open(pairs: &[Pair]) -> Result<()> {
    for Pair(number, file) in pairs {
        let number: i32 = number.parse().context("not a descriptor")?;
        let opened = File::options().write(true).open(file).with_context(|| file.display().to_string())?;
        if opened.as_raw_fd() == number {
            // SAFETY: the request takes a number and no pointer.
            Errno::result(unsafe { libc::fcntl(opened.into_raw_fd(), libc::F_SETFD, 0) }).context("fcntl")?;
        } else {
            // SAFETY: this process uses no descriptor of that number.
            Errno::result(unsafe { libc::dup2(opened.as_raw_fd(), number) }).context("dup2")?;
        }
    }
    Ok(())
}

/// Takes capabilities away from whatever is executed from here on.
pub(crate) fn drop_capabilities(numbers: &[u8]) -> Result<()> {
    for number in numbers {
        // SAFETY: the request takes a number and no pointer.
        let result = unsafe { libc::prctl(libc::PR_CAPBSET_DROP, libc::c_ulong::from(*number)) };
        Errno::result(result).context("PR_CAPBSET_DROP")?;
    }
    Ok(())
}
