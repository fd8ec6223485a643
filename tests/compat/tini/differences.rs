//! Differences from tini.

use crate::scenario::Difference;

pub(super) const STDIN: Difference = Difference {
    title: "A closed standard input is not an error",
    reason: "Without a standard input there is no terminal to hand over, and COMMAND can run. tini does not \
             run it.",
    links: &["https://github.com/krallin/tini/pull/246"],
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "A refused kill is not fatal",
    reason: "tini may lack permission to signal a COMMAND that has changed its user. It exits when a signal \
             is refused, and as PID 1 it takes the container with it.",
    links: &["https://github.com/instructure/canvas-lms/issues/1257"],
};

pub(super) const REFUSED_CALL: Difference = Difference {
    title: "A refused rt_sigtimedwait is not fatal",
    reason: "If seccomp refuses rt_sigtimedwait, tini exits, and as PID 1 it takes the container with it. \
             mote's tini can't forward signals then, but it reaps children and exits with COMMAND's status.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L504"],
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "COMMAND is not started if wait4 is refused",
    reason: "If seccomp refuses wait4, an init can't learn COMMAND's status. tini exits with 1 at its first \
             call of wait4, and as PID 1 it takes COMMAND with it. mote's tini calls wait4 before it starts \
             COMMAND, and exits with 1 if the call is refused.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L555"],
};

pub(super) const TRACED: Difference = Difference {
    title: "A stopped COMMAND has not ended",
    reason: "A process that calls PTRACE_TRACEME makes its parent the tracer, and wait4 reports each signal \
             that stops the process. tini takes such a stop for COMMAND's end and exits with 1. mote's tini \
             waits until COMMAND has ended.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L555"],
};

pub(super) const WAKES: Difference = Difference {
    title: "It sleeps while idle",
    reason: "tini waits for signals with a timeout of one second, and so wakes up 86,400 times a day.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L114"],
};

pub(super) const TTY: Difference = Difference {
    title: "A missing terminal is not reported",
    reason: "A container without a terminal is nothing to report. With -vv, tini's child writes a message \
             about it to a buffer of standard output. Unless standard output is a terminal, the message is \
             lost when the child executes COMMAND; it appears if COMMAND can't be executed.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L167"],
};

pub(super) const NAMES: Difference = Difference {
    title: "-p accepts more signals",
    reason: "mote's tini accepts the name of a signal with or without SIG, its number, the real-time \
             signals, and the signals that are missing from tini's list. Every name that tini accepts means \
             the same signal.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L56"],
};

pub(super) const NUMBERS: Difference = Difference {
    title: "-e accepts plain numbers only",
    reason: "tini parses a status with strtol, which accepts leading blanks and a sign, and takes an empty \
             argument for 0. An empty argument most likely comes from a variable that was not set. mote's \
             tini reports all of these as invalid.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L293"],
};

pub(super) const VERBOSITY: Difference = Difference {
    title: "TINI_VERBOSITY is a plain number",
    reason: "tini parses the variable with atoi, which accepts leading blanks, a sign and trailing \
             characters, and takes a negative number for a very large one. mote's tini takes such a value \
             for 0, as both do with any other value that is not a number.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L408"],
};

pub(super) const VERSION: Difference = Difference {
    title: "--version is accepted beside other arguments",
    reason: "tini accepts --version only as the sole argument, and otherwise reports an unknown option. \
             mote's tini accepts it like any other option.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L312"],
};

pub(super) const PATHS: Difference = Difference {
    title: "ENOTDIR is reported as ENOENT",
    reason: "If a regular file stands where COMMAND's path needs a directory, the kernel's error is \
             ENOTDIR. No such program exists then, and mote's tini reports ENOENT and exits with 127, as \
             dash does.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L209"],
};

pub(super) const DEV_TTY: Difference = Difference {
    title: "The terminal need not be standard input",
    reason: "tini looks for a terminal on standard input only. mote's tini opens /dev/tty, and looks at \
             standard input if there is none, as catatonit does.",
    links: &["https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L165"],
};
