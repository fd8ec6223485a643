//! What is pid1's own among the ways of an init.

use mote_init::{Policy, Report, Step, Word, identity, report::TROUBLE, spawn};
use mote_rt::{
    Errno,
    env::Environment,
    signal::Signal,
    string::{OwnStr, StackStr},
    sys::{self, Dead, Fd, Pid},
    text,
};

/// What the command line says beside that which the engine is told.
#[derive(Default)]
pub(crate) struct Pid1 {
    /// Whether it tells what it does.
    pub(crate) verbose: bool,
    /// Whether COMMAND keeps the HOME that is in its environment, whoever it runs as.
    pub(crate) keeps_home: bool,
    /// The signal to be sent when pid1's own parent dies.
    pub(crate) parent_death: Option<Signal>,
    /// Whom COMMAND runs as, if not as whoever runs pid1: `USER` or `USER:GROUP`.
    pub(crate) user: Option<OwnStr>,
    /// The group that it runs as, before any other.
    pub(crate) group: Option<OwnStr>,
    /// The folder that it runs in, if not where pid1 was started.
    pub(crate) folder: Option<OwnStr>,
}

impl Report for Pid1 {
    fn prefix() -> StackStr {
        text!("pid1: ")
    }
}

impl Pid1 {
    /// Says what it does, if it is to.
    #[inline(never)]
    fn tell(&self, word: Word, number: u32, signal: Signal) {
        if self.verbose {
            Self::line(None, word, number, Word::signal(signal.number()));
        }
    }

    /// Goes on if there was memory for something.
    fn has(&self, memory: Option<()>) {
        if memory.is_none() {
            self.no_memory();
        }
    }
}

impl Policy for Pid1 {
    const GRACE: bool = true;
    const RESUMES: bool = true;
    const MAPS_FAILURES: bool = false;

    fn enlist(&mut self, _: Pid) {
        // Process 1 is one already.
        let _ = sys::become_subreaper();
        if let Some(signal) = self.parent_death {
            let parent = sys::getppid();
            Self::check(None, Word::PRCTL, sys::set_parent_death_signal(signal));
            // It may have died before we asked.
            if sys::getppid() != parent {
                sys::raise(signal);
            }
        }
    }

    fn prepare(&mut self, env: &mut Environment, parent: Pid) {
        // SIGTTOU is blocked, or the terminal would stop us for it.
        let _ = sys::set_foreground(Fd::STDIN, sys::getpid());
        if (self.user.is_some() || self.group.is_some())
            && let Some(home) = identity::assume::<Self>(self.user, self.group)
            && !self.keeps_home
        {
            self.has(spawn::set(env, text!("HOME="), |text| text.string(*home)));
        }
        if let Some(folder) = self.folder {
            Self::check(Some(*folder), Word::ERROR, sys::chdir(*folder));
        }
        self.has(spawn::correct_listen_pid(env, parent));
    }

    fn started(&mut self, _: StackStr, child: Pid) {
        sys::close_from(3);
        let _ = sys::chdir(text!("/"));
        self.tell(Word::STARTED, child as u32, Signal::NONE);
    }

    fn forwards(&self, signal: Signal, child: Pid) {
        self.tell(Word::FORWARDING, child as u32, signal);
    }

    fn reaped(&self, dead: &Dead, _: bool) {
        self.tell(Word::REAPED, dead.pid as u32, Signal::new(dead.status as u8 & 0x7f));
    }

    fn ends(&self, status: u8, signal: Signal) {
        self.tell(Word::EXITING, status.into(), signal);
    }

    fn not_executed(&self, name: StackStr, error: Errno) -> ! {
        let status = if error == Errno::ENOENT { 127 } else { 126 };
        Self::fail_with(Some(name), Word::ERROR, error, status)
    }

    #[inline(never)]
    fn not_started(&self, step: Step, error: Errno) -> ! {
        Self::fail_with(None, Word::step(step), error, TROUBLE)
    }

    fn no_memory(&self) -> ! {
        Self::fail(None, Word::NO_MEMORY)
    }
}
