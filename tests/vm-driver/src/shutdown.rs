//! How pid1 ends those who don't: with SIGTERM, time, and SIGKILL.

use core::ffi::CStr;

use mote_rt::{Pid, Signal, sys};

use crate::{
    call,
    inits::DRIVER,
    listen::comes,
    process::{End, PATIENCE, fork, reset_signals, run},
    report::{self, Check, case, ensure, same},
};

const PID1: &CStr = c"/pid1";

/// What a case takes at least and less than, in milliseconds. The second tells right from wrong, not fast from slow.
type Range = core::ops::Range<u64>;

const AT_ONCE: Range = 0..30_000;
const A_SECOND: Range = 1000..30_000;
const TWO_SECONDS: Range = 2000..30_000;
const FOUR_SECONDS: Range = 4000..30_000;

/// Tries everything.
pub(crate) fn all() {
    let cases: [(&str, &[&CStr], u8, Range); 7] = [
        ("kills-a-stubborn-command", &[c"-t", c"1", DRIVER, c"stubborn"], 137, TWO_SECONDS),
        ("kills-a-stubborn-command-at-once", &[c"-t", c"0", DRIVER, c"stubborn"], 137, AT_ONCE),
        ("waits-for-command", &[c"-t", c"60", DRIVER, c"obey", c"9"], 9, AT_ONCE),
        ("kills-a-stubborn-leftover", &[c"-t", c"1", DRIVER, c"leave", c"stubborn", c"7"], 7, A_SECOND),
        ("kills-a-stubborn-leftover-after-4-s", &[DRIVER, c"leave", c"stubborn", c"7"], 7, FOUR_SECONDS),
        ("ends-with-an-obedient-leftover", &[c"-t", c"60", DRIVER, c"leave", c"obedient", c"7"], 7, AT_ONCE),
        ("ends-when-nobody-is-left", &[c"-t", c"60", DRIVER, c"exit", c"7"], 7, AT_ONCE),
    ];
    for (name, words, status, range) in cases {
        case(format_args!("pid1/shutdown/{name}"), takes(words, status, range));
    }
}

fn takes(words: &[&CStr], status: u8, range: Range) -> Check {
    let mut all = [PID1; 10];
    let line = all.get_mut(1..=words.len()).unwrap_or_default();
    line.copy_from_slice(words);
    let start = call::now();
    let end = run(&all[..=words.len()])?;
    let took = call::now() - start;
    same("end", end, End::exited(status))?;
    ensure!(range.contains(&took), "it took {took} ms");
    Ok(())
}

/// COMMAND that asks for its own end and does not hear of it: all signals are blocked.
pub(crate) fn stubborn() -> i32 {
    let _ = sys::kill_process(Pid::INIT, Signal::TERM);
    call::sleep(2 * PATIENCE);
    1
}

/// COMMAND that ends with `status` when the SIGTERM that it asked for has come.
pub(crate) fn obey(status: i32) -> i32 {
    let _ = sys::kill_process(Pid::INIT, Signal::TERM);
    comes(Signal::TERM).map_or(100, |()| status)
}

/// COMMAND that ends with `status` and leaves a process behind, which hears SIGTERM or does not.
pub(crate) fn leave(kind: &CStr, status: i32) -> i32 {
    let left = fork(|| {
        if kind == c"obedient" {
            reset_signals();
        }
        loop {
            call::sleep(PATIENCE);
        }
    });
    left.map_or(100, |_| status)
}

/// What the battery itself leaves behind: it is asked to end, and has more than three seconds for it.
pub(crate) fn last_one() -> i32 {
    case(format_args!("init/end/asks-who-is-left"), comes(Signal::TERM));
    case(format_args!("init/end/resumes-who-is-left"), comes(Signal::CONT));
    call::sleep(3000);
    report::line(format_args!("init/end/leaves-them-time ok"));
    loop {
        call::sleep(PATIENCE);
    }
}
