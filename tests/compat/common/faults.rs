//! Situations in which at least one of the peers is at fault.

use nix::libc::SIGSEGV;
use nix::sys::signal::Signal;

use super::command::with_file;
use crate::peer::{CATATONIT, DUMB_INIT, Peer, TINI};
use crate::scenario::{Place, Scenario};
use crate::signals::{HEARS, sends};

/// COMMAND that ends when the test wants it.
const ENDS: &str = "say=ready await=@go exit=7";

pub(super) fn table(peer: &'static Peer) -> Vec<Scenario> {
    let of = |name: &str| Scenario::of(peer, name);
    let mut table = vec![
        of("COMMAND stops under ptrace")
            .plays("fork [ await=@go tell=9 ] say=ready traced die=10")
            .acts("until ready, COMMAND traced, touch go"),
        of("a signal before the process group exists")
            .place(Place::Delayed(if *peer == DUMB_INIT { "setsid" } else { "setpgid" }))
            .arrange(|start, _| start.block_all())
            .words(peer.to_group)
            .plays(HEARS)
            .acts("children 1, SIGUSR1, taken, until ready, last"),
        of("idle").plays(HEARS).acts("until ready, watch sleep, last"),
        of("the init's own working directory and descriptors")
            .arrange(|start, dir| with_file(start.cwd(dir.path()), dir, &[700]))
            .plays(HEARS)
            .acts("until ready, asleep, look at init, last"),
    ];
    if *peer != TINI {
        table.extend([
            of("wait4 is refused by seccomp")
                .arrange(|start, _| start.refuse("wait4", "EPERM"))
                .plays(ENDS)
                .acts("until ready, touch go")
                .may_hang(),
            of("inherited zombies")
                .arrange(|start, _| start.zombies(3))
                .plays(HEARS)
                .acts("until ready, SIGUSR1, taken, count children, last"),
        ]);
    }
    if *peer != DUMB_INIT {
        table.extend([
            of("SIGCHLD is ignored at the start")
                .arrange(|start, _| start.ignore(Signal::SIGCHLD))
                .plays(ENDS)
                .acts("until ready, touch go")
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
                .acts("until ready, SIGUSR1, taken, touch go"),
        );
    }
    table
}
