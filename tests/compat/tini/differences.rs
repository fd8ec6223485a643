//! Where our tini is another way, and why.

use crate::scenario::Difference;

pub(super) const FAULTS: Difference = Difference {
    title: "Fault signals are forwarded",
    reason: "Somebody may send SIGABRT or SIGSEGV to get a core file of COMMAND. tini leaves them at their \
             default action: as process 1 it drops them, otherwise it dies, and COMMAND goes on without an \
             init.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L465",
};

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are like others",
    reason: "glibc keeps these two to itself and leaves them out of signal sets, so tini does not wait for \
             them, and COMMAND loses them from its mask.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L458",
};

pub(super) const CHILD_IGNORED: Difference = Difference {
    title: "It ends though SIGCHLD was ignored when it started",
    reason: "Whoever starts the container may ignore SIGCHLD, which is inherited. The kernel then keeps no \
             status for a parent and tells it nothing, so tini never learns of COMMAND's end. Ours puts \
             SIGCHLD back to default.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L551",
};

pub(super) const STDIN: Difference = Difference {
    title: "A closed standard input is no error",
    reason: "Without a standard input there is no terminal to hand over, and nothing is wrong. tini does not \
             run COMMAND.",
    link: "https://github.com/krallin/tini/pull/246",
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "A signal that may not be sent is not the end",
    reason: "A COMMAND that has changed its user may be out of reach. tini exits then, and as process 1 \
             takes the container with it.",
    link: "https://github.com/instructure/canvas-lms/issues/1257",
};

pub(super) const REFUSED_CALL: Difference = Difference {
    title: "It goes on where it may not wait for signals",
    reason: "tini exits where a filter refuses rt_sigtimedwait, and as process 1 takes the container with \
             it. Ours can then forward nothing, but reaps, and ends as COMMAND does.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L504",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "Where it may not wait for processes it starts none",
    reason: "Where a filter refuses wait4, nobody can know COMMAND's status. tini exits with 1 when it first \
             tries, and as process 1 takes COMMAND with it. Ours tries before it starts COMMAND, and exits with \
             1 then.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L555",
};

pub(super) const TRACED: Difference = Difference {
    title: "A COMMAND that is stopped has not ended",
    reason: "A process that asks to be traced makes its parent the tracer, which wait4 tells of each signal that stops it. \
             tini takes that for COMMAND's end and exits with 1. For ours COMMAND is there until it has ended.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L555",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "With -g a signal that comes between the start of the child and its own setpgid finds no group. \
             Ours sets the group from both sides.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L526",
};

pub(super) const WAKES: Difference = Difference {
    title: "It sleeps while nothing happens",
    reason: "tini waits for signals with a timeout of one second, and so wakes up 86,400 times a day.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L114",
};

pub(super) const TTY: Difference = Difference {
    title: "That there is no terminal is not told",
    reason: "A container without a terminal is nothing to report. tini says so with -vv, but into its child's \
             buffer, which is lost when COMMAND takes the child's place, unless standard output is a terminal. \
             It is seen where COMMAND can't be executed.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L167",
};

pub(super) const NAMES: Difference = Difference {
    title: "-p knows more signals",
    reason: "Ours reads a signal as all programs of the family do: with SIG or without, by its number, and \
             the real-time ones and those that tini's list has left out. Every name that tini knows means the \
             same.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L56",
};

pub(super) const NUMBERS: Difference = Difference {
    title: "-e reads plain numbers",
    reason: "tini reads a status as strtol does, which allows blanks and a sign in front, and takes an empty \
             word for 0. An empty word is most likely a variable that was not set, and ours says that it is no \
             status.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L293",
};

pub(super) const VERBOSITY: Difference = Difference {
    title: "TINI_VERBOSITY is a plain number",
    reason: "tini reads it as atoi does, which allows blanks and a sign in front and anything behind, and takes \
             a negative number for a very large one. To ours such a value is no number, and counts as 0, as any \
             other word does to both.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L408",
};

pub(super) const VERSION: Difference = Difference {
    title: "--version may have other words beside it",
    reason: "tini knows --version only where it is the sole word, and else takes it for an unknown option. To \
             ours it is an option as others are.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L312",
};

pub(super) const PATHS: Difference = Difference {
    title: "A path through a file is one that is not there",
    reason: "Where a part of COMMAND's path is a file and no folder, the kernel's error is ENOTDIR. There is no \
             such program then, and ours says ENOENT and exits with 127, as dash does.",
    link: "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L209",
};
