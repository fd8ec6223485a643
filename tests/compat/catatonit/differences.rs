//! Where our catatonit is another way, and why.

use crate::scenario::Difference;

pub(super) const FAULTS: Difference = Difference {
    title: "Fault signals are forwarded",
    reason: "Somebody may send SIGABRT or SIGSEGV to get a core file of COMMAND. catatonit leaves them at \
             their default action: as process 1 it drops them, otherwise it dies, and COMMAND goes on \
             without an init.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L145",
};

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are like others",
    reason: "glibc keeps these two to itself and leaves them out of signal sets, so catatonit does not wait \
             for them, and COMMAND loses them from its mask.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L431",
};

pub(super) const MASK: Difference = Difference {
    title: "COMMAND starts with no more signals blocked than before",
    reason: "catatonit means to protect itself and blocks SIGTSTP, SIGTTIN and SIGTTOU, but in COMMAND, \
             which then can't be suspended from the keyboard.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L275",
};

pub(super) const CHILD_IGNORED: Difference = Difference {
    title: "It ends though SIGCHLD was ignored when it started",
    reason: "Whoever starts the container may ignore SIGCHLD, which is inherited. The kernel then keeps no \
             status for a parent and tells it nothing, so catatonit never learns of COMMAND's end. Ours puts \
             SIGCHLD back to default.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L377",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "Where it may not wait for processes it starts none",
    reason: "Where a filter refuses wait4, catatonit never learns of COMMAND's end and sleeps for ever. Ours \
             tries before it starts COMMAND, and exits with 1 then.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "It does not try whether COMMAND can be signalled",
    reason: "After the start catatonit sends signal 0 to COMMAND, and exits if it may not. As process 1 it takes \
             COMMAND with it, which ran. Ours goes on: signals can't be forwarded then, but COMMAND's end can be \
             waited for.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L509",
};

pub(super) const REFUSED_READ: Difference = Difference {
    title: "It does not spin",
    reason: "Where reading signals from a descriptor fails, catatonit tries again at once, and for ever. \
             Ours has no such descriptor.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L540",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "With -g a signal that comes between the start of the child and its own setpgid finds no group. \
             Ours sets the group from both sides.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L574",
};

pub(super) const FOLDER: Difference = Difference {
    title: "It keeps no folder",
    reason: "An init that stays in a folder keeps a mount busy. catatonit itself changes to / from 0.2.1 on.",
    link: "https://github.com/openSUSE/catatonit/issues/28",
};

pub(super) const ZOMBIES: Difference = Difference {
    title: "Processes that were dead before it started are reaped",
    reason: "An entry point that starts catatonit by exec may leave dead children to it. catatonit finds \
             them only when another child dies.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
};

pub(super) const DEBUG: Difference = Difference {
    title: "CATATONIT_DEBUG is not known",
    reason: "This variable, which nothing but the source names, has catatonit say what it does. Ours says what went \
             wrong, and nothing else.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L417",
};

pub(super) const LOG: Difference = Difference {
    title: "CATATONIT_LOG is not known",
    reason: "catatonit runs nothing if this variable is set, since it may have a meaning one day. Ours has no \
             use for it, as for any other.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L421",
};

pub(super) const VALUES: Difference = Difference {
    title: "A value for --version makes it an unknown option",
    reason: "getopt says that --version takes no value. Ours says that there is no such option; both refuse it.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L457",
};

pub(super) const PATHS: Difference = Difference {
    title: "A path through a file is one that is not there",
    reason: "Where a part of COMMAND's path is a file and no folder, the kernel's error is ENOTDIR. There is no \
             such program then, and ours says ENOENT.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L361",
};
