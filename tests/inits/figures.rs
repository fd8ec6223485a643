//! What `pid1 -- true` costs. These figures repeat exactly.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use mote_tests::{Suite, Target, process};
use nix::unistd::Uid;
use xtask::bench::count::{self, Until};

use crate::fixture::itself;

/// tini-static: 35,373, since it warns first where it is not PID 1.
const INSTRUCTIONS: u64 = 2_000;

/// tini-static: 24.
const CALLS: usize = 16;

pub(crate) fn add(suite: Suite) -> Suite {
    let host: Vec<Target> = Target::host().into_iter().collect();
    suite
        .each("pid1::takes_at_most_2000_instructions", &host, instructions)
        .each("pid1::the_cost_of_e_grows_linearly", &host, variables)
        .each("pid1::makes_at_most_16_system_calls", &Target::native(), calls)
}

fn start(target: Target, options: &[String]) -> Result<Command> {
    let [file] = itself(target)?.try_into().map_err(|_| anyhow::anyhow!("an emulator"))?;
    let mut command = Command::new(file);
    command
        .args(options)
        .args(["--", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    if Uid::effective().is_root() {
        // It runs in no namespace of its own here, and is to have no rights over the machine's processes.
        command.uid(65535).gid(65535);
    }
    Ok(command)
}

fn instructions(target: Target) -> Result<()> {
    let count = count::instructions(&mut start(target, &[])?, Until::End)?;
    println!("{count} instructions");
    ensure!(count <= INSTRUCTIONS, "{count} instructions");
    Ok(())
}

/// Twice as many take twice as long, and a little.
fn variables(target: Target) -> Result<()> {
    let cost = |count: usize| -> Result<u64> {
        let options: Vec<String> = (0..count).map(|number| format!("-eV{number:04}=x")).collect();
        count::instructions(&mut start(target, &options)?, Until::End)
    };
    let [none, some, more] = [cost(0)?, cost(40)?, cost(80)?];
    println!("{none}, {some} and {more} instructions");
    ensure!(more - none < 3 * (some - none), "{none}, {some} and {more} instructions");
    Ok(())
}

fn calls(target: Target) -> Result<()> {
    let calls = count::calls(&mut start(target, &[])?, Until::End)?;
    let calls: Vec<_> =
        calls.into_iter().map(|number| process::call(number, target).unwrap_or("?")).collect();
    println!("{} system calls", calls.len());
    ensure!(!calls.is_empty() && calls.len() <= CALLS, "{} system calls: {calls:?}", calls.len());
    Ok(())
}
