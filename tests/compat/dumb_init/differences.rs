//! Where our dumb-init is another way, and why.

use crate::scenario::Difference;

pub(super) const THREADS: Difference = Difference {
    title: "Signals 32 and 33 are forwarded",
    reason: "glibc keeps these two to itself and leaves them out of a full signal set, so dumb-init does not \
             wait for them.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L255",
};

pub(super) const LOST: Difference = Difference {
    title: "No signal is lost before the process group exists",
    reason: "A signal that comes between the start of the child and its setsid finds no group, and dumb-init \
             does not look at the result. Ours falls back to the process itself.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L66",
};

pub(super) const REFUSED_WAIT: Difference = Difference {
    title: "Where it may not wait for processes it starts none",
    reason: "Where a filter refuses wait4, dumb-init never learns of COMMAND's end and sleeps for ever. Ours \
             tries before it starts COMMAND, and exits with 1 then.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L102",
};

pub(super) const TRACED: Difference = Difference {
    title: "A COMMAND that is stopped has not ended",
    reason: "A process that asks to be traced makes its parent the tracer, which wait4 tells of each signal that stops it. \
             dumb-init is sure that it can only be an end, and aborts. For ours COMMAND is there until it has ended.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L107",
};

pub(super) const HELPS: Difference = Difference {
    title: "The help names the variables",
    reason: "dumb-init's help has the options alone. Ours says which variable does the same.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L127",
};

pub(super) const NUMBERS: Difference = Difference {
    title: "-r reads plain numbers",
    reason: "dumb-init reads both signals as scanf does, which allows blanks and a sign in front of each, and \
             cuts a number that needs more than 32 bits, so that 4294967297 is signal 1. To ours that is no \
             signal.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L167",
};

pub(super) const WORDS: Difference = Difference {
    title: "An option that takes no value is named as it was given",
    reason: "getopt says which option it took an abbreviation for. Ours repeats the word.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L193",
};

pub(super) const PATHS: Difference = Difference {
    title: "A path through a file is one that is not there",
    reason: "Where a part of COMMAND's path is a file and no folder, the kernel's error is ENOTDIR. There is no \
             such program then, and ours says ENOENT.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L321",
};

pub(super) const ZOMBIES: Difference = Difference {
    title: "Processes that were dead before it started are reaped",
    reason: "An entry point that starts dumb-init by exec may leave dead children to it. dumb-init finds \
             them only when another child dies.",
    link: "https://github.com/Yelp/dumb-init/blob/v1.2.5/dumb-init.c#L334",
};
