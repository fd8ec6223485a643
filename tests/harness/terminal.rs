//! A terminal, and the user in front of it.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::libc;
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, tcgetpgrp};

use crate::{Launcher, until};

/// The side of a terminal where the user sits.
pub struct Terminal {
    user: File,
    seen: Vec<u8>,
}

impl Terminal {
    /// A terminal, and the side that programs have.
    ///
    /// # Errors
    /// If there are no more.
    pub fn new() -> Result<(Self, OwnedFd)> {
        // Closed on exec from the first moment: other threads start programs meanwhile.
        let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
        let user = posix_openpt(flags | OFlag::O_NONBLOCK).context("posix_openpt")?;
        grantpt(&user).context("grantpt")?;
        unlockpt(&user).context("unlockpt")?;
        let side = open(ptsname_r(&user).context("ptsname")?.as_str(), flags, Mode::empty())?;
        Ok((Self { user: OwnedFd::from(user).into(), seen: Vec::new() }, side))
    }

    /// Presses these keys.
    ///
    /// # Errors
    /// If the terminal takes no more.
    pub fn types(&mut self, text: &str) -> Result<()> {
        self.seen.clear();
        self.user.write_all(text.as_bytes()).context("typing")
    }

    /// Gives the screen another size.
    ///
    /// # Errors
    /// If the terminal refuses.
    pub fn resize(&self, columns: u16, rows: u16) -> Result<()> {
        let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: the kernel reads the structure and writes nothing.
        let result = unsafe { libc::ioctl(self.user.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
        Errno::result(result).context("TIOCSWINSZ")?;
        Ok(())
    }

    /// Waits until the screen shows this, since something was last typed.
    ///
    /// # Errors
    /// If it never does.
    pub fn shows(&mut self, text: &str) -> Result<()> {
        let shown = until(&format!("{text:?} on the screen"), || {
            let mut buffer = [0; 4096];
            match self.user.read(&mut buffer) {
                Ok(count) => self.seen.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                // No program has the other side.
                Err(error) if error.kind() == ErrorKind::WouldBlock || error.raw_os_error() == Some(5) => {}
                Err(error) => return Err(error.into()),
            }
            Ok(String::from_utf8_lossy(&self.seen).contains(text).then_some(()))
        });
        shown.with_context(|| String::from_utf8_lossy(&self.seen).into_owned())
    }

    /// The process group that the terminal belongs to.
    ///
    /// # Errors
    /// If no program has it.
    pub fn foreground(&self) -> Result<i32> {
        tcgetpgrp(&self.user).map(Pid::as_raw).context("tcgetpgrp")
    }

    /// Waits until the terminal belongs to another group than this: a job that runs.
    ///
    /// # Errors
    /// If it never does.
    pub fn until_taken_from(&self, group: i32) -> Result<()> {
        until("a job in the foreground", || Ok((self.foreground()? != group).then_some(())))
    }

    /// Waits until it belongs to this group.
    ///
    /// # Errors
    /// If it never does.
    pub fn until_back_at(&self, group: i32) -> Result<()> {
        until("the shell in the foreground", || Ok((self.foreground()? == group).then_some(())))
    }
}

/// Has the terminal on all three streams.
///
/// # Errors
/// If there are no more descriptors.
pub fn on(launcher: Launcher, side: OwnedFd) -> Result<Launcher> {
    Ok(launcher.stdin(side.try_clone()?).stdout(side.try_clone()?).stderr(side).session())
}
