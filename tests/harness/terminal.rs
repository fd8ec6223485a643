//! A pseudoterminal, and the side of its user.

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

/// The user's side of a terminal.
pub struct Terminal {
    user: File,
    seen: Vec<u8>,
}

impl Terminal {
    /// Opens a terminal. Returns it with the side of its programs.
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

    /// Types these keys.
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

    /// Waits until the screen has shown this since keys were last typed.
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

    /// Returns the foreground process group.
    ///
    /// # Errors
    /// If no process has the other side open.
    pub fn foreground(&self) -> Result<i32> {
        tcgetpgrp(&self.user).map(Pid::as_raw).context("tcgetpgrp")
    }

    /// Waits until a job has the terminal: another process group than this is in the foreground.
    ///
    /// # Errors
    /// If it never does.
    pub fn until_taken_from(&self, group: i32) -> Result<()> {
        until("a job in the foreground", || Ok((self.foreground()? != group).then_some(())))
    }

    /// Waits until this process group is in the foreground.
    ///
    /// # Errors
    /// If it never does.
    pub fn until_back_at(&self, group: i32) -> Result<()> {
        until("the shell in the foreground", || Ok((self.foreground()? == group).then_some(())))
    }
}

/// Redirects all three standard streams to the terminal, as the controlling terminal of a new session.
///
/// # Errors
/// If there are no more descriptors.
pub fn on(launcher: Launcher, side: OwnedFd) -> Result<Launcher> {
    Ok(launcher.stdin(side.try_clone()?).stdout(side.try_clone()?).stderr(side).session())
}
