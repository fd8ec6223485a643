//! Terminals, and the signals that stop jobs.

use crate::scenario::{Input, Place, Scenario};
use crate::signals::{HEARS, name};

use super::dumb_init;

pub(super) fn table() -> Vec<Scenario> {
    let stops = [20, 21, 22];
    let one = stops.map(|number| {
        dumb_init(format!("{} stops COMMAND", name(number)))
            .plays(HEARS)
            .acts(format!("until ready, {}, COMMAND stops, SIGCONT, COMMAND runs, last", name(number)))
    });
    let two = stops.map(|number| {
        dumb_init(format!("{} stops the init and COMMAND when not PID 1", name(number)))
            .place(Place::Two)
            .plays(HEARS)
            .acts(format!(
                "until ready, {}, COMMAND stops, init stops, SIGCONT, COMMAND runs, taken, last",
                name(number)
            ))
    });
    // SIGCONT takes back a stop signal that COMMAND has not taken yet.
    let alone = [
        ("-c", 20, "signal 20 from 2"),
        ("-c", 21, "signal 21 from 2"),
        ("-c", 22, "signal 22 from 2"),
        ("-r 21:20", 21, "signal 20 from 2"),
        ("-r 20:10", 20, "signal 10 from 2"),
        ("-r 20:0", 20, "ready"),
        ("-c -r 20:0", 20, "ready"),
    ];
    let alone = alone.map(|(options, number, line)| {
        let entry =
            dumb_init(format!("{} with {options} stops only the init", name(number))).place(Place::Two);
        entry
            .words(options)
            .plays(HEARS)
            .acts(format!("until ready, {}, init stops, until {line}, SIGCONT, taken, last", name(number)))
    });
    let rewritten =
        [("-c", 20), ("-r 20:0", 20), ("-r 22:10", 22), ("-r 10:20", 10)].map(|(options, number)| {
            let entry =
                dumb_init(format!("{} with {options} as PID 1", name(number))).words(options).plays(HEARS);
            entry.acts(format!("until ready, {}, taken, last", name(number)))
        });
    one.into_iter().chain(two).chain(alone).chain(rewritten).chain(terminals()).collect()
}

fn terminals() -> [Scenario; 9] {
    let terminal = |name| dumb_init(name).input(Input::Terminal).plays(HEARS);
    [
        terminal("SIGHUP and SIGCONT from giving up the terminal are not forwarded")
            .acts("until ready, taken, last"),
        terminal("SIGHUP after giving up the terminal is forwarded")
            .acts("until ready, taken, SIGHUP, taken, last"),
        terminal("SIGCONT after giving up the terminal is forwarded")
            .acts("until ready, taken, SIGCONT, taken, last"),
        terminal("Ctrl-C reaches COMMAND").acts("until ready, taken, type \x03, until signal 2 from 0, last"),
        terminal("Ctrl-Z reaches COMMAND")
            .acts("until ready, taken, type \x1a, until signal 20 from 0, last"),
        terminal("a terminal hangup reaches COMMAND")
            .acts("until ready, taken, hang up, until signal 18 from 0, last"),
        terminal("Ctrl-Z under a shell suspends and SIGCONT resumes")
            .place(Place::Shell)
            .acts("until ready, type \x1a, COMMAND stops, init stops, SIGCONT, COMMAND runs, taken, last"),
        terminal("Ctrl-C under a shell reaches COMMAND")
            .place(Place::Shell)
            .acts("until ready, type \x03, until signal 2 from 2, last"),
        dumb_init("COMMAND is a shell with job control")
            .input(Input::Console)
            .env("PS1", "prompt> ")
            .env("TERM", "dumb")
            .words("sh -i")
            .acts("shows prompt> , type sleep 1000\n, shows 1000, terminal taken")
            .acts("type \x1a, shows prompt> , type jobs\n, shows Stopped")
            .acts("type fg\n, terminal taken, type \x03, shows prompt> , type exit 5\n"),
    ]
}
