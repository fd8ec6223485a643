//! Differences from dumb-init.

use crate::scenario::Difference;

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are forwarded",
    reason: "glibc reserves signals 32 and 33 for its own use and leaves them out of a full signal set, so \
             that dumb-init does not wait for them.",
    links: &["https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L255"],
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "A signal that arrives between the fork and the child's setsid finds no process group, and \
             dumb-init ignores the error. mote's dumb-init sends the signal to the child itself instead.",
    links: &["https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L66"],
};

pub(super) const TRACED: Difference = Difference {
    title: "A stopped COMMAND has not ended",
    reason: "A process that calls PTRACE_TRACEME makes its parent the tracer, and wait4 reports each signal \
             that stops the process. dumb-init asserts that wait4 reports only an end, and aborts. mote's \
             dumb-init waits until COMMAND has ended.",
    links: &["https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L107"],
};

pub(super) const HELPS: Difference = Difference {
    title: "The help names the environment variables",
    reason: "dumb-init's help lists the options only. The help of mote's dumb-init also names the variable \
             that does the same as an option.",
    links: &["https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L127"],
};

pub(super) const NUMBERS: Difference = Difference {
    title: "-r accepts plain numbers only",
    reason: "dumb-init parses both signals with scanf, which accepts leading blanks and a sign before each, \
             and truncates a number that needs more than 32 bits, so that 4294967297 is signal 1. mote's \
             dumb-init reports all of these as invalid.",
    links: &["https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L167"],
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "A refused kill is reported",
    reason: "dumb-init ignores errors of kill, so that a signal is lost without a word. mote's dumb-init \
             reports the first one.",
    links: &["https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L66"],
};

pub(super) const SIGNAL_NAMES: Difference = Difference {
    title: "-r accepts names of signals",
    reason: "dumb-init accepts numbers only. mote's dumb-init accepts the name of a standard signal with or \
             without SIG, too.",
    links: &["https://github.com/Yelp/dumb-init/issues/87"],
};
