//! Where tini is at fault, and ours is not.

use nix::sys::signal::Signal;

use crate::scenario::{Act, Place, Scenario};
use crate::signals::HEARS;

use super::differences::{
    CHILD_IGNORED, FAULTS, LOST, REFUSED_CALL, REFUSED_KILL, REFUSED_WAIT, STDIN, TRACED, WAKES,
};
use super::tini;

pub(super) fn table() -> Vec<Scenario> {
    vec![
        tini("COMMAND stops under ptrace")
            .plays("fork [ await=@go tell=9 ] say=ready traced die=10")
            .acts([Act::Until("ready"), Act::CommandTraced, Act::Touch("go")])
            .differs(
                &TRACED,
                ["end: 1", "stderr: [FATAL tini (1)] Main child exited for unknown reason"],
                ["end: 137"],
            ),
        tini("SIGCHLD is ignored at the start")
            .arrange(|start, _| start.ignore(Signal::SIGCHLD))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Touch("go")])
            .may_hang()
            .differs(&CHILD_IGNORED, ["end: none, it sleeps without a child"], ["end: 7"]),
        tini("stdin is closed").arrange(|start, _| start.close(0)).plays("exit=7").differs(
            &STDIN,
            ["end: 1", "stderr: [FATAL tini (2)] tcsetpgrp failed: EBADF"],
            ["end: 7"],
        ),
        tini("kill is refused by seccomp")
            .arrange(|start, _| start.refuse("kill", "EPERM"))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::Touch("go")])
            .differs(
                &REFUSED_KILL,
                ["end: 1", "stderr: [FATAL tini (1)] Unexpected error when forwarding signal: 'EPERM'"],
                ["end: 7", "stderr: [WARN  tini (1)] Failed to send a signal: EPERM"],
            ),
        tini("wait4 is refused by seccomp")
            .arrange(|start, _| start.refuse("wait4", "EPERM"))
            .plays("exit=7")
            .differs(
                &REFUSED_WAIT,
                ["stderr: [FATAL tini (1)] Error while waiting for pids: 'EPERM'"],
                ["stderr: [FATAL tini (1)] fork failed: EPERM"],
            ),
        tini("rt_sigtimedwait is refused by seccomp")
            .arrange(|start, _| start.refuse("rt_sigtimedwait", "EPERM"))
            .plays("exit=7")
            .differs(
                &REFUSED_CALL,
                ["end: 1", "stderr: [FATAL tini (1)] Unexpected error in sigtimedwait: 'EPERM'"],
                ["end: 7"],
            ),
        tini("a signal before the process group exists")
            .place(Place::Delayed("setpgid"))
            .arrange(|start, _| start.block_all())
            .words("-g")
            .plays(HEARS)
            .acts([Act::Children(1), Act::Signal(15), Act::Taken, Act::Until("ready"), Act::Signal(64)])
            .differs(
                &LOST,
                ["stderr: [WARN  tini (2)] Child was dead when forwarding signal"],
                ["said: signal 15 from 2"],
            ),
        tini("idle").plays(HEARS).acts([Act::Until("ready"), Act::WatchSleep, Act::Signal(64)]).differs(
            &WAKES,
            ["init: wakes up while nothing happens"],
            ["init: sleeps"],
        ),
        tini("tini's own working directory and descriptors")
            .arrange(|start, dir| {
                let _ = dir.file("file", "", 0o600);
                start.cwd(dir.path()).open(700, &dir.join("file"))
            })
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Asleep, Act::LookAtInit, Act::Signal(64)]),
        tini("SIGSEGV when not PID 1")
            .place(Place::Survived)
            .words("-s")
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Signal(11), Act::Taken, Act::Signal(64)])
            .differs(
                &FAULTS,
                ["end: signal 11", "left: process 3"],
                ["end: 7", "said: signal 11 from 2", "said: signal 64 from 2"],
            ),
    ]
}
