//! What dumb-init says with `-v`, and its variables.

use crate::scenario::{Input, Place, Scenario, Text};
use crate::signals::{HEARS, name};

use super::dumb_init;

/// Sends a signal, and then the last one.
fn sends(number: i32, options: &str) -> Scenario {
    let entry = dumb_init(format!("-v and {} with {options:?}", name(number))).words("-v").words(options);
    let acts = format!("until ready, {}, taken, last", name(number));
    entry.plays(HEARS).acts(acts).text(Text::Lines)
}

pub(super) fn table() -> Vec<Scenario> {
    let options = ["-v", "--verbose", "--verb", "-vv", "-cv", "-vc", "-v -c", "-v --single-child"];
    let options = options.map(|words| dumb_init(words).words(words).plays("exit=3").text(Text::Lines));
    let debug = ["1", "0", "", "true", "11", "01", "2"].map(|value| {
        let entry = dumb_init(format!("DUMB_INIT_DEBUG={value}")).env("DUMB_INIT_DEBUG", value);
        entry.plays("exit=3").text(Text::Lines)
    });
    let session = ["0", "1", "", "00", "false", "no"].map(|value| {
        let entry = dumb_init(format!("DUMB_INIT_SETSID={value}")).env("DUMB_INIT_SETSID", value);
        entry.words("-v").plays("report").text(Text::Lines)
    });
    let ends = [1, 9, 11, 15, 34].map(|number| {
        dumb_init(format!("-v and COMMAND is killed by signal {number}"))
            .words("-v")
            .plays(&format!("die={number}"))
            .text(Text::Lines)
    });
    // With -c a SIGTERM after COMMAND's end is reported as well. Ours does not send it: the PID may be that of an unrelated
    // process.
    let signals = [
        (1, ""),
        (15, ""),
        (31, ""),
        (40, ""),
        (15, "-r 15:2"),
        (15, "-r 15:0"),
        (10, "-c"),
        (10, "-c -r 10:12"),
    ];
    let signals = signals.map(|(number, options)| sends(number, options));
    let others = [
        dumb_init("DUMB_INIT_DEBUG and DUMB_INIT_SETSID")
            .env("DUMB_INIT_DEBUG", "1")
            .env("DUMB_INIT_SETSID", "0")
            .plays("report")
            .text(Text::Lines),
        dumb_init("DUMB_INIT_DEBUG and no COMMAND").env("DUMB_INIT_DEBUG", "1").words("-c"),
        dumb_init("-v and COMMAND does not exist").words("-v /nonexistent/file").text(Text::Lines),
        dumb_init("-v and a rewritten SIGTERM at the end")
            .words("-v -r 15:2")
            .plays("exit=3")
            .text(Text::Lines),
        dumb_init("-v and a dropped SIGTERM at the end")
            .words("-v -r 15:0")
            .plays("exit=3")
            .text(Text::Lines),
        dumb_init("-v with stdin closed")
            .words("-v")
            .arrange(|start, _| start.close(0))
            .plays("exit=3")
            .text(Text::Lines),
        dumb_init("-v and an orphan")
            .words("-v")
            .text(Text::Lines)
            .plays("block orphans=1 [ exit=4 ] say=ready hear=64 exit=3")
            .acts("until ready, children 1, last"),
        dumb_init("-v on a terminal")
            .input(Input::Terminal)
            .words("-v")
            .plays(HEARS)
            .text(Text::Lines)
            .acts("until ready, taken, last"),
        dumb_init("-v on the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .words("-v")
            .plays("report")
            .text(Text::Lines),
        dumb_init("-v and SIGTSTP")
            .place(Place::Two)
            .words("-v")
            .plays(HEARS)
            .text(Text::Lines)
            .acts("until ready, SIGTSTP, init stops, SIGCONT, COMMAND runs, taken, last"),
    ];
    let parts: [Vec<Scenario>; 6] =
        [options.into(), debug.into(), session.into(), ends.into(), signals.into(), others.into()];
    parts.into_iter().flatten().collect()
}
