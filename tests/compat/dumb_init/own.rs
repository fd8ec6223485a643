//! What only dumb-init has, beside rewriting and job control.

use nix::libc::SIGSEGV;
use nix::sys::signal::Signal;

use super::dumb_init;
use crate::scenario::{Input, Place, Scenario};
use crate::signals::{HEARS, name, sends};

/// A child that writes down the signals that it gets when COMMAND ends.
const CHILD: &str =
    "fork [ name=child block touch=@blocked hear=STOP ] await=@blocked say=ready await=@go exit=7";

pub(super) fn table() -> Vec<Scenario> {
    let alone = [1, 2, 10, 11, 15, 18, 28, 34, 63].map(|number| {
        let entry = dumb_init(format!("{} with -c", name(number))).words("-c");
        entry.plays(HEARS).acts(sends(number))
    });
    let ends = [("", "15"), ("-r 15:2", "2"), ("-r 15:10 -r 10:2", "10")].map(|(options, last)| {
        let entry = dumb_init(format!("signal to the process group after COMMAND's end with {options:?}"))
            .place(Place::Survived);
        entry.words(options).plays(&CHILD.replace("STOP", last)).acts("until ready, touch go")
    });
    let left = [
        ("-r 15:0 leaves COMMAND's process group running", "-r 15:0", "fork [ sleep ]"),
        ("-c leaves COMMAND's process group running", "-c", "fork [ sleep ]"),
        ("COMMAND's process group is terminated", "", "fork [ sleep ]"),
        (
            "a process that ignores SIGTERM is left running",
            "",
            "fork [ ignore=15 touch=@ignored sleep ] await=@ignored",
        ),
        ("a daemon is left running", "", "daemon [ touch=@apart sleep ] await=@apart"),
        ("another process group is left running", "", "fork [ group touch=@grouped sleep ] await=@grouped"),
    ];
    let left = left.map(|(name, options, steps)| {
        let entry = dumb_init(name).place(Place::Survived).words(options);
        entry.plays(&format!("{steps} say=ready await=@go exit=7")).acts("until ready, touch go")
    });
    let reports = [
        dumb_init("COMMAND's initial state with -c").words("-c"),
        dumb_init("COMMAND's initial state with --single-child").words("--single-child"),
        dumb_init("COMMAND's initial state with -c when not PID 1").place(Place::Two).words("-c"),
        dumb_init("COMMAND inherits environment variables")
            .env("LISTEN_PID", "2")
            .env("DUMB_INIT_DEBUG", "0"),
        dumb_init("COMMAND's initial state on a terminal with -c").input(Input::Terminal).words("-c"),
        dumb_init("COMMAND's initial state on a terminal when not PID 1")
            .input(Input::Terminal)
            .place(Place::Two),
    ];
    let reports = reports.map(|entry| entry.plays("report"));
    let others = [
        dumb_init(format!("{} when not PID 1", name(SIGSEGV)))
            .place(Place::Two)
            .plays(HEARS)
            .acts(sends(SIGSEGV)),
        dumb_init("SIGCHLD is ignored at the start")
            .arrange(|launcher, _| launcher.ignore(Signal::SIGCHLD))
            .plays("report exit=7"),
    ];
    alone.into_iter().chain(ends).chain(left).chain(reports).chain(others).collect()
}
