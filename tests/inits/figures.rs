//! Cost of an init that runs `true`. These figures repeat exactly.

use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use mote_bench::count::{self, Until};
use mote_bench::in_new_pid_namespace;
use mote_tests::{Suite, Target, dist, process, require};

use crate::init::{INITS, Init, PID1, test};

/// tini-static and catatonit of Debian 12: 15,327 and 14,616.
const INSTRUCTIONS: u64 = 800;

/// tini-static and catatonit of Debian 12: 22 and 23.
const CALLS: usize = 16;

pub(crate) fn add(suite: Suite) -> Suite {
    let host: Vec<Target> = Target::host().into_iter().collect();
    let suite = test(suite, &INITS, &host, it_takes_at_most_800_instructions);
    let suite = test(suite, &[PID1], &host, the_cost_of_e_grows_linearly);
    test(suite, &INITS, &Target::native(), it_makes_at_most_16_system_calls)
}

fn command(target: Target, init: Init, options: &[String]) -> Result<Command> {
    require::root()?;
    let mut command = Command::new(dist::file(target.platform, init.name)?);
    command.args(options).args(["--", "true"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    Ok(command)
}

fn instructions(target: Target, init: Init, options: &[String]) -> Result<u64> {
    let command = command(target, init, options)?;
    in_new_pid_namespace(|| count::instructions(command, Until::Exit))
}

fn it_takes_at_most_800_instructions(target: Target, init: Init) -> Result<()> {
    let count = instructions(target, init, &[])?;
    ensure!((1..=INSTRUCTIONS).contains(&count), "{count} instructions");
    Ok(())
}

/// 80 variables cost less than three times what 40 cost.
fn the_cost_of_e_grows_linearly(target: Target, init: Init) -> Result<()> {
    let cost = |count: usize| {
        let options: Vec<String> = (0..count).map(|number| format!("-eV{number:04}=x")).collect();
        instructions(target, init, &options)
    };
    let [none, some, more] = [cost(0)?, cost(40)?, cost(80)?];
    ensure!(more - none < 3 * (some - none), "{none}, {some} and {more} instructions");
    Ok(())
}

fn it_makes_at_most_16_system_calls(target: Target, init: Init) -> Result<()> {
    let command = command(target, init, &[])?;
    let calls = in_new_pid_namespace(|| count::system_calls(command, Until::Exit))?;
    let calls: Vec<_> =
        calls.into_iter().map(|number| process::call(number, target).unwrap_or("?")).collect();
    ensure!((1..=CALLS).contains(&calls.len()), "{} system calls: {calls:?}", calls.len());
    Ok(())
}
