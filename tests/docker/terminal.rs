//! A user at a terminal, attached to a container.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::process::{Child, ExitStatus};

use anyhow::{Context, Result};
use mote_tests::until;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::pty::openpty;

use crate::image::Container;

/// The engine's client in a terminal, killed when this is dropped.
pub(crate) struct Terminal {
    user: File,
    client: Child,
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts a container and sits down in front of it.
    pub(crate) fn start(container: &Container) -> Result<Self> {
        let pair = openpty(None, None).context("openpty")?;
        fcntl(&pair.master, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        fcntl(&pair.master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let mut client = container.client(&["start", "--attach", "--interactive"]);
        client.stdin(pair.slave.try_clone()?).stdout(pair.slave.try_clone()?).stderr(pair.slave);
        let client = client.spawn().context("docker")?;
        Ok(Self { user: pair.master.into(), client, seen: Vec::new() })
    }

    pub(crate) fn types(&mut self, text: &str) -> Result<()> {
        self.seen.clear();
        self.user.write_all(text.as_bytes()).context("typing")
    }

    /// Waits until the screen shows this, since something was last typed.
    pub(crate) fn shows(&mut self, text: &str) -> Result<()> {
        let shown = until(&format!("{text:?} on the screen"), || {
            self.read()?;
            Ok(String::from_utf8_lossy(&self.seen).contains(text).then_some(()))
        });
        shown.with_context(|| String::from_utf8_lossy(&self.seen).into_owned())
    }

    /// Waits for the client's end: it ends as the container does.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        until("the client to end", || {
            self.read()?;
            Ok(self.client.try_wait()?)
        })
    }

    /// Nothing may be there yet, and at the end no program has the other side.
    fn read(&mut self) -> Result<()> {
        let mut buffer = [0; 4096];
        match self.user.read(&mut buffer) {
            Ok(count) => self.seen.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.raw_os_error() == Some(nix::libc::EIO) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.client.kill();
        let _ = self.client.wait();
    }
}
