//! Arranges the state that a program is started with, then becomes that program.
//!
//! The tests have threads, and a process with threads must not fork and go on. The launcher has none, so it arranges the
//! state between its own start and its `execve`.

mod children;
mod filter;
mod namespace;
mod options;
mod place;
mod signals;

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;

use anyhow::{Context, Result};
use clap::Parser;
use nix::libc;
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, execv, setgroups, setresgid, setresuid};

use options::Options;

fn main() -> Result<()> {
    let options = Options::parse();
    // A program that is killed by a fault writes no core file.
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("setrlimit")?;
    // No process outlives the test that started it.
    prctl::set_pdeathsig(Signal::SIGKILL).context("prctl")?;
    if options.pid_namespace || options.process_2 {
        namespace::enter()?;
        prctl::set_pdeathsig(Signal::SIGKILL).context("prctl")?;
    }
    if options.process_2 {
        namespace::descend(options.linger.as_deref())?;
    }
    place::mount_over(&options.bind, options.own_proc)?;
    if options.session {
        place::lead_session()?;
    }
    children::make_zombies(options.zombies)?;
    children::make_unusual_zombies(options.unusual_zombies)?;
    children::make_orphans(options.orphans)?;
    children::make_living(options.children)?;
    if let Some(directory) = &options.cwd {
        std::env::set_current_dir(directory).context("chdir")?;
    }
    if let Some(bytes) = options.file_limit {
        setrlimit(Resource::RLIMIT_FSIZE, bytes, bytes).context("setrlimit")?;
    }
    place::open(&options.open)?;
    place::drop_capabilities(&options.drop_capability)?;
    signals::arrange(&options)?;
    if let Some(id) = options.uid {
        become_user(id)?;
    }
    let command: Vec<CString> =
        options.command.iter().map(|word| CString::new(word.as_bytes())).collect::<Result<_, _>>()?;
    let arguments = if options.no_arguments { &[] } else { command.as_slice() };
    let program = command.first().context("no program")?;
    for descriptor in &options.close {
        // SAFETY: nothing uses the descriptor between here and `execve`. An error would have nowhere to go.
        unsafe { libc::close(*descriptor) };
    }
    // SAFETY: takes a number and no pointer.
    unsafe { libc::alarm(options.alarm) };
    filter::install(options.abi, &options.refuse, &options.only)?;
    execv(program, arguments).with_context(|| format!("{program:?}"))?;
    Ok(())
}

/// Gives up every right of the present user for those of `id`, without supplementary groups.
fn become_user(id: u32) -> Result<()> {
    let (user, group) = (Uid::from_raw(id), Gid::from_raw(id));
    setgroups(&[]).context("setgroups")?;
    setresgid(group, group, group).context("setresgid")?;
    setresuid(user, user, user).context("setresuid")
}
