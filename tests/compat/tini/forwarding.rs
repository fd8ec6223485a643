//! Signals to groups, keys, and what is reaped or left.

use crate::scenario::{Act, Input, Place, Scenario, Text};
use crate::signals::HEARS;

use super::differences::LEFT_GROUP;
use super::tini;

/// COMMAND and a child in its group, both of which write down what they get.
const GROUP: &str = "block fork [ name=child hear=64 ] say=ready name=command hear=64";

/// Sends a signal, and then the last one.
fn sends(number: i32) -> [Act; 4] {
    [Act::Until("ready"), Act::Signal(number), Act::Taken, Act::Signal(64)]
}

pub(super) fn table() -> Vec<Scenario> {
    let groups = ["-g", ""].map(|options| {
        let name = format!("a signal and COMMAND's process group with {options:?}");
        let wait = if options.is_empty() { "" } else { " wait" };
        tini(name).words(options).plays(&format!("{GROUP}{wait} exit=7")).acts(sends(15)).text(Text::Lines)
    });
    let variable = ["", "0", "1"].map(|value| {
        let entry = tini(format!("TINI_KILL_PROCESS_GROUP={value}")).env("TINI_KILL_PROCESS_GROUP", value);
        entry.plays(&format!("{GROUP} wait exit=7")).acts(sends(15)).text(Text::Lines)
    });
    let below = [1, 2, 10, 15, 18, 20, 28, 34, 63].map(|number| {
        tini(format!("signal {number} when not PID 1"))
            .place(Place::Two)
            .words("-s")
            .plays(HEARS)
            .acts(sends(number))
    });
    let keys = [("Ctrl-C", "\x03", "signal 2 from 0"), ("Ctrl-Z", "\x1a", "signal 20 from 0")].map(
        |(name, key, line)| {
            let acts = [Act::Until("ready"), Act::Type(key), Act::Until(line), Act::Signal(64)];
            tini(format!("{name} reaches COMMAND")).input(Input::Terminal).plays(HEARS).acts(acts)
        },
    );
    let others = [
        tini("a terminal hangup reaches COMMAND").input(Input::Terminal).plays(HEARS).acts([
            Act::Until("ready"),
            Act::HangUp,
            Act::Until("signal 18 from 1"),
            Act::Signal(64),
        ]),
        tini("a signal is pending at the start")
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Signal(64)])
            .arrange(|start, _| start.pending(nix::sys::signal::Signal::SIGUSR1)),
        tini("orphans are reaped").plays("block orphans=20 [ ] say=ready hear=64 exit=7").acts([
            Act::Until("ready"),
            Act::Children(1),
            Act::Signal(64),
        ]),
        tini("orphans are reaped when not PID 1")
            .place(Place::Two)
            .words("-s")
            .plays("block orphans=20 [ ] say=ready hear=64 exit=7")
            .acts([Act::Until("ready"), Act::Children(1), Act::Signal(64)]),
        tini("inherited zombies are reaped").arrange(|start, _| start.zombies(3)).plays(HEARS).acts([
            Act::Until("ready"),
            Act::Children(1),
            Act::Signal(64),
        ]),
        tini("COMMAND's process group and a daemon are left running")
            .place(Place::Survived)
            .words("-s")
            .plays("fork [ sleep ] daemon [ sleep ] say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Children(2), Act::Touch("go")]),
        tini("without -s a daemon is not reparented to tini")
            .place(Place::Survived)
            .plays("daemon [ sleep ] say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Children(1), Act::Touch("go")]),
        tini("orphans are killed when PID 1 exits").plays("fork [ sleep ] daemon [ sleep ] exit=7"),
        tini("COMMAND has left its process group")
            .words("-g")
            .plays("block leave say=ready await=@go kill=64 hear=64 exit=7")
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::Touch("go")])
            .differs(
                &LEFT_GROUP,
                ["stderr: [WARN  tini (1)] Child was dead when forwarding signal"],
                ["said: signal 10 from 1"],
            ),
        tini("SIGKILL to the init leaves COMMAND running")
            .place(Place::Survived)
            .words("-s")
            .plays("say=ready sleep")
            .acts([Act::Until("ready"), Act::Signal(9)]),
    ];
    groups.into_iter().chain(variable).chain(below).chain(keys).chain(others).collect()
}
