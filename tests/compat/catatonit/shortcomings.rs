//! Where catatonit is at fault, and ours is not.

use nix::sys::signal::Signal;

use crate::scenario::{Act, Place, Scenario};
use crate::signals::HEARS;

use super::catatonit;
use super::differences::{
    CHILD_IGNORED, FAULTS, FOLDER, LOST, REFUSED_KILL, REFUSED_READ, REFUSED_WAIT, ZOMBIES,
};

pub(super) fn table() -> Vec<Scenario> {
    vec![
        catatonit("COMMAND stops under ptrace")
            .plays("fork [ await=@go tell=9 ] say=ready traced die=10")
            .acts([Act::Until("ready"), Act::CommandTraced, Act::Touch("go")]),
        catatonit("SIGCHLD is ignored at the start")
            .arrange(|start, _| start.ignore(Signal::SIGCHLD))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Touch("go")])
            .may_hang()
            .differs(&CHILD_IGNORED, ["end: none, it sleeps without a child"], ["end: 7"]),
        catatonit("wait4 is refused by seccomp")
            .arrange(|start, _| start.refuse("wait4", "EPERM"))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Touch("go")])
            .may_hang()
            .differs(
                &REFUSED_WAIT,
                ["end: none, it sleeps, and its children are zombies", "said: ready"],
                ["end: 1", "stderr: ERROR (catatonit:1): failed to fork child: EPERM"],
            ),
        catatonit("kill is refused by seccomp")
            .arrange(|start, _| start.refuse("kill", "EPERM"))
            .plays("exit=7")
            .differs(
                &REFUSED_KILL,
                ["end: 1", "stderr: ERROR (catatonit:1): self-check that pid1 (2) was spawned failed: EPERM"],
                ["end: 7"],
            ),
        // COMMAND can read no library then, and ends.
        catatonit("read is refused by seccomp")
            .arrange(|start, _| start.refuse("read", "EPERM"))
            .words("true")
            .may_hang()
            .text(crate::scenario::Text::Presence)
            .differs(&REFUSED_READ, ["end: none, it spins"], ["end: 127", "stderr: some text"]),
        catatonit("a signal before the process group exists")
            .place(Place::Delayed("setpgid"))
            .arrange(|start, _| start.block_all())
            .words("-g")
            .plays(HEARS)
            .acts([Act::Children(1), Act::Signal(10), Act::Taken, Act::Until("ready"), Act::Signal(64)])
            .differs(&LOST, [], ["said: signal 10 from 2"]),
        catatonit("catatonit's own working directory and descriptors")
            .arrange(|start, dir| {
                let _ = dir.file("file", "", 0o600);
                start.cwd(dir.path()).open(700, &dir.join("file"))
            })
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Asleep, Act::LookAtInit, Act::Signal(64)])
            .differs(&FOLDER, ["init: in @"], ["init: in /"]),
        catatonit("inherited zombies")
            .arrange(|start, _| start.zombies(3))
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::CountChildren, Act::Signal(64)])
            .differs(&ZOMBIES, ["init: children 4"], ["init: children 1"]),
        catatonit("SIGSEGV when not PID 1")
            .place(Place::Survived)
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Signal(11), Act::Taken, Act::Signal(64)])
            .differs(
                &FAULTS,
                ["end: signal 11", "left: process 3"],
                ["end: 7", "said: signal 11 from 2", "said: signal 64 from 2"],
            ),
        catatonit("idle").plays(HEARS).acts([Act::Until("ready"), Act::WatchSleep, Act::Signal(64)]),
    ]
}
