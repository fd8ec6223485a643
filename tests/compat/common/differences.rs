//! Differences from several peers, whose name stands for `NAME`.

use crate::scenario::Difference;

pub(crate) const FAULTS: Difference = Difference {
    title: "Fault signals are forwarded",
    reason: "A user may send SIGABRT or SIGSEGV to get a core dump of COMMAND. NAME leaves these signals at \
             their default action: the kernel drops them if NAME is PID 1, and otherwise they kill NAME and \
             leave COMMAND without an init.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L465",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L145",
    ],
};

pub(crate) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are like any other",
    reason: "glibc reserves signals 32 and 33 for its own use and leaves them out of signal sets. NAME \
             therefore does not wait for them, and COMMAND starts with them unblocked even if they were \
             blocked when NAME started.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L458",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L431",
    ],
};

pub(crate) const CHILD_IGNORED: Difference = Difference {
    title: "It exits even if SIGCHLD was ignored at the start",
    reason: "The process that starts the init may ignore SIGCHLD, and the init inherits that. The kernel \
             then discards the status of each child and does not notify the parent, so that NAME never \
             learns of COMMAND's end. mote's NAME resets SIGCHLD to its default action.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L551",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L377",
    ],
};

pub(crate) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "With -g, a signal that arrives between the fork and the child's own setpgid finds no process \
             group. mote's NAME calls setpgid in the parent and in the child.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L526",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L574",
    ],
};

pub(crate) const FOREIGN_ELF: Difference = Difference {
    title: "An ELF file is never a script",
    reason: "glibc's execvp, which NAME calls, runs a file of unknown format as a shell script. An ELF file \
             of another architecture is such a file. The shell reports a syntax error or executes lines of \
             it. mote's NAME reports the kernel's error.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L202",
        "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
    ],
};

pub(crate) const INTERPRETER: Difference = Difference {
    title: "A missing interpreter is named as such",
    reason: "The kernel's error for a file whose interpreter or dynamic loader is missing is ENOENT, \
             although the file exists. mote's NAME looks for the file and names the cause.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L202",
        "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
    ],
};

pub(crate) const LEFT_GROUP: Difference = Difference {
    title: "A COMMAND that has left its process group gets signals",
    reason: "With -g, NAME sends signals to the process group that COMMAND led at first. mote's NAME sends \
             them also to a COMMAND that has moved to another group.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L526",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L574",
    ],
};

pub(crate) const BACKGROUND: Difference = Difference {
    title: "A start in the background leaves the terminal",
    reason: "A shell that starts an init in the background needs the terminal itself. NAME makes COMMAND's \
             process group the foreground process group all the same. mote's NAME does so only if its own \
             group is the foreground process group.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L184",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L283",
    ],
};

pub(crate) const TAKEN_BACK: Difference = Difference {
    title: "The terminal is returned at the end",
    reason: "Below a shell, NAME leaves the terminal to a process group without a process when COMMAND has \
             ended. mote's NAME, if it is not PID 1, makes its own group the foreground process group \
             again.",
    links: &[
        "https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L184",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L283",
    ],
};

pub(crate) const REFUSED_WAIT: Difference = Difference {
    title: "COMMAND is not started if wait4 is refused",
    reason: "If seccomp refuses wait4, NAME never learns of COMMAND's end and sleeps forever. mote's NAME \
             calls wait4 before it starts COMMAND, and exits with 1 if the call is refused.",
    links: &[
        "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L102",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
    ],
};

pub(crate) const PATHS: Difference = Difference {
    title: "ENOTDIR is reported as ENOENT",
    reason: "If a regular file stands where COMMAND's path needs a directory, the kernel's error is \
             ENOTDIR. No such program exists then, and mote's NAME reports ENOENT.",
    links: &[
        "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
    ],
};

pub(crate) const ZOMBIES: Difference = Difference {
    title: "Inherited zombies are reaped at the start",
    reason: "An entry point that executes NAME in its own place may leave zombies to it. NAME reaps them \
             only when another child ends.",
    links: &[
        "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L334",
        "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
    ],
};
