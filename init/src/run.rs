//! The life of an init: start COMMAND, then take events and act until nothing is left.

use mote_rt::{
    Errno,
    signal::{self, Signal},
    sys::{self, Pid, SigAction},
};

use crate::{
    report::{NO_STATUS, Report},
    spawn::{self, Command, Inherited},
    step::{Action, Event, Everything, Limits, State},
};

/// How an init behaves.
pub struct Policy {
    /// How it speaks.
    pub report: Report,
    /// How long the steps of a shutdown may take.
    pub limits: Limits,
    /// Whether signals go to COMMAND's whole process group.
    pub group: bool,
    /// Whether it tells what it does.
    pub verbose: bool,
    /// For each signal the one that is forwarded in its place, or 0 for none, exclusive-or its own number: zeros
    /// change nothing.
    pub rewrite: [u8; Signal::MAX as usize + 1],
    /// For each exit status of COMMAND the one to end with, in the same way.
    pub exits: [u8; 256],
    /// The signal to be sent when the init's own parent dies.
    pub parent_death: Option<Signal>,
}

/// Runs COMMAND until it and whatever it leaves behind are gone. Returns the status to end with.
pub fn run(policy: &Policy, command: &mut Command<'_>) -> i32 {
    let (me, parent) = (sys::getpid(), sys::getppid());
    // From here on every signal waits until it is asked for.
    let inherited = Inherited {
        mask: sys::replace_signal_mask(&signal::ALL),
        // The kernel would reap in our place if we had been started with SIGCHLD ignored.
        child: sys::replace_sigaction(Signal::CHLD, &SigAction::by_default()),
    };
    if me != 1 {
        let _ = sys::become_subreaper();
    }
    let orphaned = policy.parent_death.is_some_and(|signal| {
        let _ = sys::set_parent_death_signal(signal);
        sys::getppid() != parent
    });
    let child = spawn::spawn(policy.report, command, &inherited);
    sys::close_from(3);
    let _ = sys::chdir(c"/".into());
    let mut init = Init { policy, me, child, state: State::START, status: 0 };
    if policy.verbose
        && let Some(name) = command.line.strings().first()
    {
        policy.report.event(name, c": started as ", child as u32, NO_STATUS, 0);
    }
    if orphaned && let Some(signal) = policy.parent_death {
        init.take(signal);
    }
    while !init.reap() {
        if let Ok((signal, origin)) = sys::next_signal(&signal::ALL) {
            if origin.pid() == me {
                // A pipe that nobody reads any more, which we wrote to.
            } else if signal == Signal::ALRM && origin.is_kernel() {
                if init.handle(Event::Deadline, signal) {
                    break;
                }
            } else if signal != Signal::CHLD {
                init.take(signal);
            }
        }
    }
    init.end()
}

/// An init at work.
struct Init<'a> {
    policy: &'a Policy,
    me: Pid,
    child: Pid,
    state: State,
    /// How COMMAND ended, as `wait(2)` encodes it.
    status: i32,
}

impl Init<'_> {
    /// Takes a signal that arrived.
    fn take(&mut self, signal: Signal) {
        let number = signal.number();
        let change = self.policy.rewrite.get(usize::from(number)).copied().unwrap_or(number);
        if change != number {
            let signal = Signal::new(number ^ change);
            self.handle(Event::Signal(signal), signal);
        }
    }

    /// Reaps all who are dead. True if that was the end.
    fn reap(&mut self) -> bool {
        let mut command_gone = false;
        let others_left = loop {
            match sys::wait() {
                Ok(None) => break true,
                Err(_) => break false,
                Ok(Some(dead)) => {
                    if self.policy.verbose {
                        let (signal, status) = (dead.status as u8 & 0x7f, dead.status as u32 >> 8);
                        self.policy.report.event(c"".into(), c"reaped ", dead.pid as u32, status, signal);
                    }
                    if dead.pid == self.child {
                        command_gone = true;
                        self.status = dead.status;
                    }
                }
            }
        };
        self.handle(Event::Reaped { command_gone, others_left }, Signal::CHLD)
    }

    /// Asks what to do about an event, and does it. True if that is to end.
    fn handle(&mut self, event: Event, signal: Signal) -> bool {
        let mut event = event;
        loop {
            let action = self.state.step(self.policy.limits, event);
            self.perform(action, signal);
            match action.clock {
                // No time at all: the deadline is now.
                Some(0) => event = Event::Deadline,
                Some(seconds) => {
                    let _ = sys::set_alarm(seconds);
                    return false;
                }
                None => return action.end,
            }
        }
    }

    fn perform(&self, action: Action, signal: Signal) {
        if action.forward {
            self.forward(signal);
        }
        match action.everything {
            Some(Everything::Ask) => {
                self.everything(Signal::TERM);
                self.everything(Signal::CONT);
            }
            Some(Everything::Kill) => self.everything(Signal::KILL),
            None => {}
        }
    }

    /// Sends a signal to COMMAND or to its group. Nothing that goes wrong with that is fatal.
    fn forward(&self, signal: Signal) {
        if self.policy.verbose {
            self.policy.report.event(
                c"".into(),
                c"forwarding to ",
                self.child as u32,
                NO_STATUS,
                signal.number(),
            );
        }
        self.send(signal);
        // Who is stopped would not get it.
        if signal == Signal::TERM {
            self.send(Signal::CONT);
        }
    }

    fn send(&self, signal: Signal) {
        // COMMAND may have no group yet, or have left it.
        if !self.policy.group || sys::kill(-self.child, signal) == Err(Errno::ESRCH) {
            let _ = sys::kill(self.child, signal);
        }
    }

    /// Sends a signal to everything that is ours.
    fn everything(&self, signal: Signal) {
        // Process 1 has nothing but its own in its namespace. Elsewhere the others are strangers, but for
        // COMMAND's group. Once COMMAND is gone its number could be a stranger's, unless a child of ours is in
        // the group.
        if self.me == 1 {
            let _ = sys::kill(-1, signal);
        } else if self.state.command_runs || sys::has_child_in_group(self.child) {
            let _ = sys::kill(-self.child, signal);
        }
    }

    fn end(&self) -> i32 {
        // As `wait(2)` encodes it: the signal that killed COMMAND in seven bits, or else its exit status above.
        let signal = self.status as u8 & 0x7f;
        let status = if signal == 0 { (self.status >> 8) as u8 } else { signal | 128 };
        let status = status ^ self.policy.exits.get(usize::from(status)).copied().unwrap_or(0);
        if self.policy.verbose {
            self.policy.report.event(c"".into(), c"exiting with ", status.into(), NO_STATUS, signal);
        }
        status.into()
    }
}
