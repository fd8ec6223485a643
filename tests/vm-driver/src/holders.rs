//! `pause` and `hello`, which have no child.

use core::ffi::CStr;

use mote_rt::{Pid, Signal, sys};

use crate::{
    call,
    orphans::{self, gone},
    process::{End, end_of, fork, start},
    report::{Check, Text, case, ensure, same},
};

/// Tries everything.
pub(crate) fn all() {
    case(format_args!("pause/ends/term"), ends(Signal::TERM));
    case(format_args!("pause/ends/int"), ends(Signal::INT));
    case(format_args!("pause/ends/asked-from-inside"), holds());
    case(format_args!("pause/text/version"), writes(&[c"/pause", c"-v"], b"pause "));
    case(format_args!("hello/text/written"), writes(&[c"/hello"], b"Hello, World!\n"));
    case(format_args!("hello/text/no-output"), no_output());
}

/// From outside of its namespace. As long as it has no handler, process 1 doesn't get the signal.
fn ends(signal: Signal) -> Check {
    let pause = start(&[c"/pause"], || {})?;
    let ender = fork(|| ask(pause, signal))?;
    let end = end_of(pause);
    let _ = sys::kill_process(ender, Signal::KILL);
    let _ = end_of(ender);
    same("end", end?, End::exited(0))
}

fn ask(pid: Pid, signal: Signal) -> ! {
    loop {
        let _ = sys::kill_process(pid, signal);
        call::sleep(1);
    }
}

/// A process that it inherits makes orphans for it, and then asks it to end.
fn holds() -> Check {
    let pause = start(&[c"/pause"], || {
        let dead = fork(|| 0);
        let _ = fork(|| {
            case(format_args!("pause/orphans/zombie-before"), dead.and_then(|dead| gone(&[dead])));
            orphans::all("pause");
            ask(Pid::INIT, Signal::TERM)
        });
    })?;
    same("end", end_of(pause)?, End::exited(0))
}

/// What it writes begins so, and it ends with status 0.
fn writes(words: &[&CStr], expected: &[u8]) -> Check {
    let [from, to] = call::pipe().map_err(|error| Text::of(format_args!("pipe: {error:?}")))?;
    let program = start(words, || call::duplicate(to, 1))?;
    call::close(to);
    let end = end_of(program)?;
    let mut seen = [0; 64];
    let count = call::read(from, &mut seen).unwrap_or(0);
    call::close(from);
    same("end", end, End::exited(0))?;
    ensure!(seen[..count].starts_with(expected) && seen[..count].ends_with(b"\n"), "{:?}", &seen[..count]);
    Ok(())
}

fn no_output() -> Check {
    let end = end_of(start(&[c"/hello"], || call::close(1))?)?;
    ensure!(end != End::exited(0), "{end:?}");
    Ok(())
}
