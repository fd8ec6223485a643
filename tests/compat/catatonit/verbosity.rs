//! What catatonit says to who asks for it by a variable. COMMAND has a terminal, so that its side has nothing to say:
//! catatonit's lines come in pieces, and two processes would write theirs into one another.

use crate::scenario::{Act, Input, Scenario};
use crate::signals::HEARS;

use super::catatonit;

fn talks(name: impl Into<String>, value: &'static str) -> Scenario {
    catatonit(name).input(Input::Terminal).env("CATATONIT_DEBUG", value)
}

pub(super) fn table() -> Vec<Scenario> {
    let values = ["1", "0", ""].map(|value| talks(format!("CATATONIT_DEBUG={value}"), value).plays("exit=3"));
    let reserved = ["1", "0", ""].map(|value| {
        let entry = catatonit(format!("CATATONIT_LOG={value}")).env("CATATONIT_LOG", value);
        entry.words("true")
    });
    let stops = [20, 21, 22].map(|number| {
        let entry = talks(format!("CATATONIT_DEBUG and signal {number}"), "1").plays(HEARS);
        entry.acts([Act::Until("ready"), Act::Signal(number), Act::Taken, Act::Signal(64)])
    });
    let orphans = [("exit=4", "exits"), ("die=9", "is killed")].map(|(steps, name)| {
        let steps = format!("block orphans=1 [ {steps} ] say=ready hear=64 exit=7");
        let entry = talks(format!("CATATONIT_DEBUG and an orphan that {name}"), "1").plays(&steps);
        entry.acts([Act::Until("ready"), Act::Children(1), Act::Signal(64)])
    });
    let others = [
        catatonit("CATATONIT_LOG before -V").env("CATATONIT_LOG", "1").words("-V"),
        catatonit("CATATONIT_LOG before a wrong option").env("CATATONIT_LOG", "1").words("-x"),
        talks("CATATONIT_DEBUG and a wrong option", "1").words("-x true").text(crate::scenario::Text::Usage),
        talks("CATATONIT_DEBUG and a refused kill", "1")
            .arrange(|start, _| start.refuse("kill", "EPERM"))
            .plays("exit=7"),
    ];
    values.into_iter().chain(reserved).chain(stops).chain(orphans).chain(others).collect()
}
