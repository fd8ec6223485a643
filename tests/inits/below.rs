//! An init that is not PID 1: it supervises all the same, and signals no unrelated process.

use std::fs;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::signal::{SIGINT, SIGKILL, SIGTERM, SIGUSR2, Signal};
use mote_tests::test_dir::{TestDir, child_of, exits, fact, send, test_child, with, words};
use mote_tests::{Launcher, Suite, Target, process, require, until};

use crate::init::{CATATONIT, INITS, Init, PID1, WITHOUT_CATATONIT, says_without_pids, tests};
use crate::reaping::{ends, only_child};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native, emulated) = (Target::all(), Target::native(), Target::emulated());
    tests!(suite;
        WITHOUT_CATATONIT, all => runs_silently_below_pid_1, signals_no_unrelated_process_below_pid_1;
        [CATATONIT], native => runs_silently_below_pid_1, signals_no_unrelated_process_below_pid_1;
        [CATATONIT], emulated => a_refused_subreaper_is_an_error;
        INITS, native => orphans_are_adopted_and_reaped_below_pid_1_by_subreapers;
        [PID1], native => orphans_in_the_group_of_the_child_get_sigterm_below_pid_1,
            an_orphan_in_the_group_of_the_child_gets_sigterm_once_below_pid_1,
            orphans_in_other_groups_get_sigterm_below_pid_1, orphans_in_other_groups_get_sigkill_below_pid_1,
            a_proc_of_another_pid_namespace_is_not_believed, never_signals_all_processes_below_pid_1;
    )
}

fn runs_silently_below_pid_1(target: Target, init: Init) -> Result<()> {
    let script = |script: &str| with(init.below(target), ["--", "sh", "-c", script]).run();
    exits(&script("exit 7")?, 7)?;
    init.reports_kill(&script("kill -KILL $$")?, "sh", SIGKILL)
}

/// An emulator refuses it.
fn a_refused_subreaper_is_an_error(target: Target, init: Init) -> Result<()> {
    let line = "ERROR (catatonit:N): failed to set child-reaper as non-pid1: 22\n";
    says_without_pids(&with(init.below(target), ["--", "sh", "-c", "exit 3"]).run()?, "", line, 1)
}

/// Expects that the process with this ID gets the orphans of the child.
pub(crate) fn adopted_by(launcher: Launcher, options: &str, parent: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ await=@go report touch=@done ] orphans=20 [ ] say=ready block hear=SIGUSR1 exit=3";
    let running = dir.start(launcher, options, &dir.resolve(steps))?;
    fs::write(dir.join("go"), "")?;
    until("the report", || Ok(dir.join("done").exists().then_some(())))?;
    same(fact(&dir.lines(), "ppid")?, parent)?;
    only_child(&running)?;
    ends(running)
}

/// The child of dumb-init, which is none, leaves its orphans to PID 1.
fn orphans_are_adopted_and_reaped_below_pid_1_by_subreapers(target: Target, init: Init) -> Result<()> {
    let parent = if init.subreaper.is_some() { "2" } else { "1" };
    adopted_by(init.below(target), init.subreaper.unwrap_or_default(), parent)
}

fn orphans_in_the_group_of_the_child_get_sigterm_below_pid_1(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block fork [ name=orphan touch=@orphan hear=SIGTERM ] await=@orphan exit=3";
    exits(&dir.play(init.below(target), "", &dir.resolve(steps))?.run()?, 3)?;
    same(dir.received("orphan", 2)?.first(), Some(&SIGTERM))
}

/// It is a child by then as well as a member of the group, and either would bring it a SIGTERM.
fn an_orphan_in_the_group_of_the_child_gets_sigterm_once_below_pid_1(
    target: Target,
    init: Init,
) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let launcher = init.below(target).trace(&dir.join("calls"));
    let steps = dir.resolve("block fork [ touch=@orphan hear=SIGTERM ] await=@orphan exit=3");
    exits(&dir.play(launcher, "", &steps)?.own_proc().run()?, 3)?;
    let calls = fs::read_to_string(dir.join("calls"))?;
    let count = calls.lines().filter(|call| call.contains("kill(") && call.contains("SIGTERM")).count();
    ensure!(count == 1, "{calls}");
    Ok(())
}

/// They have sessions of their own.
fn orphans_in_other_groups_get_sigterm_below_pid_1(target: Target, init: Init) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=orphan touch=@orphan hear=SIGTERM ] await=@orphan exit=3";
    exits(&dir.play(init.below(target), "", &dir.resolve(steps))?.own_proc().run()?, 3)?;
    same(dir.received("orphan", 2)?.first(), Some(&SIGTERM))
}

/// The child of an orphan becomes a child of the init only when the orphan is gone.
fn orphans_in_other_groups_get_sigkill_below_pid_1(target: Target, init: Init) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = "ignore=SIGTERM daemon [ fork [ session touch=@second sleep ] touch=@first sleep ] \
                 await=@first await=@second exit=3";
    let outcome = dir.play(init.below(target), "-v -t 1", &dir.resolve(steps))?.own_proc().run()?;
    same(outcome.end, End::Exited(3))?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let killed = stderr.lines().filter(|line| line.contains("reaped") && line.ends_with("SIGKILL")).count();
    ensure!(killed == 2, "{stderr}");
    Ok(())
}

/// The IDs there belong to unrelated processes of another namespace, if to any.
fn a_proc_of_another_pid_namespace_is_not_believed(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.below(target).trace(&dir.join("calls"));
    let steps = dir.resolve("ignore=SIGTERM daemon [ touch=@orphan sleep ] await=@orphan exit=3");
    dir.play(launcher, "-t 0", &steps)?.run()?;
    let calls = fs::read_to_string(dir.join("calls"))?;
    ensure!(calls.contains("/children"), "{calls}");
    ensure!(!calls.contains("kill("), "{calls}");
    Ok(())
}

/// PID 1 is a test child that starts two unrelated processes and the init, and does nothing more.
fn signals_no_unrelated_process_below_pid_1(target: Target, init: Init) -> Result<()> {
    let of_pid1 = [("-t 0", SIGTERM), ("-t 1", SIGUSR2), ("-k -t 0", SIGINT)];
    let of_others = [(init.alone, SIGUSR2), (init.group, SIGUSR2)];
    let endings: &[(&str, Signal)] = if init.name == "pid1" { &of_pid1 } else { &of_others };
    for (options, signal) in endings {
        let dir = TestDir::new()?;
        let log = format!("log={}", dir.join("log").display());
        let Some(host) = Target::host() else { return Ok(()) };
        let launcher = Launcher::of_file(host, test_child()?).as_pid_1().argument(&log);
        let steps = "fork [ name=group block group touch=@group hear ] await=@group \
                     fork [ name=session block session touch=@session hear ] await=@session fork [ exec";
        let launcher = with(words(launcher, &dir.resolve(steps)), init.itself(target)?);
        let launcher =
            with(words(launcher, options), ["--".as_ref(), test_child()?.as_os_str(), log.as_ref()]);
        let steps = "ignore=SIGTERM ignore=SIGINT daemon [ touch=@orphan sleep ] await=@orphan say=ready \
                     block hear=SIGUSR2 exit=3 ] sleep";
        let running = words(launcher, &dir.resolve(steps)).env("TINI_VERBOSITY", "0").spawn()?;
        dir.until("ready")?;
        let parent_of_child = until("the init", || {
            let mut children = process::children(running.pid())?.into_iter().map(|(pid, _)| pid);
            Ok(children.find(|pid| process::children(*pid).is_ok_and(|children| !children.is_empty())))
        })?;
        send(parent_of_child, *signal)?;
        until("the end of the init", || Ok((process::state(parent_of_child)? == 'Z').then_some(())))?;
        for name in ["group", "session"] {
            same(dir.received(name, 0)?, Vec::new())?;
        }
        let alive = process::children(running.pid())?.into_iter().filter(|(_, state)| *state == 'S').count();
        ensure!(alive >= 2, "expected two processes: {:?}", process::children(running.pid())?);
    }
    Ok(())
}

fn never_signals_all_processes_below_pid_1(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = init.below(target).trace(&dir.join("calls"));
    let steps =
        "ignore=SIGTERM fork [ touch=@orphan sleep ] await=@orphan say=ready block hear=SIGUSR2 exit=3";
    let running = dir.start(launcher, "-t 0", &dir.resolve(steps))?;
    // The child of strace is the init.
    send(child_of(&running)?, SIGTERM)?;
    let outcome = running.wait()?;
    ensure!(matches!(outcome.end, End::Exited(137 | 3)), "{outcome:?}");
    let calls = fs::read_to_string(dir.join("calls"))?;
    ensure!(calls.contains("kill("), "{calls}");
    ensure!(!calls.contains("kill(-1,"), "{calls}");
    Ok(())
}
