//! What is asked of a program in every engine.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mote_tests::{Case, dist, process, until};

/// Engines wait 10 s and more before they kill. Whatever takes less than this needed none of it.
const LIMIT: Duration = Duration::from_millis(500);

/// Expects `stop` to be done at once. A busy machine may hold up one, which `start` then makes good, but not
/// each of many.
pub(crate) fn stops_in_time(stop: impl Fn() -> Result<()>, start: impl Fn() -> Result<()>) -> Result<()> {
    let mut took = Vec::new();
    loop {
        let begin = Instant::now();
        stop()?;
        took.push(begin.elapsed());
        match took.last() {
            Some(last) if *last < LIMIT => return Ok(()),
            _ if took.len() == 5 => bail!("the stops took {took:?}"),
            _ => start()?,
        }
    }
}

/// Expects a process to run this machine's release file of a program, once the engine has let it.
pub(crate) fn runs(pid: i32, program: &str) -> Result<()> {
    let host = Case::host().context("this machine is none of the platforms")?;
    let expected = fs::read(dist::file(host.platform, program)?)?;
    until(&format!("process {pid} to be {program}"), || {
        let file = fs::read(format!("/proc/{pid}/exe")).with_context(|| format!("process {pid}"))?;
        Ok((file == expected).then_some(()))
    })
}

/// Leaves an orphan to the process 1 `parent` by way of `shell`, ends it, and expects nothing to remain of it.
pub(crate) fn orphan_is_reaped(parent: i32, shell: impl Fn(&str) -> Result<()>) -> Result<()> {
    let children = || -> Result<usize> { Ok(process::children(parent)?.len()) };
    let before = children()?;
    shell("(sleep 1000 >/dev/null 2>&1 & echo $! >/tmp/orphan)")?;
    until("an orphan", || Ok((children()? == before + 1).then_some(())))?;
    shell("kill -9 $(cat /tmp/orphan)")?;
    until("the end of the orphan", || Ok((children()? == before).then_some(())))
        .with_context(|| format!("{:?}", process::children(parent)))
}
