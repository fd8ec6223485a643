//! What is asked of a program in every engine.

use std::fs;

use anyhow::{Context, Result};
use mote_tests::{Target, dist, process, until};

/// Expects a process to run this machine's release file of a program, once the engine has let it.
pub(crate) fn runs(pid: i32, program: &str) -> Result<()> {
    let host = Target::host().context("this machine is none of the platforms")?;
    let expected = fs::read(dist::file(host.platform, program)?)?;
    until(&format!("process {pid} to be {program}"), || {
        let file = fs::read(format!("/proc/{pid}/exe")).with_context(|| format!("process {pid}"))?;
        Ok((file == expected).then_some(()))
    })
}

/// Leaves an orphan to the PID 1 `parent` by way of `shell`, ends it, and expects nothing to remain of it.
pub(crate) fn orphan_is_reaped(parent: i32, shell: impl Fn(&str) -> Result<()>) -> Result<()> {
    let children = || -> Result<usize> { Ok(process::children(parent)?.len()) };
    let before = children()?;
    shell("(sleep 1000 >/dev/null 2>&1 & echo $! >/tmp/orphan)")?;
    until("an orphan", || Ok((children()? == before + 1).then_some(())))?;
    shell("kill -9 $(cat /tmp/orphan)")?;
    until("the end of the orphan", || Ok((children()? == before).then_some(())))
        .with_context(|| format!("{:?}", process::children(parent)))
}
