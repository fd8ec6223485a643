//! Differences from catatonit.

use crate::scenario::Difference;

pub(super) const MASK: Difference = Difference {
    title: "COMMAND inherits the signal mask unchanged",
    reason: "catatonit blocks SIGTSTP, SIGTTIN and SIGTTOU in COMMAND, which then can't be suspended from \
             the keyboard.",
    links: &["https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L275"],
};

pub(super) const REFUSED_KILL: Difference = Difference {
    title: "COMMAND is not probed with kill",
    reason: "After it has started COMMAND, catatonit sends it signal 0, and exits if that is refused. As \
             PID 1 it takes the running COMMAND with it. mote's catatonit continues: it can't forward \
             signals then, but it can wait for COMMAND's end.",
    links: &["https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L509"],
};

pub(super) const REFUSED_READ: Difference = Difference {
    title: "It does not spin if read is refused",
    reason: "If reading from its signalfd fails, catatonit tries again at once, forever. mote's catatonit \
             has no signalfd.",
    links: &["https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L540"],
};

pub(super) const DIRECTORY: Difference = Difference {
    title: "It does not keep its working directory",
    reason: "An init that stays in a directory keeps the mount busy. mote's catatonit changes to /, as \
             catatonit itself does from 0.2.1 on.",
    links: &["https://github.com/openSUSE/catatonit/issues/28"],
};

pub(super) const DEBUG: Difference = Difference {
    title: "CATATONIT_DEBUG has no effect",
    reason: "This variable, which is mentioned only in catatonit's source, makes catatonit log its actions. \
             mote's catatonit reports errors only.",
    links: &["https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L417"],
};

pub(super) const LOG: Difference = Difference {
    title: "CATATONIT_LOG has no effect",
    reason: "catatonit refuses to run if this variable is set, since its name is reserved for future use. \
             mote's catatonit ignores it like any other variable.",
    links: &["https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L421"],
};

pub(super) const SYSTEMD: Difference = Difference {
    title: "Further variables of systemd are corrected",
    reason: "LISTEN_PID is not the only variable that names the process it is meant for. mote's catatonit \
             corrects WATCHDOG_PID as well, and removes LISTEN_PIDFDID, with which systemd 258 and later \
             refuse sockets that were meant for another process.",
    links: &["https://github.com/openSUSE/catatonit/blob/v0.1.7/catatonit.c#L306"],
};
