//! Where our dumb-init is another way, and why.

use crate::scenario::Difference;

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are forwarded",
    reason: "glibc reserves signals 32 and 33 for its own use and leaves them out of a full signal set, so \
             that dumb-init does not wait for them.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L255",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "A signal that arrives between the fork and the child's setsid finds no process group, and \
             dumb-init ignores the error. mote's dumb-init sends the signal to the child itself instead.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L66",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "COMMAND is not started if wait4 is refused",
    reason: "If seccomp refuses wait4, dumb-init never learns of COMMAND's end and sleeps forever. mote's \
             dumb-init calls wait4 before it starts COMMAND, and exits with 1 if the call is refused.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L102",
};

pub(super) const TRACED: Difference = Difference {
    title: "A stopped COMMAND has not ended",
    reason: "A process that calls PTRACE_TRACEME makes its parent the tracer, and wait4 reports each signal \
             that stops the process. dumb-init asserts that wait4 reports only an end, and aborts. mote's \
             dumb-init waits until COMMAND has ended.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L107",
};

pub(super) const HELPS: Difference = Difference {
    title: "The help names the environment variables",
    reason: "dumb-init's help lists the options only. The help of mote's dumb-init also names the variable \
             that does the same as an option.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L127",
};

pub(super) const NUMBERS: Difference = Difference {
    title: "-r accepts plain numbers only",
    reason: "dumb-init parses both signals with scanf, which accepts leading blanks and a sign before each, \
             and truncates a number that needs more than 32 bits, so that 4294967297 is signal 1. mote's \
             dumb-init reports all of these as invalid.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L167",
};

pub(super) const PATHS: Difference = Difference {
    title: "ENOTDIR is reported as ENOENT",
    reason: "If a regular file stands where COMMAND's path needs a directory, the kernel's error is \
             ENOTDIR. No such program exists then, and mote's dumb-init reports ENOENT.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
};

pub(super) const ZOMBIES: Difference = Difference {
    title: "Inherited zombies are reaped at the start",
    reason: "An entry point that executes dumb-init in its own place may leave zombies to it. dumb-init \
             reaps them only when another child ends.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L334",
};

pub(super) const FOREIGN_ELF: Difference = Difference {
    title: "An ELF file is never a script",
    reason: "glibc's execvp, which dumb-init calls, runs a file of unknown format as a shell script. An ELF \
             file of another architecture is such a file. The shell reports a syntax error or executes lines \
             of it. mote's dumb-init reports the kernel's error.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
};

pub(super) const INTERPRETER: Difference = Difference {
    title: "A missing interpreter is named as such",
    reason: "The kernel's error for a file whose interpreter or dynamic loader is missing is ENOENT, although \
             the file exists. mote's dumb-init looks for the file and names the cause.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "A refused kill is reported",
    reason: "dumb-init ignores errors of kill, so that a signal is lost without a word. mote's dumb-init \
             reports the first one.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L66",
};

pub(super) const SIGNAL_NAMES: Difference = Difference {
    title: "-r accepts names of signals",
    reason: "dumb-init accepts numbers only. mote's dumb-init accepts the name of a standard signal with or \
             without SIG, too.",
    link: "https://github.com/Yelp/dumb-init/issues/87",
};
