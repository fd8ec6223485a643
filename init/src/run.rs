//! The life of an init: start COMMAND, then take events and act until nothing is left.

use mote_rt::{
    Errno,
    env::Environment,
    process,
    signal::{self, SigSet, Signal},
    stack::CommandLine,
    sys::{self, Origin, Pid, SigAction, Which},
    text,
};

use crate::{
    map::Map,
    report::{Report, TROUBLE},
    spawn::Command,
    step::{Action, Event, State},
    words::Word,
};

/// An init: how it is to behave, and how far it is.
///
/// The large members come last, so that the others are near its address.
#[repr(C)]
pub struct Init {
    /// Seconds that COMMAND has to end once it was asked to, and then again everything. `None`: COMMAND may take
    /// as long as it likes, and what remains after it has 4 seconds.
    pub timeout: Option<u32>,
    /// Whether signals go to COMMAND's whole process group.
    pub group: bool,
    /// Whether it tells what it does.
    pub verbose: bool,
    /// The signal to be sent when the init's own parent dies.
    pub parent_death: Option<Signal>,
    /// What it runs.
    pub command: Command,
    me: Pid,
    child: Pid,
    /// Whether COMMAND was seen to have been executed.
    has_run: bool,
    /// How COMMAND ended, as `wait(2)` encodes it.
    status: u32,
    state: State,
    /// What is forwarded in place of a signal; 0 for nothing.
    pub rewrite: Map,
    /// The status to end with in place of COMMAND's own, which one that was not executed has none of.
    pub exits: Map,
}

/// Seconds for what remains after COMMAND if nothing was said about it.
const REST: u32 = 4;

/// Seconds that the kernel is given to carry out SIGKILL.
const LAST: u32 = 1;

impl Init {
    /// One that changes nothing about signals and statuses, and sets no limit.
    #[inline(always)]
    pub const fn new(env: Environment) -> Self {
        Self {
            timeout: None,
            group: false,
            verbose: false,
            parent_death: None,
            command: Command::new(env),
            me: 0,
            child: 0,
            has_run: false,
            status: (TROUBLE as u32) << 8,
            state: State::START,
            rewrite: Map::new(),
            exits: Map::new(),
        }
    }

    /// Runs COMMAND until it and whatever it leaves behind are gone, and ends as it did.
    pub fn run<R: Report>(&mut self, line: CommandLine) -> ! {
        self.me = sys::getpid();
        let mut signals = Exchange { mask: signal::ALL, child: SigAction::by_default() };
        signals.swap();
        // Process 1 is one already.
        let _ = sys::become_subreaper();
        if let Some(signal) = self.parent_death {
            let parent = sys::getppid();
            let _ = sys::set_parent_death_signal(signal);
            // It may have died before we asked.
            if sys::getppid() != parent {
                let _ = sys::kill(self.me, signal);
            }
        }

        self.child = match sys::fork() {
            Ok(child) => child,
            Err(error) => R::fail_with(None, Word::FORK, error, TROUBLE),
        };
        // Both sides do this: whoever comes first, no signal finds COMMAND without its group.
        let _ = sys::lead_group(self.child);
        if self.child == 0 {
            self.command.prepare::<R>(self.me);
            signals.swap();
            self.command.execute::<R>(line);
        }
        sys::close_from(3);
        let _ = sys::chdir(text!("/"));
        self.tell::<R>(Word::STARTED, self.child as u32, Word::NONE);

        // First of all, those who were dead before we started.
        let (mut signal, mut origin) = (Signal::CHLD, Origin::UNKNOWN);
        loop {
            let event = self.event::<R>(signal, &origin);
            if self.take::<R>(event) {
                break;
            }
            (signal, origin) = sys::next_signal(signal::ALL).unwrap_or_else(|error| {
                // A filter refuses it, so no signal can be had: but a death can be waited for, and nobody spins.
                if error != Errno::EINTR {
                    let _ = sys::await_death();
                }
                (Signal::CHLD, Origin::UNKNOWN)
            });
        }

        // As `wait(2)` encodes it: the signal that killed COMMAND in seven bits, or else its exit status above.
        let signal = self.status as u8 & 0x7f;
        let status = if signal == 0 { (self.status >> 8) as u8 } else { signal | 128 };
        // What kept COMMAND from running is no status of its own.
        let is_own = self.has_run || !(125..=127).contains(&status);
        let status = if is_own { self.exits.get(status) } else { status };
        self.tell::<R>(Word::EXITING, status.into(), Word::signal(signal));
        process::end(status.into())
    }

    /// Says what it does, if it is to.
    #[inline(always)]
    fn tell<R: Report>(&self, word: Word, number: u32, name: Word) {
        if self.verbose {
            R::line(None, word, number, name);
        }
    }

    /// What a signal means.
    fn event<R: Report>(&mut self, signal: Signal, origin: &Origin) -> Event {
        match signal {
            Signal::CHLD => self.reap::<R>(),
            Signal::ALRM if origin.is_kernel() => Event::Deadline,
            // A pipe that nobody reads any more, which we wrote to.
            Signal::PIPE if origin.pid() == self.me => Event::Signal(Signal::NONE),
            signal => Event::Signal(Signal::new(self.rewrite.get(signal.number()))),
        }
    }

    /// Reaps all who are dead.
    fn reap<R: Report>(&mut self) -> Event {
        let mut command_gone = false;
        // The kernel lets us set the group of a child until that has executed a program.
        if self.state.command_runs {
            self.has_run |= sys::lead_group(self.child).is_err();
        }
        loop {
            let Ok(dead) = sys::wait() else { return Event::Alone };
            if dead.pid == 0 {
                return Event::Reaped { command_gone };
            }
            self.tell::<R>(Word::REAPED, dead.pid as u32, Word::signal(dead.status as u8 & 0x7f));
            if dead.pid == self.child {
                command_gone = true;
                self.status = dead.status;
            }
        }
    }

    /// Takes an event and does what is to be done about it. True if that is to end.
    fn take<R: Report>(&mut self, event: Event) -> bool {
        let mut seconds = self.timeout.unwrap_or(REST);
        match self.state.step(self.timeout.is_some(), event) {
            Action::Wait => return false,
            Action::End => return true,
            Action::Forward { signal, limit } => {
                self.tell::<R>(Word::FORWARDING, self.child as u32, Word::signal(signal.number()));
                self.send(if self.group { -self.child } else { self.child }, signal);
                if !limit {
                    return false;
                }
            }
            Action::Ask => self.everything(Signal::TERM),
            Action::Kill => {
                self.everything(Signal::KILL);
                seconds = LAST;
            }
        }
        let _ = sys::set_alarm(seconds);
        false
    }

    /// Sends a signal to everything that is ours.
    fn everything(&self, signal: Signal) {
        // Process 1 has nothing but its own in its namespace.
        if self.me == 1 {
            return self.send(-1, signal);
        }
        // Elsewhere the others are strangers, but for our children, and for COMMAND's group as long as one of them is
        // in it: later its number could be a stranger's.
        if self.state.command_runs || sys::has_child(Which::Group(self.child)) {
            self.send(-self.child, signal);
        }
        sys::for_each_child(|pid| {
            if pid != self.child && sys::group_of(pid) != self.child {
                self.send(pid, signal);
            }
        });
    }

    /// Sends a signal. Nothing that goes wrong with that is fatal.
    fn send(&self, target: Pid, signal: Signal) {
        let mut signal = signal;
        loop {
            // COMMAND may have no group yet, or have left it.
            if sys::kill(target, signal) == Err(Errno::ESRCH) && self.state.command_runs {
                let _ = sys::kill(self.child, signal);
            }
            // Who is stopped would not get a SIGTERM.
            if signal != Signal::TERM {
                break;
            }
            signal = Signal::CONT;
        }
    }
}

/// What is changed about signals for the init alone: COMMAND finds them as they were.
struct Exchange {
    mask: SigSet,
    child: SigAction,
}

impl Exchange {
    /// Exchanges these for those in force. Every signal waits until it is asked for; and SIGCHLD has its default,
    /// since the kernel would reap in our place if we were started with it ignored.
    #[inline(never)]
    fn swap(&mut self) {
        sys::exchange_signal_mask(&mut self.mask);
        sys::exchange_sigaction(Signal::CHLD, &mut self.child);
    }
}
