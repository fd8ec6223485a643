//! Orphans: PID 1 adopts and reaps them.

use mote_rt::{
    Pid, process,
    sys::{self, ForkResult},
};

use crate::{
    call,
    process::{End, end_of, fork, getpid, until},
    report::{Check, Text, case, ensure, same},
    start::standalone,
};

/// Number of orphans of [`many`].
const MANY: usize = 300;

/// Runs all cases as a process below PID 1. Their names begin with `name`.
pub(crate) fn all(name: &str) {
    case(format_args!("{name}/orphans/adopted"), adopted());
    case(format_args!("{name}/orphans/{MANY}-at-once"), many());
    case(format_args!("{name}/orphans/two-at-once-100-times"), twins());
}

/// The new parent of an orphan is PID 1.
fn adopted() -> Check {
    let [from, to] = pipe()?;
    let parent = fork(|| {
        let me = getpid();
        let orphan = fork(|| {
            let _ = until("another parent", || sys::getppid() != Some(me));
            call::write(to, &sys::getppid().map_or(0, Pid::as_raw).to_ne_bytes());
            0
        });
        orphan.map_or(1, |_| 0)
    })?;
    same("end of the parent", end_of(parent)?, End::exited(0))?;
    call::close(to);
    let mut found = [0; 4];
    ensure!(call::read(from, &mut found) == Ok(4), "the orphan says nothing");
    call::close(from);
    same("its new parent", Pid::new(i32::from_ne_bytes(found)), Some(Pid::INIT))
}

/// The orphans wait for the end of a pipe, then exit together.
fn many() -> Check {
    let [wait, go] = pipe()?;
    let pids = make::<MANY>(|| {
        call::close(go);
        let _ = call::read(wait, &mut [0]);
    });
    call::close(go);
    call::close(wait);
    gone(&pids?)
}

fn twins() -> Check {
    for _ in 0..100 {
        gone(&make::<2>(|| {})?)?;
    }
    Ok(())
}

fn pipe() -> Check<[usize; 2]> {
    call::pipe().map_err(|error| Text::of(format_args!("pipe: {error:?}")))
}

/// Makes orphans, which run `act` and exit, and returns their PIDs.
fn make<const COUNT: usize>(act: impl Fn()) -> Check<[Pid; COUNT]> {
    let [from, to] = pipe()?;
    let parent = fork(|| {
        for _ in 0..COUNT {
            match sys::fork(standalone()) {
                Ok(ForkResult::Child) => {
                    act();
                    process::exit(7)
                }
                Ok(ForkResult::Parent(pid)) => call::write(to, &pid.as_raw().to_ne_bytes()),
                Err(_) => return 1,
            }
        }
        0
    })?;
    let end = end_of(parent)?;
    call::close(to);
    same("end of the parent", end, End::exited(0))?;
    let mut pids = [Pid::INIT; COUNT];
    for pid in &mut pids {
        let mut bytes = [0; 4];
        ensure!(call::read(from, &mut bytes) == Ok(4), "an orphan is missing");
        let orphan = Pid::new(i32::from_ne_bytes(bytes));
        *pid = orphan.ok_or_else(|| Text::of(format_args!("an orphan has no ID")))?;
    }
    call::close(from);
    Ok(pids)
}

/// Waits until they are reaped: a zombie can still be signalled.
pub(crate) fn gone(pids: &[Pid]) -> Check {
    until("the end of all orphans", || !pids.iter().any(|pid| call::exists(*pid)))
}
