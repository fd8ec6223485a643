//! The state that a program was started in.

use std::fs;

use anyhow::{Context, Result};
use nix::libc;
use nix::unistd::{Pid, getpgrp, getppid, getsid, tcgetpgrp};

/// Descriptors above are the test child's own.
pub(crate) const OWN: i32 = 2000;

/// Lines of `/proc/self/status` about the state that `execve` has kept.
const STATUS: [&str; 5] = ["SigBlk", "SigIgn", "Uid", "Gid", "Groups"];

/// Returns one line for each fact.
pub(crate) fn lines() -> Result<Vec<String>> {
    let status = fs::read_to_string("/proc/self/status").context("status")?;
    let mut lines: Vec<String> = status
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| STATUS.contains(name))
        .map(|(name, value)| format!("{name} {}", value.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();
    lines.push(format!("pid {}", Pid::this()));
    lines.push(format!("ppid {}", getppid()));
    lines.push(format!("pgid {}", getpgrp()));
    lines.push(format!("sid {}", getsid(None).context("getsid")?));
    lines.push(match tcgetpgrp(std::io::stdin()) {
        Ok(group) => format!("foreground {group}"),
        Err(error) => format!("foreground {error:?}"),
    });
    lines.push(match std::env::current_dir() {
        Ok(directory) => format!("cwd {}", directory.display()),
        Err(error) => format!("cwd {error}"),
    });
    // SAFETY: the request takes numbers and no pointer.
    let is_open = |fd: &i32| unsafe { libc::fcntl(*fd, libc::F_GETFD) } >= 0;
    lines.extend((0..OWN).filter(is_open).map(|fd| format!("fd {fd}")));
    lines.extend(strings("cmdline")?.into_iter().take(1).map(|word| format!("argv0 {word}")));
    lines.extend(strings("environ")?.into_iter().map(|variable| format!("env {variable}")));
    Ok(lines)
}

/// Returns the zero-terminated strings of a file of `/proc/self`: unlike the library's, in order and with repetitions.
fn strings(file: &str) -> Result<Vec<String>> {
    let bytes = fs::read(format!("/proc/self/{file}")).context(file.to_owned())?;
    let strings = bytes.split_inclusive(|byte| *byte == 0);
    Ok(strings
        .map(|bytes| String::from_utf8_lossy(bytes.strip_suffix(b"\0").unwrap_or(bytes)).into())
        .collect())
}
