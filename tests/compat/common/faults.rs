//! Situations in which at least one of the peers is at fault.

use nix::libc::{SIGSEGV, SIGUSR1};
use nix::sys::signal::Signal;

use super::command::with_file;
use crate::peer::{CATATONIT, DUMB_INIT, Peer, TINI};
use crate::scenario::{Act, Place, Scenario};
use crate::signals::{HEARS, LAST, sends};

/// COMMAND that ends when the test wants it.
const ENDS: &str = "say=ready await=@go exit=7";

pub(super) fn table(peer: &'static Peer) -> Vec<Scenario> {
    let of = |name: &str| Scenario::of(peer, name);
    let mut table =
        vec![
            of("COMMAND stops under ptrace")
                .plays("fork [ await=@go tell=9 ] say=ready traced die=10")
                .acts([Act::Until("ready"), Act::CommandTraced, Act::Touch("go")]),
            of("a signal before the process group exists")
                .place(Place::Delayed(if *peer == DUMB_INIT { "setsid" } else { "setpgid" }))
                .arrange(|start, _| start.block_all())
                .words(peer.to_group)
                .plays(HEARS)
                .acts([
                    Act::Children(1),
                    Act::Signal(SIGUSR1),
                    Act::Taken,
                    Act::Until("ready"),
                    Act::Signal(LAST),
                ]),
            of("idle").plays(HEARS).acts([Act::Until("ready"), Act::WatchSleep, Act::Signal(LAST)]),
            of("the init's own working directory and descriptors")
                .arrange(|start, dir| with_file(start.cwd(dir.path()), dir, &[700]))
                .plays(HEARS)
                .acts([Act::Until("ready"), Act::Asleep, Act::LookAtInit, Act::Signal(LAST)]),
        ];
    if *peer != TINI {
        table.extend([
            of("wait4 is refused by seccomp")
                .arrange(|start, _| start.refuse("wait4", "EPERM"))
                .plays(ENDS)
                .acts([Act::Until("ready"), Act::Touch("go")])
                .may_hang(),
            of("inherited zombies").arrange(|start, _| start.zombies(3)).plays(HEARS).acts([
                Act::Until("ready"),
                Act::Signal(SIGUSR1),
                Act::Taken,
                Act::CountChildren,
                Act::Signal(LAST),
            ]),
        ]);
    }
    if *peer != DUMB_INIT {
        table.extend([
            of("SIGCHLD is ignored at the start")
                .arrange(|start, _| start.ignore(Signal::SIGCHLD))
                .plays(ENDS)
                .acts([Act::Until("ready"), Act::Touch("go")])
                .may_hang(),
            of("SIGSEGV when not PID 1")
                .place(Place::Survived)
                .words(peer.subreaper)
                .plays(HEARS)
                .acts(sends(SIGSEGV)),
        ]);
    }
    if *peer != CATATONIT {
        table.push(
            of("kill is refused by seccomp")
                .arrange(|start, _| start.refuse("kill", "EPERM"))
                .plays(ENDS)
                .acts([Act::Until("ready"), Act::Signal(SIGUSR1), Act::Taken, Act::Touch("go")]),
        );
    }
    table
}
