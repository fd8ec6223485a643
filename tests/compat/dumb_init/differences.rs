//! Where our dumb-init is another way, and why.

use crate::scenario::Difference;

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are forwarded",
    reason: "glibc keeps these two to itself and leaves them out of a full signal set, so dumb-init does not wait for \
             them.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L255",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "A signal that comes between the start of the child and its setsid finds no group, and dumb-init does not \
             look at the result. Ours falls back to the process itself.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L66",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "It ends though a call that waits for processes is refused",
    reason: "Where a filter refuses wait4, dumb-init never learns of COMMAND's end and sleeps for ever. Ours has \
             another call to turn to.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L102",
};

pub(super) const KEEPS: Difference = Difference {
    title: "It keeps no descriptor",
    reason: "An init that keeps the writing end of a pipe open keeps its reader waiting.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L328",
};

pub(super) const ZOMBIES: Difference = Difference {
    title: "Processes that were dead before it started are reaped",
    reason: "An entry point that starts dumb-init by exec may leave dead children to it. dumb-init finds them only \
             when another child dies.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L334",
};
