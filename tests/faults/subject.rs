//! A process whose system calls are counted.

use anyhow::{Context, Result};
use mote_tests::{Target, process};
use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace;
use nix::unistd::Pid;
use syscalls::{x86, x86_64};

use crate::refusal::{Refusal, Who};

/// The program, or its child before execve(2).
pub(crate) struct Subject {
    pub(crate) pid: Pid,
    pub(crate) who: Who,
    /// The refused call that it is in, if any.
    refusing: Option<(&'static str, Errno)>,
    /// The number of calls so far that have the name of the refused one.
    count: usize,
    /// Whether it is in a ppoll(2) with a timeout, as an init that can't wait for signals is.
    dozes: bool,
    /// The number of such calls in a row.
    dozed: usize,
}

/// Calls that an init which can't wait for signals makes between two such ppoll(2).
const BETWEEN: [&str; 10] = [
    "close",
    "getpid",
    "ioctl",
    "openat",
    "rt_sigtimedwait",
    "rt_sigtimedwait_time64",
    "setpgid",
    "wait4",
    "waitid",
    "write",
];

/// The number of ppoll(2) in a row after which the process counts as asleep.
const DOZES: usize = 4;

/// A stop at a system call.
pub(crate) enum Step {
    /// The call begins.
    Begins {
        name: &'static str,
        refused: bool,
        /// A signal to an unrelated process.
        stray: Option<String>,
    },
    /// The call has ended.
    Ends {
        /// The name of a refused call.
        refused: Option<&'static str>,
    },
    /// The process was killed.
    Gone,
}

impl Subject {
    pub(crate) fn new(pid: Pid, who: Who) -> Self {
        Self { pid, who, refusing: None, count: 0, dozes: false, dozed: 0 }
    }

    /// Notes a system call, and refuses it if `refusal` says so.
    pub(crate) fn step(
        &mut self,
        target: Target,
        refusal: Option<Refusal>,
        command: Option<Pid>,
    ) -> Result<Step> {
        let (Ok(info), Ok(mut registers)) = (ptrace::syscall_info(self.pid), ptrace::getregs(self.pid))
        else {
            return Ok(Step::Gone);
        };
        if info.op != libc::PTRACE_SYSCALL_INFO_ENTRY {
            self.dozes = false;
            let refused = self.refusing.take();
            if let Some((_, errno)) = refused {
                registers.rax = i64::from(-(errno as i32)) as u64;
                ptrace::setregs(self.pid, registers).context("setregs")?;
            }
            return Ok(Step::Ends { refused: refused.map(|(name, _)| name) });
        }
        let number = registers.orig_rax as u32 as usize;
        let (name, arguments) = if target.calls_as_386() {
            (x86::Sysno::new(number).map(|call| call.name()), [registers.rbx, registers.rcx, registers.rdx])
        } else {
            (
                x86_64::Sysno::new(number).map(|call| call.name()),
                [registers.rdi, registers.rsi, registers.rdx],
            )
        };
        let name = name.context("a call without a name")?;
        // With a timeout and without a descriptor: the others wait for room to write a message.
        self.dozes = name.starts_with("ppoll") && arguments[1] == 0 && arguments[2] != 0;
        if self.dozes {
            self.dozed += 1;
        } else if !BETWEEN.contains(&name) && !name.starts_with("ppoll") {
            self.dozed = 0;
        }
        let refused = self.refuses(refusal, name);
        if let Some(errno) = refused {
            self.refusing = Some((name, errno));
            // The kernel skips a call with an invalid number.
            registers.orig_rax = u64::MAX;
            ptrace::setregs(self.pid, registers).context("setregs")?;
        }
        let stray = if name == "kill" && refused.is_none() {
            self.stray([arguments[0] as i32, arguments[1] as i32], command)?
        } else {
            None
        };
        Ok(Step::Begins { name, refused: refused.is_some(), stray })
    }

    fn refuses(&mut self, refusal: Option<Refusal>, name: &str) -> Option<Errno> {
        let refusal = refusal.filter(|refusal| refusal.call == name && refusal.who.covers(self.who))?;
        self.count += 1;
        refusal.when.is_at(self.count).then_some(refusal.errno)
    }

    /// Describes a signal to an unrelated process. A signal may go to the child's group, to a child, to the program
    /// itself, and from PID 1 to all.
    fn stray(&self, [receiver, signal]: [i32; 2], command: Option<Pid>) -> Result<Option<String>> {
        let own = process::inner_pid(self.pid.as_raw())?;
        let mut friends = vec![own];
        for child in process::children_of(self.pid.as_raw())? {
            friends.push(process::inner_pid(child).unwrap_or(own));
        }
        // A reaped child has no PID any more, but its group may exist.
        let group = command.and_then(|command| process::inner_pid(command.as_raw()).ok());
        let is_right = self.who == Who::Init
            && match receiver {
                -1 => own == 1,
                ..-1 => group.is_none_or(|group| receiver == -group),
                _ => friends.contains(&receiver),
            };
        Ok((!is_right).then(|| format!("signal {signal} to {receiver} from {own}, {:?}", self.who)))
    }

    /// Returns whether it waits for a signal and none is pending.
    pub(crate) fn listens(&self) -> bool {
        let call = Target::host().and_then(|host| process::asleep_in(self.pid.as_raw(), host).ok()).flatten();
        call == Some("rt_sigtimedwait") && self.sleeps()
    }

    /// Returns whether it only polls for children, because it can't wait for signals.
    pub(crate) fn only_polls(&self) -> bool {
        self.dozed >= DOZES
    }

    /// Returns whether it sleeps and no signal is pending, or only polls.
    pub(crate) fn sleeps(&self) -> bool {
        if self.dozes && !self.only_polls() {
            return false;
        }
        let pid = self.pid.as_raw();
        process::state(pid).is_ok_and(|state| state == 'S')
            && process::arriving(pid).is_ok_and(|signals| signals == 0)
    }
}
