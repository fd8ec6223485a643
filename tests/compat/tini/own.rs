//! What only tini has.

use nix::libc::SIGTERM;

use super::differences::{REFUSED_CALL, REFUSED_WAIT, STDIN};
use super::tini;
use crate::scenario::{Input, Place, Scenario, Text};
use crate::signals::{HEARS, sends};

pub(super) fn table() -> Vec<Scenario> {
    let variable = ["", "0", "1"].map(|value| {
        tini(format!("TINI_KILL_PROCESS_GROUP={value}"))
            .env("TINI_KILL_PROCESS_GROUP", value)
            .plays("block fork [ name=child hear=64 ] say=ready name=command hear=64 wait exit=7")
            .acts(sends(SIGTERM))
            .text(Text::Lines)
    });
    let others = [
        tini("COMMAND inherits environment variables")
            .env("LISTEN_PID", "2")
            .env("TINI_SUBREAPER", "1")
            .env("TINI_VERBOSITY", "1")
            .plays("report"),
        tini("COMMAND's initial state on a terminal when not PID 1")
            .input(Input::Terminal)
            .place(Place::Two)
            .words("-s")
            .plays("report"),
        tini("started by an unprivileged user").arrange(|launcher, _| launcher.uid(65534)).plays("exit=7"),
        tini("inherited zombies are reaped")
            .arrange(|start, _| start.zombies(3))
            .plays(HEARS)
            .acts("until ready, children 1, last"),
        tini("without -s a daemon is not reparented to tini")
            .place(Place::Survived)
            .plays("daemon [ sleep ] say=ready await=@go exit=7")
            .acts("until ready, children 1, touch go"),
        tini("stdin is closed").arrange(|start, _| start.close(0)).plays("exit=7").differs(
            &STDIN,
            ["end: 1", "stderr: [FATAL tini (2)] tcsetpgrp failed: EBADF"],
            ["end: 7"],
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
    ];
    variable.into_iter().chain(others).collect()
}
