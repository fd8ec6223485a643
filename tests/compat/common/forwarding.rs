//! Signals to groups, keys, and the processes that are reaped or left.

use nix::libc::SIGUSR1;

use crate::peer::{DUMB_INIT, Peer};
use crate::scenario::{Input, Place, Scenario, Text};
use crate::signals::{HEARS, name, sends};

/// COMMAND and a child in its group, both of which write down the signals that they get.
const GROUP: &str = "block fork [ name=child hear=64 ] say=ready name=command hear=64";

/// COMMAND with orphans.
const ORPHANS: &str = "block orphans=20 [ ] say=ready hear=64 exit=7";

pub(super) fn table(peer: &'static Peer) -> Vec<Scenario> {
    let of = |name: &str| Scenario::of(peer, name);
    let below = |number| {
        of(&format!("{} when not PID 1", name(number)))
            .place(Place::Two)
            .words(peer.subreaper)
            .plays(HEARS)
            .acts(sends(number))
    };
    let reaps = "until ready, children 1, last";
    let mut table: Vec<Scenario> = [1, 2, 10, 15, 18, 28, 34, 63].map(below).into();
    table.extend([
        of("a signal to COMMAND's process group")
            .words(peer.to_group)
            .plays(&format!("{GROUP} wait exit=7"))
            .acts(sends(SIGUSR1))
            .text(Text::Lines),
        of("a signal to COMMAND alone")
            .words(peer.to_child)
            .plays(&format!("{GROUP} exit=7"))
            .acts(sends(SIGUSR1))
            .text(Text::Lines),
        of("orphans are reaped").plays(ORPHANS).acts(reaps),
        of("orphans are killed when PID 1 exits").plays("fork [ sleep ] daemon [ sleep ] exit=7"),
        of("SIGKILL to the init leaves COMMAND running")
            .place(Place::Survived)
            .words(peer.subreaper)
            .plays("say=ready sleep")
            .acts("until ready, SIGKILL"),
    ]);
    if *peer == DUMB_INIT {
        return table;
    }
    let keys = [("Ctrl-C", "\x03", "signal 2 from 0"), ("Ctrl-Z", "\x1a", "signal 20 from 0")];
    table.extend(keys.map(|(name, key, line)| {
        let acts = format!("until ready, type {key}, until {line}, last");
        of(&format!("{name} reaches COMMAND")).input(Input::Terminal).plays(HEARS).acts(acts)
    }));
    table.extend([
        below(20),
        of("a terminal hangup reaches COMMAND")
            .input(Input::Terminal)
            .plays(HEARS)
            .acts("until ready, hang up, until signal 18 from 1, last"),
        of("a signal is pending at the start")
            .plays(HEARS)
            .acts("until ready, last")
            .arrange(|start, _| start.pending(nix::sys::signal::Signal::SIGUSR1)),
        of("orphans are reaped when not PID 1")
            .place(Place::Two)
            .words(peer.subreaper)
            .plays(ORPHANS)
            .acts(reaps),
        of("COMMAND's process group and a daemon are left running")
            .place(Place::Survived)
            .words(peer.subreaper)
            .plays("fork [ sleep ] daemon [ sleep ] say=ready await=@go exit=7")
            .acts("until ready, children 2, touch go"),
        of("COMMAND has left its process group")
            .words(peer.to_group)
            .plays("block leave say=ready await=@go kill=64 hear=64 exit=7")
            .acts("until ready, SIGUSR1, taken, touch go"),
    ]);
    table
}
