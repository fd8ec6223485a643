//! Terminals, and the signals that stop jobs.

use nix::libc::{SIGCONT, SIGHUP};

use crate::scenario::{Act, Input, Place, Scenario};
use crate::signals::{HEARS, LAST};

use super::dumb_init;

pub(super) fn table() -> Vec<Scenario> {
    let stops = [20, 21, 22];
    let one = stops.map(|number| {
        dumb_init(format!("signal {number} stops COMMAND")).plays(HEARS).acts([
            Act::Until("ready"),
            Act::Signal(number),
            Act::CommandStops,
            Act::Signal(SIGCONT),
            Act::CommandRuns,
            Act::Signal(LAST),
        ])
    });
    let two = stops.map(|number| {
        dumb_init(format!("signal {number} stops the init and COMMAND when not PID 1"))
            .place(Place::Two)
            .plays(HEARS)
            .acts([
                Act::Until("ready"),
                Act::Signal(number),
                Act::CommandStops,
                Act::InitStops,
                Act::Signal(SIGCONT),
                Act::CommandRuns,
                Act::Taken,
                Act::Signal(LAST),
            ])
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
            dumb_init(format!("signal {number} with {options} stops only the init")).place(Place::Two);
        entry.words(options).plays(HEARS).acts([
            Act::Until("ready"),
            Act::Signal(number),
            Act::InitStops,
            Act::Until(line),
            Act::Signal(SIGCONT),
            Act::Taken,
            Act::Signal(LAST),
        ])
    });
    let rewritten =
        [("-c", 20), ("-r 20:0", 20), ("-r 22:10", 22), ("-r 10:20", 10)].map(|(options, number)| {
            let entry =
                dumb_init(format!("signal {number} with {options} as PID 1")).words(options).plays(HEARS);
            entry.acts([Act::Until("ready"), Act::Signal(number), Act::Taken, Act::Signal(LAST)])
        });
    one.into_iter().chain(two).chain(alone).chain(rewritten).chain(terminals()).collect()
}

fn terminals() -> [Scenario; 9] {
    let terminal = |name| dumb_init(name).input(Input::Terminal).plays(HEARS);
    [
        terminal("SIGHUP and SIGCONT from giving up the terminal are not forwarded").acts([
            Act::Until("ready"),
            Act::Taken,
            Act::Signal(LAST),
        ]),
        terminal("SIGHUP after giving up the terminal is forwarded").acts([
            Act::Until("ready"),
            Act::Taken,
            Act::Signal(SIGHUP),
            Act::Taken,
            Act::Signal(LAST),
        ]),
        terminal("SIGCONT after giving up the terminal is forwarded").acts([
            Act::Until("ready"),
            Act::Taken,
            Act::Signal(SIGCONT),
            Act::Taken,
            Act::Signal(LAST),
        ]),
        terminal("Ctrl-C reaches COMMAND").acts([
            Act::Until("ready"),
            Act::Taken,
            Act::Type("\x03"),
            Act::Until("signal 2 from 0"),
            Act::Signal(LAST),
        ]),
        terminal("Ctrl-Z reaches COMMAND").acts([
            Act::Until("ready"),
            Act::Taken,
            Act::Type("\x1a"),
            Act::Until("signal 20 from 0"),
            Act::Signal(LAST),
        ]),
        terminal("a terminal hangup reaches COMMAND").acts([
            Act::Until("ready"),
            Act::Taken,
            Act::HangUp,
            Act::Until("signal 18 from 0"),
            Act::Signal(LAST),
        ]),
        terminal("Ctrl-Z under a shell suspends and SIGCONT resumes").place(Place::Shell).acts([
            Act::Until("ready"),
            Act::Type("\x1a"),
            Act::CommandStops,
            Act::InitStops,
            Act::Signal(SIGCONT),
            Act::CommandRuns,
            Act::Taken,
            Act::Signal(LAST),
        ]),
        terminal("Ctrl-C under a shell reaches COMMAND").place(Place::Shell).acts([
            Act::Until("ready"),
            Act::Type("\x03"),
            Act::Until("signal 2 from 2"),
            Act::Signal(LAST),
        ]),
        dumb_init("COMMAND is a shell with job control")
            .input(Input::Console)
            .env("PS1", "prompt> ")
            .env("TERM", "dumb")
            .words("sh -i")
            .acts([
                Act::Shows("prompt> "),
                Act::Type("sleep 1000\n"),
                Act::Shows("1000"),
                Act::TerminalTaken,
                Act::Type("\x1a"),
                Act::Shows("prompt> "),
                Act::Type("jobs\n"),
                Act::Shows("Stopped"),
                Act::Type("fg\n"),
                Act::TerminalTaken,
                Act::Type("\x03"),
                Act::Shows("prompt> "),
                Act::Type("exit 5\n"),
            ]),
    ]
}
