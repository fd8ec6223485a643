//! The shutdown of pid1: SIGTERM, a timeout, and SIGKILL.

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

/// Bounds of the time that a case takes, in milliseconds. The upper bound is generous: it notices a missing step.
type Range = core::ops::Range<u64>;

const AT_ONCE: Range = 0..30_000;
const A_SECOND: Range = 1000..30_000;
const TWO_SECONDS: Range = 2000..30_000;
const FOUR_SECONDS: Range = 4000..30_000;

/// Runs all cases.
pub(crate) fn all() {
    let cases: [(&str, &[&CStr], u8, Range); 7] = [
        ("kills-a-stubborn-command", &[c"-t", c"1", DRIVER, c"stubborn"], 137, TWO_SECONDS),
        ("kills-a-stubborn-command-at-once", &[c"-t", c"0", DRIVER, c"stubborn"], 137, AT_ONCE),
        ("waits-for-command", &[c"-t", c"60", DRIVER, c"obey", c"9"], 9, AT_ONCE),
        ("kills-a-stubborn-orphan", &[c"-t", c"1", DRIVER, c"leave", c"stubborn", c"7"], 7, A_SECOND),
        ("kills-a-stubborn-orphan-after-4-s", &[DRIVER, c"leave", c"stubborn", c"7"], 7, FOUR_SECONDS),
        ("ends-with-an-obedient-orphan", &[c"-t", c"60", DRIVER, c"leave", c"obedient", c"7"], 7, AT_ONCE),
        ("ends-without-orphans", &[c"-t", c"60", DRIVER, c"exit", c"7"], 7, AT_ONCE),
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

/// A child that sends SIGTERM to the init, and does not end by it: all signals are blocked.
pub(crate) fn stubborn() -> i32 {
    let _ = sys::kill_process(Pid::INIT, Signal::TERM);
    call::sleep(2 * PATIENCE);
    1
}

/// A child that sends SIGTERM to the init, and exits with `status` when it gets SIGTERM.
pub(crate) fn obey(status: i32) -> i32 {
    let _ = sys::kill_process(Pid::INIT, Signal::TERM);
    comes(Signal::TERM).map_or(100, |()| status)
}

/// A child that exits with `status` and leaves an orphan, which SIGTERM ends or does not.
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

/// The orphan of the boot role. It must get SIGTERM and SIGCONT, and then more than three seconds.
pub(crate) fn last_orphan() -> i32 {
    case(format_args!("init/end/sends-sigterm-to-orphans"), comes(Signal::TERM));
    case(format_args!("init/end/sends-sigcont-to-orphans"), comes(Signal::CONT));
    call::sleep(3000);
    report::line(format_args!("init/end/gives-orphans-time ok"));
    loop {
        call::sleep(PATIENCE);
    }
}
