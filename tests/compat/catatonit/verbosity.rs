//! Messages that a variable turns on. COMMAND has a terminal, so that the child has nothing to report:
//! catatonit's lines come in pieces, and two processes would write theirs into one another.

use crate::scenario::{Input, Scenario, Text};
use crate::signals::{HEARS, name};

use super::catatonit;
use super::differences::{DEBUG, LOG};

/// What catatonit says once COMMAND runs.
const SPAWNED: &str = "stderr: DEBUG (catatonit:1): pid1 (2) spawned: ACTOR";

/// The message when no process is left.
const ALONE: &str = "stderr: DEBUG (catatonit:1): got ECHILD: no children left to monitor";

/// What it says where the variable that it reserves is set.
const RESERVED: &str = "stderr: ERROR (catatonit:1): CATATONIT_LOG is reserved for future use";

fn talks(name: impl Into<String>, value: &'static str) -> Scenario {
    catatonit(name).input(Input::Terminal).env("CATATONIT_DEBUG", value)
}

pub(super) fn table() -> Vec<Scenario> {
    let values = ["1", "0", ""].map(|value| {
        let entry = talks(format!("CATATONIT_DEBUG={value}"), value).plays("exit=3");
        entry.differs(&DEBUG, [SPAWNED, ALONE], [])
    });
    let reserved = ["1", "0", ""].map(|value| {
        let entry = catatonit(format!("CATATONIT_LOG={value}")).env("CATATONIT_LOG", value);
        entry.words("true").differs(&LOG, ["end: 1", RESERVED], ["end: 0"])
    });
    let stops = [20, 21, 22].map(|number| {
        let entry = talks(format!("CATATONIT_DEBUG and {}", name(number)), "1").plays(HEARS);
        let entry = entry.acts(format!("until ready, {}, taken, last", name(number)));
        let ignored =
            "stderr: DEBUG (catatonit:1): ignoring kernel attempting to stop us: tty has TOSTOP set";
        entry.differs(&DEBUG, [SPAWNED, ignored, ALONE], [])
    });
    let orphans =
        [("exit=4", "exits", "exited with code 4"), ("die=9", "is killed", "exited due to signal 9")];
    let orphans = orphans.map(|(steps, name, how)| {
        let steps = format!("block orphans=1 [ {steps} ] say=ready hear=64 exit=7");
        let entry = talks(format!("CATATONIT_DEBUG and an orphan that {name}"), "1").plays(&steps);
        let reaped = format!("stderr: DEBUG (catatonit:1): child process 4 {how}");
        let entry = entry.acts("until ready, children 1, last");
        entry.differs(&DEBUG, [SPAWNED, &reaped, ALONE], [])
    });
    let log = |name, word| catatonit(name).env("CATATONIT_LOG", "1").words(word);
    let others = [
        log("CATATONIT_LOG before -V", "-V").differs(
            &LOG,
            ["end: 1", RESERVED],
            ["end: 0", "stdout: tini version V_catatonit"],
        ),
        log("CATATONIT_LOG before an unknown option", "-x").differs(
            &LOG,
            [RESERVED],
            [
                "stderr: catatonit: invalid option -- 'x'",
                "stderr: usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]",
            ],
        ),
        talks("CATATONIT_DEBUG and an unknown option", "1").words("-x true").text(Text::Usage),
    ];
    values.into_iter().chain(reserved).chain(stops).chain(orphans).chain(others).collect()
}
