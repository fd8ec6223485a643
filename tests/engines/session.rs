//! A user at a terminal, and a container with dumb-init as its entry point.

use std::process::Child;

use anyhow::{Context, Result};
use mote_tests::docker::Engine;
use mote_tests::outcome::same;
use mote_tests::terminal::Terminal;
use mote_tests::{process, until};

use crate::docker::{busybox, file, inspect};

/// An interactive shell under dumb-init: keys reach its jobs, and its exit status is passed on.
pub(crate) fn job_control(engine: &Engine) -> Result<()> {
    let mut session = Session::start(engine, &["--env=PS1=prompt> "], &["sh", "-i"])?;
    session.terminal.shows("prompt> ")?;
    session.terminal.types("sleep 1000\n")?;
    session.until_runs("sleep", 'S')?;
    session.terminal.types("\x03")?;
    session.terminal.shows("prompt> ")?;
    session.terminal.types("echo status-$?\n")?;
    session.terminal.shows("status-130")?;
    // Ctrl-Z, fg, and Ctrl-C again.
    session.terminal.types("sleep 1001\n")?;
    session.until_runs("sleep", 'S')?;
    session.terminal.types("\x1a")?;
    session.until_runs("sleep", 'T')?;
    session.terminal.shows("prompt> ")?;
    session.terminal.types("fg\n")?;
    session.until_runs("sleep", 'S')?;
    session.terminal.types("\x03")?;
    session.terminal.shows("prompt> ")?;
    session.terminal.types("exit 5\n")?;
    session.ends(5)
}

/// Ctrl-C reaches the child itself. Ctrl-Z can't stop it: its process group is orphaned, as the only one in its session
/// (`setpgid(2)`). Docker's signal can, which dumb-init forwards as SIGSTOP; it is itself PID 1, which nothing
/// stops in its own namespace.
pub(crate) fn suspends_and_interrupts(engine: &Engine) -> Result<()> {
    let script = "trap 'echo interrupted; exit 9' INT; echo ready; while :; do read -r line; done";
    let mut session = Session::start(engine, &[], &["sh", "-c", script])?;
    session.terminal.shows("ready")?;
    session.terminal.types("\x1a")?;
    session.terminal.shows("^Z")?;
    session.until_runs("sh", 'S')?;
    session.kill("TSTP")?;
    session.until_runs("sh", 'T')?;
    session.kill("CONT")?;
    session.until_runs("sh", 'S')?;
    session.terminal.types("\x03")?;
    session.terminal.shows("interrupted")?;
    session.ends(9)
}

/// A container with dumb-init as its entry point, and a user in front of it. Both are gone when this is dropped.
struct Session<'a> {
    engine: &'a Engine,
    terminal: Terminal,
    client: Child,
}

/// What its container is called.
const SESSION: &str = "session";

impl<'a> Session<'a> {
    fn start(engine: &'a Engine, options: &[&str], command: &[&str]) -> Result<Self> {
        let image = busybox(engine)?;
        let mount = format!("--volume={}:/dumb-init:ro", file("dumb-init")?.canonicalize()?.display());
        let (terminal, side) = Terminal::new()?;
        let mut client = engine.client();
        client.args(["run", "--interactive", "--tty", "--network=none", "--name", SESSION]);
        client.args([&mount, "--entrypoint=/dumb-init"]).args(options).arg(image).args(command);
        client.stdin(side.try_clone()?).stdout(side.try_clone()?).stderr(side);
        let client = client.spawn().context("docker")?;
        Ok(Self { engine, terminal, client })
    }

    /// Waits until a process of this name is below the shell or is it, in this state.
    fn until_runs(&self, name: &str, state: char) -> Result<()> {
        until(&format!("{name} in state {state}"), || {
            let init = inspect(self.engine, "State.Pid", SESSION)?.parse()?;
            let mut found = process::children(init)?;
            for (shell, _) in found.clone() {
                found.extend(process::children(shell)?);
            }
            let is_it =
                |(pid, its): &(i32, char)| *its == state && process::name(*pid).is_ok_and(|own| own == name);
            Ok(found.iter().any(is_it).then_some(()))
        })
    }

    fn kill(&self, signal: &str) -> Result<()> {
        self.engine.docker(&["kill", "--signal", signal, SESSION]).map(drop)
    }

    /// Checks that the client exits as the child did.
    fn ends(mut self, status: i32) -> Result<()> {
        let ended = until("the client's end", || Ok(self.client.try_wait()?))?;
        same(ended.code(), Some(status))
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let _ = self.engine.try_docker(&["rm", "--force", SESSION]);
        let _ = self.client.kill();
        let _ = self.client.wait();
    }
}
