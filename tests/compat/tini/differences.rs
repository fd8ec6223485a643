//! Where our tini is another way, and why.

use crate::scenario::Difference;

pub(super) const FAULTS: Difference = Difference {
    title: "Fault signals are forwarded",
    reason: "Somebody may send SIGABRT or SIGSEGV to get a core file of COMMAND. tini leaves them at their default \
             action: as process 1 it drops them, otherwise it dies, and COMMAND goes on without an init.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L465",
};

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are forwarded",
    reason: "glibc keeps these two to itself and leaves them out of a full signal set, so tini does not wait for them.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L459",
};

pub(super) const CHILD_IGNORED: Difference = Difference {
    title: "It ends though SIGCHLD was ignored when it started",
    reason: "Whoever starts the container may ignore SIGCHLD, which is inherited. The kernel then keeps no status for \
             a parent and tells it nothing, so tini never learns of COMMAND's end. Ours puts SIGCHLD back to default.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L551",
};

pub(super) const STDIN: Difference = Difference {
    title: "A closed standard input is no error",
    reason: "Without a standard input there is no terminal to hand over, and nothing is wrong. tini does not run \
             COMMAND.",
    link: "https://github.com/krallin/tini/pull/246",
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "A signal that may not be sent is not the end",
    reason: "A COMMAND that has changed its user may be out of reach. tini exits then, and as process 1 takes the \
             container with it.",
    link: "https://github.com/instructure/canvas-lms/issues/1257",
};

pub(super) const REFUSED_CALL: Difference = Difference {
    title: "A call that a filter refuses is not the end",
    reason: "tini exits when it may not wait for signals or processes, and as process 1 takes the container with it. \
             Ours has other calls to turn to.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L555",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "With -g a signal that comes between the start of the child and its own setpgid finds no group. Ours sets \
             the group from both sides.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L526",
};

pub(super) const WAKES: Difference = Difference {
    title: "It sleeps while nothing happens",
    reason: "tini waits for signals with a timeout of one second, and so wakes up 86,400 times a day.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L114",
};

pub(super) const KEEPS: Difference = Difference {
    title: "It keeps no descriptor and no folder",
    reason: "An init that keeps the writing end of a pipe open keeps its reader waiting, and one that stays in a \
             folder keeps a mount busy.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L659",
};
