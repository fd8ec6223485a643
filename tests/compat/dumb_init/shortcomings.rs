//! Where dumb-init is at fault, and ours is not.

use crate::scenario::{Act, Place, Scenario};
use crate::signals::HEARS;

use super::differences::{LOST, REFUSED_WAIT, TRACED, ZOMBIES};
use super::dumb_init;

pub(super) fn table() -> Vec<Scenario> {
    vec![
        dumb_init("COMMAND stops under ptrace")
            .plays("fork [ await=@go tell=9 ] say=ready traced die=10")
            .acts([Act::Until("ready"), Act::CommandTraced, Act::Touch("go")])
            .differs(&TRACED, ["end: 139", "stderr: dumb-init: dumb-init.c:107: handle_signal: Assertion `WIFSIGNALED(status)' failed."], ["end: 137"]),
        dumb_init("wait4 is refused by seccomp")
            .arrange(|start, _| start.refuse("wait4", "EPERM"))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Touch("go")])
            .may_hang()
            .differs(
                &REFUSED_WAIT,
                ["end: none, it sleeps, and its children are zombies", "said: ready"],
                ["end: 1", "stderr: [dumb-init] Unable to fork. Exiting."],
            ),
        dumb_init("a signal before the process group exists")
            .place(Place::Delayed("setsid"))
            .arrange(|start, _| start.block_all())
            .plays(HEARS)
            .acts([Act::Children(1), Act::Signal(10), Act::Taken, Act::Until("ready"), Act::Signal(64)])
            .differs(&LOST, ["end: 7", "said: ready", "said: signal 64 from 2"], ["end: 138"]),
        dumb_init("dumb-init's own working directory and descriptors")
            .arrange(|start, dir| {
                let _ = dir.file("file", "", 0o600);
                start.cwd(dir.path()).open(700, &dir.join("file"))
            })
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Asleep, Act::LookAtInit, Act::Signal(64)]),
        dumb_init("inherited zombies")
            .arrange(|start, _| start.zombies(3))
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::CountChildren, Act::Signal(64)])
            .differs(&ZOMBIES, ["init: children 4"], ["init: children 1"]),
        dumb_init("idle").plays(HEARS).acts([
            Act::Until("ready"),
            Act::WatchSleep,
            Act::Signal(64),
        ]),
    ]
}
