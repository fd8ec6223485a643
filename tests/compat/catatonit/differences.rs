//! Where our catatonit is another way, and why.

use crate::scenario::Difference;

pub(super) const FAULTS: Difference = Difference {
    title: "Fault signals are forwarded",
    reason: "Somebody may send SIGABRT or SIGSEGV to get a core file of COMMAND. catatonit leaves them at their \
             default action: as process 1 it drops them, otherwise it dies, and COMMAND goes on without an init.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L145",
};

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are forwarded",
    reason: "glibc keeps these two to itself and leaves them out of a full signal set, so catatonit does not wait for \
             them.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L431",
};

pub(super) const MASK: Difference = Difference {
    title: "COMMAND starts with no more signals blocked than before",
    reason: "catatonit means to protect itself and blocks SIGTSTP, SIGTTIN and SIGTTOU, but in COMMAND, which then \
             can't be suspended from the keyboard.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L275",
};

pub(super) const CHILD_IGNORED: Difference = Difference {
    title: "It ends though SIGCHLD was ignored when it started",
    reason: "Whoever starts the container may ignore SIGCHLD, which is inherited. The kernel then keeps no status for \
             a parent and tells it nothing, so catatonit never learns of COMMAND's end. Ours puts SIGCHLD back to \
             default.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L377",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "It ends though a call that waits for processes is refused",
    reason: "Where a filter refuses wait4, catatonit never learns of COMMAND's end and sleeps for ever. Ours has \
             another call to turn to.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
};

pub(super) const REFUSED_READ: Difference = Difference {
    title: "It does not spin",
    reason: "Where reading signals from a descriptor fails, catatonit tries again at once, and for ever. Ours has no \
             such descriptor.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L540",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "With -g a signal that comes between the start of the child and its own setpgid finds no group. Ours sets \
             the group from both sides.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L574",
};

pub(super) const FOLDER: Difference = Difference {
    title: "It keeps no folder",
    reason: "An init that stays in a folder keeps a mount busy. catatonit itself changes to / from 0.2.1 on.",
    link: "https://github.com/openSUSE/catatonit/issues/28",
};

pub(super) const ZOMBIES: Difference = Difference {
    title: "Processes that were dead before it started are reaped",
    reason: "An entry point that starts catatonit by exec may leave dead children to it. catatonit finds them only \
             when another child dies.",
    link: "https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L375",
};
