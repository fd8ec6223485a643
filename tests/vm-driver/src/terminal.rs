//! A terminal on pid1's standard input.

use linux_raw_sys::general;
use mote_rt::{Pid, Signal, SignalSet, sys};

use crate::{
    call,
    inits::DRIVER,
    process::{End, PATIENCE, end_of, getpid, start, until},
    report::{Check, Text, case, ensure, same},
};

/// The line of the child after it has looked at the terminal.
const READY: &[u8] = b"ready";

/// The key of an interrupt.
const CTRL_C: &[u8] = b"\x03";

/// Tries everything.
pub(crate) fn all() {
    let seen = play();
    let (foreground, interrupt) = match seen {
        Ok((foreground, interrupt)) => (foreground, interrupt),
        Err(reason) => (Err(reason), Err(reason)),
    };
    case(format_args!("pid1/terminal/command-is-in-the-foreground"), foreground);
    case(format_args!("pid1/terminal/ctrl-c-reaches-command-alone"), interrupt);
}

fn play() -> Check<(Check, Check)> {
    let failed = |error| Text::of(format_args!("terminal: {error:?}"));
    let flags = general::O_NOCTTY | general::O_CLOEXEC | general::O_NONBLOCK;
    let user = call::open(c"/dev/pts/ptmx", flags).map_err(failed)?;
    let number = call::unlock_terminal(user).map_err(failed)?;
    let path = Text::of(format_args!("/dev/pts/{number}"));
    let init = start(&[c"/pid1", DRIVER, c"terminal"], || {
        let _ = sys::setsid();
        // The first terminal that the leader of a session opens is its own.
        if let Ok(side) = call::open(path.as_c_str(), 0) {
            call::duplicate(side, 0);
            call::close(side);
        }
    })?;
    let foreground = until("COMMAND in the foreground", || {
        let mut seen = [0; 64];
        call::read(user, &mut seen).is_ok_and(|count| seen[..count].starts_with(READY))
    });
    call::write(user, CTRL_C);
    let end = end_of(init)?;
    call::close(user);
    Ok((foreground, same("end", end, End::exited(0))))
}

/// A child that checks that it is in the foreground, and gets one SIGINT from the terminal.
pub(crate) fn command() -> i32 {
    i32::from(has_terminal().is_err())
}

fn has_terminal() -> Check {
    same("foreground", call::tcgetpgrp(), Ok(Some(getpid())))?;
    call::write(0, READY);
    let found = call::sigtimedwait(&SignalSet::ALL, PATIENCE);
    same("signal and sender", found, Some((Signal::INT, None)))?;
    // One that pid1 sent would come before what pid1 is asked for now.
    let later = Signal::new(64).expect("1 to 64");
    ensure!(sys::kill_process(Pid::INIT, later).is_ok(), "kill is refused");
    crate::listen::comes(later)
}
