//! The steps.

use std::ffi::{CString, OsString};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use mote_tests::Signal;
use mote_tests::signal::{SIGKILL, SIGPIPE, SIGUSR2};
use nix::errno::Errno;
use nix::libc;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, Uid, execvp, fork, getppid, pause, setpgid, setresuid, setsid};

use crate::{report, signals};

/// The performer of the steps, and the destination of its lines.
pub(crate) struct Actor {
    log: Option<File>,
    name: String,
}

impl Actor {
    pub(crate) fn new() -> Self {
        Self { log: None, name: String::new() }
    }

    /// Performs the steps.
    pub(crate) fn perform(&mut self, mut words: &[OsString]) -> Result<()> {
        while let Some((word, rest)) = words.split_first() {
            let word = word.to_str().context("not UTF-8")?;
            let (step, value) = word.split_once('=').unwrap_or((word, ""));
            words = rest;
            match step {
                "arguments" => return self.arguments(rest),
                "exec" => return exec(rest),
                "fork" | "daemon" | "orphans" | "pair" | "repeat" => {
                    let (block, after) = block(rest)?;
                    words = after;
                    self.block(step, value, block)?;
                }
                _ => self.simple(step, value).with_context(|| word.to_owned())?,
            }
        }
        Ok(())
    }

    fn simple(&mut self, step: &str, value: &str) -> Result<()> {
        match step {
            "log" => self.log = Some(open_log(value)?),
            "name" => self.name = format!("{value}: "),
            "say" => self.say(value)?,
            "report" => report::lines()?.iter().try_for_each(|line| self.say(line))?,
            "touch" => drop(File::create(value)?),
            "await" => poll(|| Path::new(value).exists()),
            "eof" => drop(std::io::stdin().read_to_end(&mut Vec::new())?),
            "close" => nix::unistd::close(value.parse::<i32>()?)?,
            "block" => signals::block_all()?,
            "hear" if value.is_empty() => self.hear(None)?,
            "hear" => self.hear(Some(value.parse()?))?,
            "ignore" => signals::ignore(value.parse()?)?,
            "die" => signals::die(value.parse()?)?,
            "traced" => nix::sys::ptrace::traceme()?,
            "kill" => kill_group(value.parse()?)?,
            "tell" => tell_parent(value.parse()?)?,
            "flood" => loop {
                let signals = Signal::all().filter(|signal| *signal <= SIGPIPE && *signal != SIGKILL);
                signals.into_iter().try_for_each(tell_parent)?;
            },
            "user" => become_user(value.parse()?)?,
            "ask" => ask(value.parse()?)?,
            "expect" => expect(value.parse()?)?,
            "despair" => while signals::next()?.0 != SIGUSR2 {},
            "exit" => leave(value.parse()?),
            "sleep" => loop {
                pause();
            },
            "doze" => thread::sleep(Duration::from_secs(value.parse()?)),
            "group" => setpgid(Pid::from_raw(0), Pid::from_raw(0))?,
            "session" => drop(setsid()?),
            "leave" => {
                let child = self.child(|_| {
                    loop {
                        pause();
                    }
                })?;
                setpgid(child, child)?;
                setpgid(Pid::from_raw(0), child)?;
            }
            "wait" => while waitpid(None, None) != Err(Errno::ECHILD) {},
            "orphaned" => {
                let parent = getppid();
                poll(|| getppid() != parent);
            }
            _ => bail!("unknown"),
        }
        Ok(())
    }

    fn block(&mut self, step: &str, value: &str, block: &[OsString]) -> Result<()> {
        match step {
            "fork" => self.child(|child| child.perform(block)).map(drop),
            "daemon" => self.orphans(1, |child| {
                setsid()?;
                child.perform(block)
            }),
            "orphans" => self.orphans(value.parse()?, |child| child.perform(block)),
            "pair" => {
                let (reader, writer) = std::io::pipe()?;
                let mut writer = Some(writer);
                self.child(|child| {
                    drop(writer.take());
                    (&reader).read_to_end(&mut Vec::new())?;
                    child.perform(block)
                })?;
                // The kernel closes this end while this process exits, shortly before its parent gets SIGCHLD.
                std::mem::forget(writer);
                Ok(())
            }
            _ => (0..value.parse::<u32>()?).try_for_each(|_| self.perform(block)),
        }
    }

    /// Starts processes whose parent ends before this returns.
    fn orphans(&mut self, count: u32, work: impl Fn(&mut Self) -> Result<()>) -> Result<()> {
        let parent = self.child(|child| {
            for _ in 0..count {
                child.child(&work)?;
            }
            Ok(())
        })?;
        match waitpid(parent, None) {
            // A process that ignores SIGCHLD gets ECHILD when all children have ended.
            Ok(_) | Err(Errno::ECHILD) => Ok(()),
            Err(error) => Err(error).context("waitpid"),
        }
    }

    fn child(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<Pid> {
        // SAFETY: this process has one thread.
        match unsafe { fork() }.context("fork")? {
            ForkResult::Parent { child } => Ok(child),
            ForkResult::Child => leave(match work(self) {
                Ok(()) => 0,
                Err(error) => {
                    let _ = self.say(&format!("error: {error:#}"));
                    99
                }
            }),
        }
    }

    fn hear(&self, last: Option<Signal>) -> Result<()> {
        loop {
            let (signal, sender) = signals::next()?;
            self.say(&format!("signal {signal} from {sender}"))?;
            if last == Some(signal) {
                return Ok(());
            }
        }
    }

    fn arguments(&self, words: &[OsString]) -> Result<()> {
        let length: usize = words.iter().map(|word| word.len()).sum();
        self.say(&format!("{} arguments, {length} bytes", words.len()))
    }

    /// One line by one `write`, so that lines of several processes don't mix.
    fn say(&self, text: &str) -> Result<()> {
        let line = format!("{}{text}\n", self.name);
        match &self.log {
            Some(log) => (&*log).write_all(line.as_bytes())?,
            None => std::io::stdout().write_all(line.as_bytes())?,
        }
        Ok(())
    }
}

/// Opens the log as a descriptor above those that are reported.
fn open_log(path: &str) -> Result<File> {
    let file = File::options().append(true).create(true).open(path)?;
    // SAFETY: the request takes numbers and no pointer.
    let number = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, report::OWN) };
    let number = Errno::result(number).context("fcntl")?;
    // SAFETY: the descriptor is new, and has no other owner.
    Ok(unsafe { File::from_raw_fd(number) })
}

/// Returns the steps between the first bracket and the one that closes it, and the steps after.
fn block(words: &[OsString]) -> Result<(&[OsString], &[OsString])> {
    let mut depth = 0;
    for (index, word) in words.iter().enumerate() {
        match word.as_bytes() {
            b"[" => depth += 1,
            b"]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let block = words.get(1..index).context("no [")?;
            return Ok((block, words.get(index + 1..).unwrap_or_default()));
        }
    }
    bail!("no ]")
}

fn exec(words: &[OsString]) -> Result<()> {
    let words: Vec<CString> =
        words.iter().map(|word| CString::new(word.clone().into_vec())).collect::<Result<_, _>>()?;
    execvp(words.first().context("exec what?")?, &words).context("exec")?;
    Ok(())
}

fn kill_group(signal: Signal) -> Result<()> {
    // SAFETY: takes numbers and no pointer.
    Errno::result(unsafe { libc::kill(0, signal.number()) }).context("kill")?;
    Ok(())
}

fn tell_parent(signal: Signal) -> Result<()> {
    // SAFETY: takes numbers and no pointer.
    Errno::result(unsafe { libc::kill(getppid().as_raw(), signal.number()) }).context("kill")?;
    Ok(())
}

fn become_user(id: u32) -> Result<()> {
    let user = Uid::from_raw(id);
    setresuid(user, user, user).context("setresuid")
}

/// Has its parent forward a signal to it. SIGUSR2 says that it won't arrive.
fn ask(signal: Signal) -> Result<()> {
    let comes = || -> Result<bool> {
        tell_parent(signal)?;
        loop {
            match signals::next()?.0 {
                SIGUSR2 => return Ok(false),
                other if other == signal => return Ok(true),
                _ => {}
            }
        }
    };
    if !comes()? {
        leave(if comes()? { 8 } else { 9 });
    }
    Ok(())
}

/// Exits without the exit handlers of the parent.
fn leave(status: i32) -> ! {
    // SAFETY: takes a number and no pointer.
    unsafe { libc::_exit(status) }
}

/// Waits for a signal. SIGUSR2 says that it won't arrive.
fn expect(signal: Signal) -> Result<()> {
    loop {
        match signals::next()?.0 {
            SIGUSR2 => leave(9),
            other if other == signal => return Ok(()),
            _ => {}
        }
    }
}

fn poll(condition: impl Fn() -> bool) {
    while !condition() {
        thread::sleep(Duration::from_millis(1));
    }
}
