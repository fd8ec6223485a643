//! Signals to groups, keys, and what is reaped or left.

use crate::scenario::{Act, Input, Place, Scenario, Text};
use crate::signals::HEARS;

use super::catatonit;
use super::differences::LEFT_GROUP;

/// COMMAND and a child in its group, both of which write down what they get.
const GROUP: &str = "block fork [ name=child hear=64 ] say=ready name=command hear=64";

fn sends(number: i32) -> [Act; 4] {
    [Act::Until("ready"), Act::Signal(number), Act::Taken, Act::Signal(64)]
}

pub(super) fn table() -> Vec<Scenario> {
    let groups = ["-g", ""].map(|options| {
        let wait = if options.is_empty() { "" } else { " wait" };
        let entry =
            catatonit(format!("a signal and COMMAND's process group with {options:?}")).words(options);
        entry.plays(&format!("{GROUP}{wait} exit=7")).acts(sends(15)).text(Text::Lines)
    });
    let below = [1, 2, 10, 15, 18, 20, 28, 34, 63].map(|number| {
        catatonit(format!("signal {number} when not PID 1"))
            .place(Place::Two)
            .plays(HEARS)
            .acts(sends(number))
    });
    let keys = [("Ctrl-C", "\x03", "signal 2 from 0"), ("Ctrl-Z", "\x1a", "signal 20 from 0")];
    let keys = keys.map(|(name, key, line)| {
        let acts = [Act::Until("ready"), Act::Type(key), Act::Until(line), Act::Signal(64)];
        catatonit(format!("{name} reaches COMMAND")).input(Input::Terminal).plays(HEARS).acts(acts)
    });
    let others = [
        catatonit("a terminal hangup reaches COMMAND").input(Input::Terminal).plays(HEARS).acts([
            Act::Until("ready"),
            Act::HangUp,
            Act::Until("signal 18 from 1"),
            Act::Signal(64),
        ]),
        catatonit("a signal is pending at the start")
            .plays(HEARS)
            .acts([Act::Until("ready"), Act::Signal(64)])
            .arrange(|start, _| start.pending(nix::sys::signal::Signal::SIGUSR1)),
        catatonit("orphans are reaped").plays("block orphans=20 [ ] say=ready hear=64 exit=7").acts([
            Act::Until("ready"),
            Act::Children(1),
            Act::Signal(64),
        ]),
        catatonit("orphans are reaped when not PID 1")
            .place(Place::Two)
            .plays("block orphans=20 [ ] say=ready hear=64 exit=7")
            .acts([Act::Until("ready"), Act::Children(1), Act::Signal(64)]),
        catatonit("COMMAND's process group and a daemon are left running")
            .place(Place::Survived)
            .plays("fork [ sleep ] daemon [ sleep ] say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Children(2), Act::Touch("go")]),
        catatonit("orphans are killed when PID 1 exits").plays("fork [ sleep ] daemon [ sleep ] exit=7"),
        catatonit("COMMAND has left its process group")
            .words("-g")
            .plays("block leave say=ready await=@go kill=64 hear=64 exit=7")
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::Touch("go")])
            .differs(&LEFT_GROUP, [], ["said: signal 10 from 1"]),
        catatonit("SIGKILL to the init leaves COMMAND running")
            .place(Place::Survived)
            .plays("say=ready sleep")
            .acts([Act::Until("ready"), Act::Signal(9)]),
        catatonit("kill is refused without CAP_KILL")
            .place(Place::One)
            .input(Input::Pipe)
            .plays("say=ready await=@go exit=7")
            .arrange(|start, _| start.drop_capability(5))
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::Touch("go")]),
    ];
    groups.into_iter().chain(below).chain(keys).chain(others).collect()
}
