//! Not PID 1: it supervises all the same, and leaves strangers alone.

use std::fs;

use anyhow::{Result, ensure};
use mote_tests::outcome::{End, same};
use mote_tests::{Launcher, Suite, Target, process, require, until};

use crate::fixture::{
    TestDir, below_1, command_of, exits, fact, itself, says, send, test_child, with, words,
};

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::runs_silently_below_process_1", &all, silent)
        .each("pid1::adopts_and_reaps_orphans_below_process_1", &native, adopts)
        .each("pid1::forwards_below_process_1", &all, forwards)
        .each("pid1::what_command_leaves_in_its_group_ends_below_process_1", &native, group_left)
        .each("pid1::what_command_leaves_in_its_group_is_asked_once_below_process_1", &native, asked_once)
        .each("pid1::orphans_in_other_groups_are_asked_to_end_below_process_1", &native, orphans_asked)
        .each("pid1::orphans_in_other_groups_are_killed_below_process_1", &native, orphans_killed)
        .each("pid1::believes_no_foreign_proc_below_process_1", &native, foreign_proc)
        .each("pid1::signals_no_stranger_below_process_1", &all, strangers)
        .each("pid1::never_signals_everything_below_process_1", &native, never_everything)
}

fn below(target: Target) -> Launcher {
    below_1(target).as_pid_2()
}

fn silent(target: Target) -> Result<()> {
    exits(&with(below(target), ["sh", "-c", "exit 7"]).run()?, 7)?;
    says(&with(below(target), ["sh", "-c", "kill -KILL $$"]).run()?, 137, &["sh: killed by SIGKILL"])
}

/// An emulator refuses to make a process the adopter of orphans.
fn adopts(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "daemon [ await=@go report touch=@done ] orphans=20 [ ] say=ready block hear=10 exit=3";
    let running = dir.start(below(target), "", &dir.resolve(steps))?;
    fs::write(dir.join("go"), "")?;
    until("the report", || Ok(dir.join("done").exists().then_some(())))?;
    same(fact(&dir.lines(), "ppid")?, "2")?;
    until("nobody but COMMAND", || Ok((process::children(running.pid())?.len() == 1).then_some(())))?;
    send(command_of(&running)?, 10)?;
    exits(&running.wait()?, 3)
}

fn forwards(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(below(target), "", "block say=ready hear=12 exit=3")?;
    let mut expected = Vec::new();
    for (signal, received) in [(1, &[1, 18][..]), (15, &[15, 18]), (10, &[10]), (12, &[12])] {
        send(running.pid(), signal)?;
        expected.extend_from_slice(received);
        until("the signal", || Ok((dir.signals("", 2)? == expected).then_some(())))?;
    }
    exits(&running.wait()?, 3)
}

fn group_left(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block fork [ name=left touch=@left hear=15 touch=@done ] await=@left exit=3";
    exits(&dir.play(below(target), "", &dir.resolve(steps))?.run()?, 3)?;
    same(dir.signals("left", 2)?.first(), Some(&15))
}

/// It is a child by then as well as a member of the group, and either would bring it a SIGTERM.
fn asked_once(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let launcher = below(target).trace(&dir.join("calls"));
    let steps = dir.resolve("block fork [ touch=@left hear=15 ] await=@left exit=3");
    exits(&dir.play(launcher, "", &steps)?.own_proc().run()?, 3)?;
    let calls = fs::read_to_string(dir.join("calls"))?;
    let asked = calls.lines().filter(|call| call.contains("kill(") && call.contains("SIGTERM")).count();
    ensure!(asked == 1, "{calls}");
    Ok(())
}

/// They have sessions of their own, so COMMAND's group is not theirs.
fn orphans_asked(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=left touch=@left hear=15 ] await=@left exit=3";
    exits(&dir.play(below(target), "", &dir.resolve(steps))?.own_proc().run()?, 3)?;
    same(dir.signals("left", 2)?.first(), Some(&15))
}

/// The child of the one that does not listen is ours only when that is dead.
fn orphans_killed(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = "ignore=15 daemon [ fork [ session touch=@child sleep ] touch=@left sleep ] \
                 await=@left await=@child exit=3";
    let outcome = dir.play(below(target), "-v -t 1", &dir.resolve(steps))?.own_proc().run()?;
    same(outcome.end, End::Exited(3))?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let killed = stderr.lines().filter(|line| line.contains("reaped") && line.ends_with("SIGKILL")).count();
    ensure!(killed == 2, "{stderr}");
    Ok(())
}

/// The numbers there are of another namespace, where they belong to strangers, if not to nobody.
fn foreign_proc(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = below(target).trace(&dir.join("calls"));
    let steps = dir.resolve("ignore=15 daemon [ touch=@left sleep ] await=@left exit=3");
    dir.play(launcher, "-t 0", &steps)?.run()?;
    let calls = fs::read_to_string(dir.join("calls"))?;
    ensure!(calls.contains("/children"), "{calls}");
    ensure!(!calls.contains("kill("), "{calls}");
    Ok(())
}

/// PID 1 is a test child that starts the unrelated process and pid1, and does nothing more.
fn strangers(target: Target) -> Result<()> {
    for (options, ending) in [("-t 0", 15), ("-t 1", 12), ("-k -t 0", 2)] {
        let dir = TestDir::new()?;
        let log = format!("log={}", dir.join("log").display());
        let Some(host) = Target::host() else { return Ok(()) };
        let launcher = Launcher::of_file(host, test_child()?).as_pid_1().argument(&log);
        let steps = "fork [ name=group block group touch=@group hear ] await=@group \
                     fork [ name=session block session touch=@session hear ] await=@session fork [ exec";
        let launcher = with(words(launcher, &dir.resolve(steps)), itself(target)?);
        let launcher =
            with(words(launcher, options), ["--".as_ref(), test_child()?.as_os_str(), log.as_ref()]);
        let steps = "ignore=15 ignore=2 daemon [ touch=@left sleep ] await=@left say=ready block hear=12 exit=3 ] sleep";
        let running = words(launcher, &dir.resolve(steps)).spawn()?;
        dir.until("ready")?;
        let subject = until("pid1", || {
            let children = process::children(running.pid())?;
            Ok(children
                .into_iter()
                .map(|(pid, _)| pid)
                .find(|pid| process::children(*pid).is_ok_and(|c| !c.is_empty())))
        })?;
        send(subject, ending)?;
        until("pid1's end", || Ok((process::state(subject)? == 'Z').then_some(())))?;
        for name in ["group", "session"] {
            same(dir.signals(name, 0)?, vec![])?;
        }
        let alive = process::children(running.pid())?.into_iter().filter(|(_, state)| *state == 'S').count();
        ensure!(alive >= 2, "expected two strangers: {:?}", process::children(running.pid())?);
    }
    Ok(())
}

fn never_everything(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = below(target).trace(&dir.join("calls"));
    let steps = "ignore=15 fork [ touch=@left sleep ] await=@left say=ready block hear=12 exit=3";
    let running = dir.start(launcher, "-t 0", &dir.resolve(steps))?;
    // strace, then pid1, then COMMAND.
    send(command_of(&running)?, 15)?;
    let outcome = running.wait()?;
    ensure!(matches!(outcome.end, End::Exited(137 | 3)), "{outcome:?}");
    let calls = fs::read_to_string(dir.join("calls"))?;
    ensure!(calls.contains("kill("), "{calls}");
    ensure!(!calls.contains("kill(-1,"), "{calls}");
    Ok(())
}
