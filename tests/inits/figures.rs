//! The cost of `pid1 -- true`. The numbers repeat exactly.

use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use mote_bench::count::{self, Until};
use mote_bench::in_new_pid_namespace;
use mote_tests::{Suite, Target, dist, process, require};

use crate::init::{INITS, Init, PID1, test};

/// tini-static takes 35,373, as it warns that it is not PID 1.
const INSTRUCTIONS: u64 = 2_000;

/// tini-static takes 24.
const CALLS: usize = 16;

pub(crate) fn add(suite: Suite) -> Suite {
    let host: Vec<Target> = Target::host().into_iter().collect();
    suite
        .test(&host, true_takes_at_most_2000_instructions)
        .test(&host, the_cost_of_e_grows_linearly)
        .test(&Target::native(), true_takes_at_most_16_system_calls)
}

fn command(target: Target, init: Init, options: &[String]) -> Result<Command> {
    require::root()?;
    let mut command = Command::new(dist::file(target.platform, init.name)?);
    command.args(options).args(["--", "true"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    if Uid::effective().is_root() {
        // It has no PID namespace here, and must have no permissions over the processes of this machine.
        command.uid(65535).gid(65535);
    }
    Ok(command)
}

fn true_takes_at_most_2000_instructions(target: Target) -> Result<()> {
    let count = count::instructions(&mut start(target, &[])?, Until::End)?;
    println!("{count} instructions");
    ensure!(count <= INSTRUCTIONS, "{count} instructions");
    Ok(())
}

/// Twice as many take twice as long, and a little.
fn the_cost_of_e_grows_linearly(target: Target) -> Result<()> {
    let cost = |count: usize| -> Result<u64> {
        let options: Vec<String> = (0..count).map(|number| format!("-eV{number:04}=x")).collect();
        instructions(target, init, &options)
    };
    let [none, some, more] = [cost(0)?, cost(40)?, cost(80)?];
    ensure!(more - none < 3 * (some - none), "{none}, {some} and {more} instructions");
    Ok(())
}

fn true_takes_at_most_16_system_calls(target: Target) -> Result<()> {
    let calls = count::calls(&mut start(target, &[])?, Until::End)?;
    let calls: Vec<_> =
        calls.into_iter().map(|number| process::call(number, target).unwrap_or("?")).collect();
    ensure!((1..=CALLS).contains(&calls.len()), "{} system calls: {calls:?}", calls.len());
    Ok(())
}
