//! A process as `/proc` shows it.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use procfs::process::{MemoryMap, Process, Syscall, all_processes};
use syscalls::{x86, x86_64};

use crate::target::Target;

/// How often a process gave up the CPU, by itself and otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// It went to sleep.
    pub voluntary: u64,
    /// Its time was up.
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

/// The CPU time that a program has used, in user and kernel mode: its own thread, as an emulator has others with things of
/// their own to do.
///
/// # Errors
/// If there is no process `pid`.
pub fn cpu_time(pid: i32) -> Result<Duration> {
    let stat = Process::new(pid)?.task_main_thread()?.stat()?;
    Ok(Duration::from_secs_f64((stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64))
}

/// The memory of a process that is resident, shared pages included, in kB.
///
/// From `smaps_rollup`, which counts pages. `VmRSS` in `status` may lag behind.
///
/// # Errors
/// If there is no process `pid`, or it is someone else's.
pub fn resident(pid: i32) -> Result<u64> {
    let rollup = Process::new(pid)?.smaps_rollup()?;
    let map = rollup.memory_map_rollup.0.first().context("empty smaps_rollup")?;
    Ok(map.extension.map.get("Rss").context("no Rss")? / 1024)
}

/// The one-letter state: `S` asleep, `R` running, `T` stopped, `Z` dead but not waited for.
///
/// # Errors
/// If there is no process `pid`.
pub fn state(pid: i32) -> Result<char> {
    Ok(Process::new(pid)?.stat()?.state)
}

/// What the kernel calls a process: the name of its file, as far as that fits.
///
/// # Errors
/// If there is no process `pid`.
pub fn name(pid: i32) -> Result<String> {
    Ok(Process::new(pid)?.stat()?.comm)
}

/// The working directory.
///
/// # Errors
/// If there is no process `pid`, or it is someone else's.
pub fn cwd(pid: i32) -> Result<PathBuf> {
    Ok(Process::new(pid)?.cwd()?)
}

/// What is mapped into the memory of a process.
///
/// # Errors
/// If there is no process `pid`, or it is someone else's.
pub fn maps(pid: i32) -> Result<Vec<MemoryMap>> {
    Ok(Process::new(pid)?.maps()?.0)
}

/// The inode of the namespace of a `kind`, such as `net`, that a process is in.
///
/// # Errors
/// If there is no process `pid`, or it is someone else's.
pub fn namespace(pid: i32, kind: &str) -> Result<u64> {
    let namespaces = Process::new(pid)?.namespaces()?.0;
    Ok(namespaces.get(OsStr::new(kind)).with_context(|| format!("no namespace {kind}"))?.identifier)
}

/// The number of a process in its innermost PID namespace.
///
/// # Errors
/// If there is no process `pid`.
pub fn inner_pid(pid: i32) -> Result<i32> {
    let numbers = Process::new(pid)?.status()?.nspid.context("no NSpid")?;
    numbers.last().copied().context("empty NSpid")
}

/// The children of a process, dead ones included, with their states.
///
/// # Errors
/// If `/proc` can't be read.
pub fn children(pid: i32) -> Result<Vec<(i32, char)>> {
    let stats = all_processes()?.filter_map(|process| process.ok()?.stat().ok());
    Ok(stats.filter(|stat| stat.ppid == pid).map(|stat| (stat.pid, stat.state)).collect())
}

/// The children of a process of one thread, dead ones included. Unlike [`children`] it looks at no other process.
///
/// # Errors
/// If there is no process `pid`.
pub fn children_of(pid: i32) -> Result<Vec<i32>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
    text.split_whitespace().map(|number| Ok(number.parse()?)).collect()
}

/// The signals that wait for a process and that it does not block: they are about to do something to it.
///
/// # Errors
/// If there is no process `pid`.
pub fn arriving(pid: i32) -> Result<u64> {
    let status = Process::new(pid)?.status()?;
    Ok((status.sigpnd | status.shdpnd) & !status.sigblk)
}

/// The system call that a process is asleep in, if it is.
///
/// # Errors
/// If there is no process `pid`, or it is someone else's.
pub fn asleep_in(pid: i32, target: Target) -> Result<Option<&'static str>> {
    let Syscall::Blocked { syscall_number, .. } = Process::new(pid)?.syscall()? else { return Ok(None) };
    Ok(u64::try_from(syscall_number).ok().and_then(|number| call(number, target)))
}

/// The name of the system call of this number, as programs of the target make it.
pub fn call(number: u64, target: Target) -> Option<&'static str> {
    let number = usize::try_from(number).ok()?;
    if target.calls_as_386() {
        x86::Sysno::new(number).map(|call| call.name())
    } else {
        x86_64::Sysno::new(number).map(|call| call.name())
    }
}
