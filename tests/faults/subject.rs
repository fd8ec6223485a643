//! A process whose system calls count.

use anyhow::{Context, Result};
use mote_tests::{Target, process};
use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace;
use nix::unistd::Pid;
use syscalls::{x86, x86_64};

use crate::refusal::{Refusal, Who};

/// The program, or its child before that is COMMAND.
pub(crate) struct Subject {
    pub(crate) pid: Pid,
    pub(crate) who: Who,
    /// The call that it is inside of, if that is being refused.
    refusing: Option<(&'static str, Errno)>,
    /// How often it has made the call that is to be refused.
    count: usize,
    /// Whether it sleeps for a moment only, where it can't hear signals, and how often it has done so in a row.
    dozes: bool,
    dozed: usize,
}

/// What an init that can't hear signals does between one doze and the next.
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

/// How often in a row it dozes before that is taken for all that it does.
const DOZES: usize = 4;

/// What a stop at a system call is.
pub(crate) enum Step {
    /// It begins.
    Begins {
        name: &'static str,
        refused: bool,
        /// A signal to somebody who must not get it.
        stray: Option<String>,
    },
    /// It has ended.
    Ends {
        /// Its name, if it was refused.
        refused: Option<&'static str>,
    },
    /// The process was killed.
    Gone,
}

impl Subject {
    pub(crate) fn new(pid: Pid, who: Who) -> Self {
        Self { pid, who, refusing: None, count: 0, dozes: false, dozed: 0 }
    }

    /// Looks at a system call, and refuses it if it is to be.
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
        // With a limit of time, and without a descriptor that a message is written to.
        self.dozes = name.starts_with("ppoll") && arguments[1] == 0 && arguments[2] != 0;
        if self.dozes {
            self.dozed += 1;
        } else if !BETWEEN.contains(&name) && !name.starts_with("ppoll") {
            self.dozed = 0;
        }
        let refused = self.refuses(refusal, name);
        if let Some(errno) = refused {
            self.refusing = Some((name, errno));
            // No such call: the kernel makes none.
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

    /// A signal may go to COMMAND and its group, to a child, to the program itself, and to all only from PID 1.
    fn stray(&self, [receiver, signal]: [i32; 2], command: Option<Pid>) -> Result<Option<String>> {
        let own = process::inner_pid(self.pid.as_raw())?;
        let mut friends = vec![own];
        for child in process::children_of(self.pid.as_raw())? {
            friends.push(process::inner_pid(child).unwrap_or(own));
        }
        // Who was reaped has no number any more, but may have a group.
        let group = command.and_then(|command| process::inner_pid(command.as_raw()).ok());
        let is_right = self.who == Who::Init
            && match receiver {
                -1 => own == 1,
                ..-1 => group.is_none_or(|group| receiver == -group),
                _ => friends.contains(&receiver),
            };
        Ok((!is_right).then(|| format!("signal {signal} to {receiver} from {own}, {:?}", self.who)))
    }

    /// Whether it waits for a signal, and none is about to come.
    pub(crate) fn listens(&self) -> bool {
        let call = Target::host().and_then(|host| process::asleep_in(self.pid.as_raw(), host).ok()).flatten();
        call == Some("rt_sigtimedwait") && self.sleeps()
    }

    /// Whether it can't hear signals, and looks for deaths now and then.
    pub(crate) fn only_dozes(&self) -> bool {
        self.dozed >= DOZES
    }

    /// Whether it sleeps in a call that waits, and no signal is about to end that; or does nothing but doze.
    pub(crate) fn sleeps(&self) -> bool {
        if self.dozes && !self.only_dozes() {
            return false;
        }
        let pid = self.pid.as_raw();
        process::state(pid).is_ok_and(|state| state == 'S')
            && process::arriving(pid).is_ok_and(|signals| signals == 0)
    }
}
