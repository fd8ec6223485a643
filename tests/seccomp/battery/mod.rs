//! The battery: all ways of each program that ask the kernel for something.
//!
//! The child is one of the programs as well: `hello`, or `pause` until a signal
//! comes.

mod catatonit;
mod dumb_init;
mod holders;
mod pid1;
mod tini;

use anyhow::{Context, Result, bail};
use mote_tests::terminal::{Terminal, on};
use mote_tests::{Cpu, Launcher, process, until};
use nix::sys::signal::Signal;

use crate::stage::{Stage, exits};

/// Something that the program does, and its name.
type Scenario = (&'static str, fn(&Stage) -> Result<()>);

/// Plays all scenarios of a program.
///
/// # Errors
/// If one comes to another end than it should.
pub(crate) fn play(program: &str, stage: &Stage) -> Result<()> {
    let scenarios: &[Scenario] = match program {
        "hello" => holders::HELLO,
        "pause" => holders::PAUSE,
        "pid1" => pid1::SCENARIOS,
        "tini" => tini::SCENARIOS,
        "dumb-init" => dumb_init::SCENARIOS,
        "catatonit" => catatonit::SCENARIOS,
        other => bail!("no battery for {other}"),
    };
    for (name, scenario) in scenarios {
        scenario(stage).with_context(|| (*name).to_owned())?;
    }
    Ok(())
}

/// Runs an init as PID 1 with a terminal as standard input, output and error.
fn on_terminal(stage: &Stage, options: &str) -> Result<()> {
    let (_terminal, side) = Terminal::new()?;
    says_hello(stage, on(stage.start().as_pid_1(), side)?, options, 0)
}

/// Checks that an init with the arguments of `line` and `hello` as its child exits with this status.
fn says_hello(stage: &Stage, launcher: Launcher, line: &str, status: i32) -> Result<()> {
    let launcher = line.split_whitespace().fold(launcher, Launcher::argument);
    exits(&launcher.argument("--").argument(stage.command("hello")?).run()?, status)
}

/// The same without a child.
fn ends(launcher: Launcher, line: &str, status: i32) -> Result<()> {
    exits(&line.split_whitespace().fold(launcher, Launcher::argument).run()?, status)
}

/// Sends a signal to an init with `pause` as its child, and checks that the init exits as the child does.
fn stops(stage: &Stage, line: &str, signal: Signal, status: i32) -> Result<()> {
    let launcher = line.split_whitespace().fold(stage.start().as_pid_1(), Launcher::argument);
    let running = launcher.argument("--").argument(stage.command("pause")?).spawn()?;
    stage.until_command_sleeps(&running)?;
    exits(&running.end_by(signal)?, status)
}

/// Stops and resumes PID 1 from outside, as a debugger or a freezer does: that interrupts its wait for signals.
fn goes_on(stage: &Stage) -> Result<()> {
    let running = stage.start().as_pid_1().argument("--").argument(stage.command("pause")?).spawn()?;
    stage.until_command_sleeps(&running)?;
    stage.until_it_listens(&running)?;
    running.signal(Signal::SIGSTOP)?;
    until("stop", || Ok(matches!(process::state(running.pid())?, 'T' | 't').then_some(())))?;
    running.signal(Signal::SIGCONT)?;
    // A program that the filter killed ends by SIGSYS.
    let outcome = match stage.until_it_listens(&running) {
        Ok(()) => running.end_by(Signal::SIGTERM)?,
        Err(_) => running.wait()?,
    };
    exits(&outcome, 0)
}

/// On a kernel without `close_range`, older than Linux 5.9. An emulator passes the call on.
fn on_an_old_kernel(stage: &Stage) -> Result<()> {
    says_hello(stage, stage.start().as_pid_1().refuse("close_range", "ENOSYS"), "", 0)
}

/// The child is an ELF file of another architecture, of which the init reads the first bytes.
fn foreign(stage: &Stage, status: i32) -> Result<()> {
    let file = stage.file("foreign", b"\x7fELF\x02\x01\x01", 0o755)?;
    exits(&stage.start().as_pid_1().argument("--").argument(file).run()?, status)
}

/// On a kernel without system calls with 32-bit times (CONFIG_COMPAT_32BIT_TIME). In an emulator both forms of a call
/// are one. `trouble` is the status of a wrong option.
fn without_32_bit_time(stage: &Stage, line: &str, trouble: i32) -> Result<()> {
    if !stage.target.calls_as_386() {
        return Ok(());
    }
    let launcher = || stage.start().as_pid_1().refuse("rt_sigtimedwait", "ENOSYS").refuse("ppoll", "ENOSYS");
    says_hello(stage, launcher(), line, 0)?;
    ends(launcher(), "-n", trouble)
}

/// The status of an init that insists on being a subreaper: emulators do not know that (qemu 7.2, EINVAL).
fn as_subreaper(stage: &Stage) -> i32 {
    i32::from(stage.target.cpu != Cpu::Native)
}
