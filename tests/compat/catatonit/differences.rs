//! Where our catatonit is another way, and why.

use crate::scenario::Difference;

pub(super) const FAULTS: Difference = Difference {
    title: "Fault signals are forwarded",
    reason: "A user may send SIGABRT or SIGSEGV to get a core dump of COMMAND. catatonit leaves these \
             signals at their default action: the kernel drops them if catatonit is PID 1, and otherwise \
             they kill catatonit and leave COMMAND without an init.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L145",
};

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are like any other",
    reason: "glibc reserves signals 32 and 33 for its own use and leaves them out of signal sets. catatonit \
             therefore does not wait for them, and COMMAND starts with them unblocked even if they were \
             blocked when catatonit started.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L431",
};

pub(super) const MASK: Difference = Difference {
    title: "COMMAND inherits the signal mask unchanged",
    reason: "catatonit blocks SIGTSTP, SIGTTIN and SIGTTOU in COMMAND, which then can't be suspended from \
             the keyboard.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L275",
};

pub(super) const CHILD_IGNORED: Difference = Difference {
    title: "It exits even if SIGCHLD was ignored at the start",
    reason: "The process that starts the init may ignore SIGCHLD, and the init inherits that. The kernel \
             then discards the status of each child and does not notify the parent, so that catatonit never \
             learns of COMMAND's end. mote's catatonit resets SIGCHLD to its default action.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L377",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "COMMAND is not started if wait4 is refused",
    reason: "If seccomp refuses wait4, catatonit never learns of COMMAND's end and sleeps forever. mote's \
             catatonit calls wait4 before it starts COMMAND, and exits with 1 if the call is refused.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "COMMAND is not probed with kill",
    reason: "After it has started COMMAND, catatonit sends it signal 0, and exits if that is refused. As \
             PID 1 it takes the running COMMAND with it. mote's catatonit continues: it can't forward \
             signals then, but it can wait for COMMAND's end.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L509",
};

pub(super) const REFUSED_READ: Difference = Difference {
    title: "It does not spin if read is refused",
    reason: "If reading from its signalfd fails, catatonit tries again at once, forever. mote's catatonit \
             has no signalfd.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L540",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "With -g, a signal that arrives between the fork and the child's own setpgid finds no process \
             group. mote's catatonit calls setpgid in the parent and in the child.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L574",
};

pub(super) const FOLDER: Difference = Difference {
    title: "It does not keep its working directory",
    reason: "An init that stays in a directory keeps the mount busy. mote's catatonit changes to /, as \
             catatonit itself does from 0.2.1 on.",
    link: "https://github.com/openSUSE/catatonit/issues/28",
};

pub(super) const ZOMBIES: Difference = Difference {
    title: "Inherited zombies are reaped at the start",
    reason: "An entry point that executes catatonit in its own place may leave zombies to it. catatonit \
             reaps them only when another child ends.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
};

pub(super) const DEBUG: Difference = Difference {
    title: "CATATONIT_DEBUG has no effect",
    reason: "This variable, which is mentioned only in catatonit's source, makes catatonit log its actions. \
             mote's catatonit reports errors only.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L417",
};

pub(super) const LOG: Difference = Difference {
    title: "CATATONIT_LOG has no effect",
    reason: "catatonit refuses to run if this variable is set, since its name is reserved for future use. \
             mote's catatonit ignores it like any other variable.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L421",
};

pub(super) const PATHS: Difference = Difference {
    title: "ENOTDIR is reported as ENOENT",
    reason: "If a regular file stands where COMMAND's path needs a directory, the kernel's error is \
             ENOTDIR. No such program exists then, and mote's catatonit reports ENOENT.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
};

pub(super) const FOREIGN_ELF: Difference = Difference {
    title: "An ELF file is never a script",
    reason: "glibc's execvp, which catatonit calls, runs a file of unknown format as a shell script. An ELF \
             file of another architecture is such a file. The shell reports a syntax error or executes lines \
             of it. mote's catatonit reports the kernel's error.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
};

pub(super) const INTERPRETER: Difference = Difference {
    title: "A missing interpreter is named as such",
    reason: "The kernel's error for a file whose interpreter or dynamic loader is missing is ENOENT, although \
             the file exists. mote's catatonit looks for the file and names the cause.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
};

pub(super) const LEFT_GROUP: Difference = Difference {
    title: "A COMMAND that has left its process group gets signals",
    reason: "With -g, catatonit sends signals to the process group that COMMAND led at first. mote's \
             catatonit sends them also to a COMMAND that has moved to another group.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L574",
};

pub(super) const BACKGROUND: Difference = Difference {
    title: "A start in the background leaves the terminal",
    reason: "A shell that starts an init in the background needs the terminal itself. catatonit makes \
             COMMAND's process group the foreground process group all the same. mote's catatonit does so only \
             if its own group is the foreground process group.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L283",
};

pub(super) const TAKEN_BACK: Difference = Difference {
    title: "The terminal is returned at the end",
    reason: "Below a shell, catatonit leaves the terminal to a process group without a process when COMMAND \
             has ended. mote's catatonit, if it is not PID 1, makes its own group the foreground process \
             group again.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L283",
};

pub(super) const SYSTEMD: Difference = Difference {
    title: "Further variables of systemd are corrected",
    reason: "LISTEN_PID is not the only variable that names the process it is meant for. mote's catatonit \
             corrects WATCHDOG_PID as well, and removes LISTEN_PIDFDID, with which systemd 258 and later \
             refuse sockets that were meant for another process.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L306",
};
