//! The start under a limit of the address space. Memory that is reserved for the worst case would be refused.

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::test_dir::{TestDir, with, words};
use mote_tests::{Launcher, Outcome, Suite, Target, dist};

use crate::init::{INITS, Init, PID1, tests};
use crate::user::Etc;

pub(crate) fn add(suite: Suite) -> Suite {
    // An emulator needs more memory itself.
    let native = Target::native();
    tests!(suite;
        INITS, native => starts_with_1000_kb_of_address_space;
        [PID1], native => starts_with_1000_kb_of_address_space_and_options;
    )
}

/// Returns a start of the init by a shell that limits the address space to 1000 kB.
fn limited(target: Target, init: Init) -> Result<Launcher> {
    let host = Target::host().context("no native platform")?;
    let shell = Launcher::of_file(host, "/bin/sh").as_pid_1();
    let script = "ulimit -v 1000 && exec \"$@\"";
    Ok(with(with(shell, ["-c", script, "sh"]), init.itself(target)?))
}

/// Runs a child that is as small as the init. Messages on standard error are not the matter here.
fn runs(target: Target, launcher: Launcher) -> Result<()> {
    let outcome = launcher.argument("--").argument(dist::file(target.platform, "hello")?).run()?;
    let expected = Outcome::exited("Hello, World!\n", 0);
    same((outcome.end, outcome.stdout), (expected.end, expected.stdout))
}

fn starts_with_1000_kb_of_address_space(target: Target, init: Init) -> Result<()> {
    runs(target, limited(target, init)?)
}

fn starts_with_1000_kb_of_address_space_and_options(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    Etc::new("alice:x:1000:1000::/home/alice:\n", "staff:x:50:alice\n").start(&dir, target)?;
    for options in ["", "-t 5 -x 1:2 -e A=1 -e B=2", "-u alice", "-u 5:6 -w /", "-kvT"] {
        let launcher = limited(target, init)?.bind(&dir.join("etc"), "/etc").env("PID1_OPTS", "-e C=3");
        runs(target, words(launcher, options)).with_context(|| options.to_owned())?;
    }
    Ok(())
}
