//! `-r`.

use crate::scenario::Scenario;
use crate::signals::{HEARS, name, sends};

use super::differences::{NUMBERS, SIGNAL_NAMES};
use super::dumb_init;

/// Every one of these becomes every other.
const SAMPLE: [i32; 6] = [1, 3, 10, 15, 28, 31];

/// Options, and the signal that is sent.
const OTHERS: [(&str, i32); 23] = [
    ("-r 15:0", 15),
    ("-r 1:0", 1),
    ("-r 31:0", 31),
    ("-r 15:0", 10),
    ("-r 1:2 -r 2:3", 1),
    ("-r 1:2 -r 2:3", 2),
    ("-r 1:2 -r 2:1", 1),
    ("-r 1:2 -r 1:3", 1),
    ("-r 1:0 -r 1:3", 1),
    ("-r 1:3 -r 1:0", 1),
    ("-r 17:10", 17),
    ("-r 10:17", 10),
    ("-r1:2", 1),
    ("-cr1:2", 1),
    ("-cr 1:2", 1),
    ("--rewrite 1:2", 1),
    ("--rewrite=1:2", 1),
    ("--r 1:2", 1),
    ("--rew=1:2", 1),
    ("-r 1:2:3", 1),
    ("-r 1:2x", 1),
    ("-r 01:010", 1),
    ("-r 9:10", 10),
];

/// What `scanf` takes for 1:2, and ours does not.
const ODD: [&str; 6] = [" 1:2", "1: 2", "+1:2", "1:+2", "4294967297:2", "1:4294967298"];

/// Pairs with names of signals, and the replacement of SIGTERM.
const NAMED: [(&str, i32); 4] = [("TERM:QUIT", 3), ("SIGTERM:SIGQUIT", 3), ("15:USR1", 10), ("TERM:2", 2)];

/// The end of a start that `-r` prevents.
const REJECTED: [&str; 4] = [
    "end: 1",
    "stderr: Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.",
    "stderr: This option can be specified multiple times.",
    "stderr: Use --help for full usage.",
];

fn rewrites(name: String, options: &str, number: i32) -> Scenario {
    dumb_init(name).words(options).plays(HEARS).acts(sends(number))
}

pub(super) fn table() -> Vec<Scenario> {
    let pairs = SAMPLE.into_iter().flat_map(|from| SAMPLE.map(|to| (from, to)));
    let pairs = pairs.map(|(from, to)| rewrites(format!("-r {from}:{to}"), &format!("-r {from}:{to}"), from));
    let others =
        OTHERS.map(|(options, number)| rewrites(format!("{options} and {}", name(number)), options, number));
    let rest = [
        dumb_init("-r 15:9 kills COMMAND")
            .words("-r 15:9")
            .plays("say=ready sleep")
            .acts("until ready, SIGTERM"),
        dumb_init("-r 15:19 stops COMMAND")
            .words("-r 15:19")
            .plays(HEARS)
            .acts("until ready, SIGTERM, COMMAND stops, SIGCONT, COMMAND runs, last"),
    ];
    let odd = ODD.map(|pair| {
        let acts = "until ready, SIGHUP, taken, last";
        dumb_init(format!("-r {pair:?}")).words("-r").word(pair).plays(HEARS).acts(acts).differs(
            &NUMBERS,
            ["end: 7", "said: ready", "said: signal 2 from 1", "said: signal 64 from 1"],
            REJECTED,
        )
    });
    let named = NAMED.map(|(pair, to)| {
        let received = format!("said: signal {to} from 1");
        rewrites(format!("-r {pair} and signal 15"), &format!("-r {pair}"), 15).differs(
            &SIGNAL_NAMES,
            REJECTED,
            ["end: 7", "said: ready", received.as_str(), "said: signal 64 from 1"],
        )
    });
    pairs.chain(others).chain(odd).chain(named).chain(rest).collect()
}
