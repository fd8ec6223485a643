//! A running program.

use std::io::Read;
use std::process::Child;
use std::time::Duration;

use anyhow::{Result, bail};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;

use crate::outcome::{End, Outcome};
use crate::process;
use crate::signal::{SIGKILL, Signal, send};
use crate::target::Target;
use crate::wait::until;

/// The calls that a program sleeps in permanently. An emulator turns one into another.
const SLEEPING: [&str; 3] = ["pause", "ppoll", "rt_sigsuspend"];

/// CPU time that no start takes. A program that has used so much runs in a loop.
const BUSY: Duration = Duration::from_millis(500);

/// The state that a program reaches after its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It sleeps in this system call.
    Asleep(&'static str),
    /// It uses the CPU and does not stop.
    Busy,
    /// It has ended.
    Ended,
}

/// A program that was started, and is killed when this is dropped.
pub struct Running {
    child: Child,
    subject: i32,
    target: Target,
}

impl Running {
    /// The program that `child` is, or the one that it started as process `inside` of a PID namespace. A `tracer` is
    /// one more process in front.
    pub(crate) fn new(child: Child, tracer: bool, inside: u32, target: Target) -> Result<Self> {
        let pid = i32::try_from(child.id())?;
        let mut running = Self { child, subject: pid, target };
        // Before it starts anything, strace tries the kernel out on children that don't become anything else.
        let is_it = |number: i32| !tracer || process::name(number).is_ok_and(|name| name != "strace");
        for number in u32::from(!tracer)..=inside {
            running.subject = until(&format!("process {number}"), || {
                if running.has_ended() {
                    // The launcher has ended as the program did, and stands for it.
                    return Ok(Some(pid));
                }
                Ok(process::children(running.subject)?
                    .into_iter()
                    .map(|(pid, _)| pid)
                    .find(|pid| is_it(*pid)))
            })?;
        }
        Ok(running)
    }

    /// Returns whether the launcher has ended. It stays a zombie, so that its PID can't become that of an unrelated process,
    /// which would then get the signals of the test.
    fn has_ended(&self) -> bool {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        let launcher = Pid::from_raw(i32::try_from(self.child.id()).unwrap_or_default());
        // An error means that it was killed by a signal for which nix has no name.
        !matches!(waitid(Id::Pid(launcher), flags), Ok(WaitStatus::StillAlive))
    }

    /// Returns the PID of the program.
    pub fn pid(&self) -> i32 {
        self.subject
    }

    /// Returns its platform, and what executes it.
    pub fn target(&self) -> Target {
        self.target
    }

    /// Waits until the program sleeps permanently, or evidently never will.
    ///
    /// # Errors
    /// If it does neither.
    pub fn settle(&mut self) -> Result<State> {
        until("the program to go to sleep", || {
            if self.has_ended() {
                return Ok(Some(State::Ended));
            }
            let (Ok(call), Ok(time)) =
                (process::asleep_in(self.subject, self.target), process::cpu_time(self.subject))
            else {
                // It was killed meanwhile, which the next round sees.
                return Ok(None);
            };
            match call {
                Some(call) if SLEEPING.contains(&call) => Ok(Some(State::Asleep(call))),
                _ if time >= BUSY => Ok(Some(State::Busy)),
                _ => Ok(None),
            }
        })
    }

    /// Waits until the program sleeps permanently, and returns the call that it sleeps in.
    ///
    /// # Errors
    /// If the program does not sleep.
    pub fn fall_asleep(&mut self) -> Result<&'static str> {
        match self.settle()? {
            State::Asleep(call) => Ok(call),
            State::Busy => bail!("expected sleep, but it runs and runs"),
            State::Ended => bail!("expected sleep, got {:?}", self.outcome()?),
        }
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn signal(&self, signal: impl Into<Signal>) -> Result<()> {
        send(self.subject, signal)
    }

    /// Ends the program's standard input.
    pub fn close_stdin(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Waits for the program's end.
    ///
    /// # Errors
    /// If it doesn't end.
    pub fn wait(mut self) -> Result<Outcome> {
        self.outcome()
    }

    fn outcome(&mut self) -> Result<Outcome> {
        let status = until("the program to end", || Ok(self.child.try_wait()?))?;
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        if let Some(mut stream) = self.child.stdout.take() {
            stream.read_to_end(&mut stdout)?;
        }
        if let Some(mut stream) = self.child.stderr.take() {
            stream.read_to_end(&mut stderr)?;
        }
        Ok(Outcome { stdout, stderr, end: End::of(status)? })
    }

    /// Sends a signal and waits for the end.
    ///
    /// # Errors
    /// Those of [`Self::signal`] and [`Self::wait`].
    pub fn end_by(self, signal: impl Into<Signal>) -> Result<Outcome> {
        self.signal(signal)?;
        self.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once it was reaped, its PID may belong to an unrelated process.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = send(self.subject, SIGKILL);
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
