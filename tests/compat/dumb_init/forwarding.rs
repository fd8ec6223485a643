//! Signals to groups, what is reaped, and what COMMAND's end means to others.

use crate::scenario::{Act, Place, Scenario, Text};
use crate::signals::HEARS;

use super::differences::REFUSED_KILL;
use super::dumb_init;

/// COMMAND and a child in its group, both of which write down what they get.
const GROUP: &str = "block fork [ name=child hear=64 ] say=ready name=command hear=64";

/// A child that writes down what it gets when COMMAND ends.
const CHILD: &str =
    "fork [ name=child block touch=@blocked hear=STOP ] await=@blocked say=ready await=@go exit=7";

pub(super) fn table() -> Vec<Scenario> {
    let groups = ["", "-c"].map(|options| {
        let wait = if options.is_empty() { " wait" } else { "" };
        let entry =
            dumb_init(format!("a signal and COMMAND's process group with {options:?}")).words(options);
        let acts = [Act::Until("ready"), Act::Signal(10), Act::Taken, Act::Signal(64)];
        entry.plays(&format!("{GROUP}{wait} exit=7")).acts(acts).text(Text::Lines)
    });
    let below = [1, 2, 10, 11, 15, 18, 28, 34, 63].map(|number| {
        let acts = [Act::Until("ready"), Act::Signal(number), Act::Taken, Act::Signal(64)];
        dumb_init(format!("signal {number} when not PID 1")).place(Place::Two).plays(HEARS).acts(acts)
    });
    let alone = [1, 2, 10, 11, 15, 18, 28, 34, 63].map(|number| {
        let acts = [Act::Until("ready"), Act::Signal(number), Act::Taken, Act::Signal(64)];
        dumb_init(format!("signal {number} with -c")).words("-c").plays(HEARS).acts(acts)
    });
    let ends = [("", "15"), ("-r 15:2", "2"), ("-r 15:10 -r 10:2", "10")].map(|(options, last)| {
        let entry = dumb_init(format!("signal to the process group after COMMAND's end with {options:?}"))
            .place(Place::Survived);
        entry.words(options).plays(&CHILD.replace("STOP", last)).acts([Act::Until("ready"), Act::Touch("go")])
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
        entry
            .plays(&format!("{steps} say=ready await=@go exit=7"))
            .acts([Act::Until("ready"), Act::Touch("go")])
    });
    let others = [
        dumb_init("orphans are reaped").plays("block orphans=20 [ ] say=ready hear=64 exit=7").acts([
            Act::Until("ready"),
            Act::Children(1),
            Act::Signal(64),
        ]),
        dumb_init("orphans are killed when PID 1 exits").plays("daemon [ sleep ] exit=7"),
        dumb_init("SIGKILL to the init leaves COMMAND running")
            .place(Place::Survived)
            .plays("say=ready sleep")
            .acts([Act::Until("ready"), Act::Signal(9)]),
        dumb_init("kill is refused by seccomp")
            .arrange(|start, _| start.refuse("kill", "EPERM"))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::Signal(10), Act::Taken, Act::Touch("go")])
            .differs(&REFUSED_KILL, [], ["stderr: [dumb-init] Unable to send a signal: EPERM"]),
    ];
    groups.into_iter().chain(below).chain(alone).chain(ends).chain(left).chain(others).collect()
}
