//! Signals for a COMMAND that runs as another user, from a root without CAP_KILL: a common hardening.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Launcher, Running, Signal, Suite, Target, require, until};
use nix::libc::{SIGCONT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::fixture::{
    TestDir, below_1, both_steps, command_of, exits, pid1, says, send, step, test_child, until_none_pending,
    words,
};

/// `CAP_KILL` and `CAP_SETUID` of `linux/capability.h`.
const CAP_KILL: u8 = 5;
const CAP_SETUID: u8 = 7;

/// The user of COMMAND.
const USER: u32 = 1000;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::without_cap_kill_signals_reach_command_as_another_user", &all, |target| {
            forwards(hardened(target), 1)
        })
        .each("pid1::without_cap_kill_signals_reach_command_as_another_user_below_pid_1", &all, |target| {
            forwards(hardened_below(target), 2)
        })
        .each("pid1::without_cap_kill_k_reaches_the_process_group_of_another_user", &all, forwards_to_group)
        .each("pid1::without_cap_kill_t_escalates_for_command_as_another_user", &all, |target| {
            escalates(hardened(target))
        })
        .each("pid1::without_cap_kill_t_escalates_for_command_as_another_user_below_pid_1", &all, |target| {
            escalates(hardened_below(target))
        })
        .each("pid1::without_cap_kill_orphans_of_another_user_get_sigterm", &all, |target| {
            orphans(hardened(target), 1)
        })
        // An emulator refuses to make a process the adopter of orphans.
        .each("pid1::without_cap_kill_orphans_of_another_user_get_sigterm_below_pid_1", &native, |target| {
            orphans(hardened_below(target), 2)
        })
        .each(
            "pid1::without_cap_kill_orphans_of_another_user_are_killed_below_pid_1",
            &native,
            killed_orphans,
        )
        .each("pid1::without_cap_setuid_a_refused_signal_is_reported_once", &all, |target| {
            reported_once(powerless(target), USER)
        })
        .each("pid1::a_signal_of_an_ordinary_user_for_root_is_reported_once", &all, |target| {
            reported_once(pid1(target).uid(USER).own_proc(), 0)
        })
        .each("pid1::a_command_that_cannot_be_signalled_is_given_up_with_status_125", &all, given_up)
}

/// Root that may switch users, and signal no other user's processes.
fn hardened(target: Target) -> Launcher {
    pid1(target).drop_capability(CAP_KILL).own_proc()
}

fn hardened_below(target: Target) -> Launcher {
    below_1(target).as_pid_2().drop_capability(CAP_KILL).own_proc()
}

/// Root that may not switch users, either.
fn powerless(target: Target) -> Launcher {
    hardened(target).drop_capability(CAP_SETUID)
}

/// Waits for these signals, from the init of this ID.
fn until_signals(dir: &TestDir, name: &str, init: i32, expected: &[i32]) -> Result<()> {
    until(&format!("signals {expected:?}"), || Ok((dir.signals(name, init)? == expected).then_some(())))
        .with_context(|| format!("{:?}", dir.lines()))
}

fn forwards(launcher: Launcher, init: i32) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let running = dir.start(launcher, "-u 1000", &format!("block say=ready hear={SIGUSR2} exit=3"))?;
    let mut expected = Vec::new();
    for (signal, received) in
        [(SIGTERM, &[SIGTERM, SIGCONT][..]), (SIGUSR1, &[SIGUSR1]), (SIGUSR2, &[SIGUSR2])]
    {
        send(running.pid(), signal)?;
        expected.extend_from_slice(received);
        until_signals(&dir, "", init, &expected)?;
    }
    exits(&running.wait()?, 3)
}

fn forwards_to_group(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = format!(
        "block fork [ name=job touch=@job hear={SIGTERM} ] await=@job say=ready hear={SIGUSR2} exit=3"
    );
    let running = dir.start(hardened(target), "-u 1000 -k", &dir.resolve(&steps))?;
    send(running.pid(), SIGUSR1)?;
    dir.until_signals("", &[SIGUSR1])?;
    dir.until_signals("job", &[SIGUSR1])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn escalates(launcher: Launcher) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let running = dir.start(launcher, "-u 1000 -t 1", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    ends_within(start, running, (137, &both_steps(1)), 2.0..2.0 + SLACK)
}

/// No signal was refused before COMMAND's end: `kill(-1, …)` does not say that it has reached nothing.
fn orphans(launcher: Launcher, init: i32) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = format!("block daemon [ name=left touch=@left hear={SIGCONT} ] await=@left exit=3");
    let begin = Instant::now();
    let running = dir.play(launcher, "-u 1000", &dir.resolve(&steps))?.spawn()?;
    ends_within(begin, running, (3, NO_LINES), 0.0..SLACK)?;
    same(dir.signals("left", init)?, vec![SIGTERM, SIGCONT])
}

/// As PID 1 the kernel would kill them.
fn killed_orphans(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = dir.resolve("block daemon [ touch=@left hear ] await=@left exit=3");
    let start = Instant::now();
    let running = dir.play(hardened_below(target), "-u 1000 -t 1", &steps)?.spawn()?;
    ends_within(start, running, (3, &[step(1, "SIGKILL")]), 1.0..1.0 + SLACK)
}

/// Starts a COMMAND that becomes this user although pid1 may not switch users: by the set-user-ID bit of its file.
fn start_as(dir: &TestDir, launcher: Launcher, options: &str, user: u32, steps: &str) -> Result<Running> {
    let file = dir.join("child");
    fs::copy(test_child()?, &file)?;
    chown(&file, Some(user), None)?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o4755))?;
    let launcher = words(launcher, options).argument("--").argument(file);
    let launcher = launcher.argument(format!("log={}", dir.join("log").display()));
    let running = words(launcher, &format!("user={user} {steps}")).spawn()?;
    dir.until("ready")?;
    Ok(running)
}

fn reported_once(launcher: Launcher, user: u32) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let steps = format!("block say=ready hear={SIGUSR2} exit=3");
    let running = start_as(&dir, launcher, "", user, &steps)?;
    for signal in [SIGTERM, SIGHUP, SIGUSR1, SIGTERM] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
    }
    send(command_of(&running)?, SIGUSR2)?;
    says(&running.wait()?, 3, &["SIGTERM not sent: EPERM"])?;
    let signals = signals_from_pid1(&dir);
    ensure!(signals.iter().all(|signal| *signal == SIGCONT), "{signals:?}");
    Ok(())
}

/// The signals that COMMAND got from pid1. SIGCONT needs no permission within a session (kill(2)).
fn signals_from_pid1(dir: &TestDir) -> Vec<i32> {
    let lines = dir.lines();
    let signals = lines.iter().filter_map(|line| line.strip_prefix("signal ")?.strip_suffix(" from 1"));
    signals.filter_map(|signal| Some(signal.parse::<Signal>().ok()?.number())).collect()
}

fn given_up(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let running = start_as(&dir, powerless(target), "-t 0 -x 125:1", USER, "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    let [terminate, kill] = both_steps(0);
    let give_up = format!("{}: can't be killed", dir.join("child").display());
    let lines = ["SIGTERM not sent: EPERM".to_owned(), terminate, kill, give_up];
    ends_within(start, running, (125, &lines), 0.0..1.0 + SLACK)
}
