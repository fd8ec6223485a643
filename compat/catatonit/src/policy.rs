//! What is catatonit's own among the ways of an init.

use mote_init::{
    Policy, Step,
    message::{self, explanations},
    spawn,
};
use mote_rt::{
    Errno,
    buffer::Text,
    env::Environment,
    process,
    string::StackStr,
    sys::{self, Fd, Pid},
    text,
};

/// Nothing that the options say is for it.
pub(crate) struct Catatonit;

impl Catatonit {
    /// Says what went wrong, and goes on.
    #[inline(never)]
    pub(crate) fn say(message: StackStr, error: u32) {
        let mut memory = Text::memory();
        let mut text = Text::new(&mut memory);
        let empty = StackStr::empty();
        message::append(
            &mut text,
            StackStr::empty(),
            text!("ERROR (catatonit:%d): "),
            empty,
            [sys::getpid() as u32, 0],
        );
        message::append(&mut text, explanations(), message, empty, [error, 0]);
        text.byte(b'\n');
        text.send();
    }

    fn fail(message: StackStr, error: Errno) -> ! {
        Self::say(message, error.number());
        process::end(1)
    }
}

/// Below process 1 orphans are to be ours, or the start fails.
pub(crate) fn adopt(me: Pid) {
    if me != 1
        && let Err(error) = sys::become_subreaper()
    {
        Catatonit::fail(text!("failed to set child-reaper as non-pid1: %e"), error);
    }
}

/// What nobody needs any more once COMMAND has it: descriptors, and a folder that could not be unmounted.
pub(crate) fn let_go() {
    let _ = sys::chdir(text!("/"));
    sys::close_from(3);
}

impl Policy for Catatonit {
    fn enlist(&mut self, me: Pid) {
        adopt(me);
    }

    fn prepare(&mut self, env: &mut Environment, parent: Pid) {
        if spawn::correct_listen_pid(env, parent).is_none() {
            self.no_memory();
        }
        // Standard input may be something else, and COMMAND in a terminal all the same.
        let terminal = sys::open(text!("/dev/tty")).unwrap_or(Fd::STDIN);
        // SIGTTOU is blocked, or the terminal would stop us for it.
        let _ = sys::set_foreground(terminal, sys::getpid());
    }

    fn started(&mut self, _: StackStr, _: Pid) {
        let_go();
    }

    fn not_executed(&self, _: StackStr, error: Errno) -> ! {
        Self::fail(text!("failed to exec pid1: %e"), error)
    }

    #[inline(never)]
    fn not_started(&self, step: Step, error: Errno) -> ! {
        let message = match step {
            Step::Signals => text!("signals: %e"),
            Step::Clock | Step::Child => text!("failed to fork child: %e"),
        };
        Self::fail(message, error)
    }

    fn no_memory(&self) -> ! {
        Self::fail(text!("failed to exec pid1: %e"), Errno::ENOMEM)
    }
}
