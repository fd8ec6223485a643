//! A process as `/proc` shows it.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use procfs::process::{MemoryMap, Process, Syscall, all_processes};
use syscalls::{x86, x86_64};

use crate::target::Target;

/// Context switches of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// It went to sleep.
    pub voluntary: u64,
    /// Its time slice was over.
    pub nonvoluntary: u64,
}

/// # Errors
/// If there is no process `pid`.
pub fn switches(pid: i32) -> Result<Switches> {
    let status = Process::new(pid)?.status()?;
    Ok(Switches {
        voluntary: status.voluntary_ctxt_switches.context("no voluntary_ctxt_switches")?,
        nonvoluntary: status.nonvoluntary_ctxt_switches.context("no nonvoluntary_ctxt_switches")?,
    })
}

/// Returns the CPU time that the main thread of a program has used, in user and kernel mode. An emulator has other threads
/// of its own.
///
/// # Errors
/// If there is no process `pid`.
pub fn cpu_time(pid: i32) -> Result<Duration> {
    let stat = Process::new(pid)?.task_main_thread()?.stat()?;
    Ok(Duration::from_secs_f64((stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64))
}

/// Returns the memory of a process that is resident, shared pages included, in kB.
///
/// From `smaps_rollup`, which counts pages. `VmRSS` in `status` may lag behind.
///
/// # Errors
/// If there is no process `pid`, or it is another user's.
pub fn resident(pid: i32) -> Result<u64> {
    let rollup = Process::new(pid)?.smaps_rollup()?;
    let map = rollup.memory_map_rollup.0.first().context("empty smaps_rollup")?;
    Ok(map.extension.map.get("Rss").context("no Rss")? / 1024)
}

/// Returns the one-letter state: `S` asleep, `R` running, `T` stopped, `Z` zombie.
///
/// # Errors
/// If there is no process `pid`.
pub fn state(pid: i32) -> Result<char> {
    Ok(Process::new(pid)?.stat()?.state)
}

/// Returns the name of a process: the first 15 bytes of that of its file.
///
/// # Errors
/// If there is no process `pid`.
pub fn name(pid: i32) -> Result<String> {
    Ok(Process::new(pid)?.stat()?.comm)
}

/// Returns the working directory.
///
/// # Errors
/// If there is no process `pid`, or it is another user's.
pub fn cwd(pid: i32) -> Result<PathBuf> {
    Ok(Process::new(pid)?.cwd()?)
}

/// Returns the memory mappings of a process.
///
/// # Errors
/// If there is no process `pid`, or it is another user's.
pub fn maps(pid: i32) -> Result<Vec<MemoryMap>> {
    Ok(Process::new(pid)?.maps()?.0)
}

/// Returns the inode of the namespace of a `kind`, such as `net`, that a process is in.
///
/// # Errors
/// If there is no process `pid`, or it is another user's.
pub fn namespace(pid: i32, kind: &str) -> Result<u64> {
    let namespaces = Process::new(pid)?.namespaces()?.0;
    Ok(namespaces.get(OsStr::new(kind)).with_context(|| format!("no namespace {kind}"))?.identifier)
}

/// Returns the PID of a process in its innermost PID namespace.
///
/// # Errors
/// If there is no process `pid`.
pub fn inner_pid(pid: i32) -> Result<i32> {
    let numbers = Process::new(pid)?.status()?.nspid.context("no NSpid")?;
    numbers.last().copied().context("empty NSpid")
}

/// Returns the children of a process, zombies included, with their states.
///
/// # Errors
/// If `/proc` can't be read.
pub fn children(pid: i32) -> Result<Vec<(i32, char)>> {
    let stats = all_processes()?.filter_map(|process| process.ok()?.stat().ok());
    Ok(stats.filter(|stat| stat.ppid == pid).map(|stat| (stat.pid, stat.state)).collect())
}

/// Returns the children of a process of one thread, zombies included. Unlike [`children`] it looks at no other process.
///
/// # Errors
/// If there is no process `pid`.
pub fn children_of(pid: i32) -> Result<Vec<i32>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
    text.split_whitespace().map(|number| Ok(number.parse()?)).collect()
}

/// Returns the signals that are pending for a process and not blocked, so that they are about to take effect.
///
/// # Errors
/// If there is no process `pid`.
pub fn arriving(pid: i32) -> Result<u64> {
    let status = Process::new(pid)?.status()?;
    Ok((status.sigpnd | status.shdpnd) & !status.sigblk)
}

/// Returns the system call that a process is asleep in, if any.
///
/// # Errors
/// If there is no process `pid`, or it is another user's.
pub fn asleep_in(pid: i32, target: Target) -> Result<Option<&'static str>> {
    let Syscall::Blocked { syscall_number, .. } = Process::new(pid)?.syscall()? else { return Ok(None) };
    Ok(u64::try_from(syscall_number).ok().and_then(|number| call(number, target)))
}

/// Returns the name of the system call of this number, as programs of the target make it.
pub fn call(number: u64, target: Target) -> Option<&'static str> {
    let number = usize::try_from(number).ok()?;
    if target.calls_as_386() {
        x86::Sysno::new(number).map(|call| call.name())
    } else {
        x86_64::Sysno::new(number).map(|call| call.name())
    }
}
