//! Signals to a child that runs as another user, from a root without CAP_KILL: a common hardening.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::time::Instant;

use anyhow::{Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{SIGCONT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2};
use mote_tests::{Launcher, Running, Signal, Suite, Target, require};

use crate::ending::{NO_LINES, SLACK, ends_within};
use crate::fixture::{
    TestDir, below_1, both_steps, child_of, exits, pid1, says, send, step, test_child, until_none_pending,
    words,
};

/// Capabilities of `linux/capability.h`.
const CAP_KILL: u8 = 5;
const CAP_SETUID: u8 = 7;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (&Target::all(), &Target::native());
    suite
        .test(all, signals_are_forwarded)
        .test(all, signals_are_forwarded_to_the_process_group_with_k)
        .test(all, t_escalates_to_sigkill)
        .test(all, orphans_get_sigterm)
        // Emulators refuse PR_SET_CHILD_SUBREAPER.
        .test(native, below_pid_1_orphans_get_sigterm)
        .test(native, below_pid_1_orphans_get_sigkill)
        .test(all, without_cap_setuid_a_refused_signal_is_reported_once)
        .test(all, a_signal_of_an_ordinary_user_to_root_is_reported_once)
        .test(all, without_cap_setuid_t_gives_the_child_up_with_status_125)
}

/// Returns starts of pid1 as PID 1 and as process 2 by a root that may switch users, and signal no other user's processes.
/// The ID is that of pid1.
fn hardened(target: Target) -> Result<[(Launcher, i32); 2]> {
    require::root()?;
    let harden = |launcher: Launcher| launcher.drop_capability(CAP_KILL).own_proc();
    Ok([(harden(pid1(target)), 1), (harden(below_1(target).as_pid_2()), 2)])
}

fn signals_are_forwarded(target: Target) -> Result<()> {
    for (launcher, init) in hardened(target)? {
        let dir = TestDir::new()?;
        let running = dir.start(launcher, "-u 1000", "block say=ready hear=SIGUSR2 exit=3")?;
        send(running.pid(), SIGTERM)?;
        dir.until_received("", init, &[SIGTERM, SIGCONT])?;
        send(running.pid(), SIGUSR1)?;
        dir.until_received("", init, &[SIGTERM, SIGCONT, SIGUSR1])?;
        send(running.pid(), SIGUSR2)?;
        exits(&running.wait()?, 3)?;
        same(dir.received("", init)?, vec![SIGTERM, SIGCONT, SIGUSR1, SIGUSR2])?;
    }
    Ok(())
}

fn signals_are_forwarded_to_the_process_group_with_k(target: Target) -> Result<()> {
    let [(launcher, _), _] = hardened(target)?;
    let dir = TestDir::new()?;
    let steps = "block fork [ name=job touch=@job hear=SIGTERM ] await=@job say=ready hear=SIGUSR2 exit=3";
    let running = dir.start(launcher, "-u 1000 -k", &dir.resolve(steps))?;
    send(running.pid(), SIGUSR1)?;
    dir.until_received("", 1, &[SIGUSR1])?;
    dir.until_received("job", 1, &[SIGUSR1])?;
    send(running.pid(), SIGUSR2)?;
    exits(&running.wait()?, 3)
}

fn t_escalates_to_sigkill(target: Target) -> Result<()> {
    for (launcher, _) in hardened(target)? {
        let dir = TestDir::new()?;
        let running = dir.start(launcher, "-u 1000 -t 1", "block say=ready hear")?;
        let start = Instant::now();
        send(running.pid(), SIGTERM)?;
        ends_within(start, running, (137, &both_steps(1)), 2.0..2.0 + SLACK)?;
    }
    Ok(())
}

/// No signal was refused before the child's end: `kill(-1, …)` does not say that it has reached no process.
fn orphans_get_sigterm(target: Target) -> Result<()> {
    let [at_1, _] = hardened(target)?;
    orphan_gets_sigterm(at_1)
}

fn below_pid_1_orphans_get_sigterm(target: Target) -> Result<()> {
    let [_, at_2] = hardened(target)?;
    orphan_gets_sigterm(at_2)
}

fn orphan_gets_sigterm((launcher, init): (Launcher, i32)) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "block daemon [ name=orphan touch=@orphan hear=SIGCONT ] await=@orphan exit=3";
    let start = Instant::now();
    let running = dir.play(launcher, "-u 1000", &dir.resolve(steps))?.spawn()?;
    ends_within(start, running, (3, NO_LINES), 0.0..SLACK)?;
    same(dir.received("orphan", init)?, vec![SIGTERM, SIGCONT])
}

/// At the end of PID 1 the kernel would kill them.
fn below_pid_1_orphans_get_sigkill(target: Target) -> Result<()> {
    let [_, (launcher, _)] = hardened(target)?;
    let dir = TestDir::new()?;
    let steps = dir.resolve("block daemon [ touch=@orphan hear ] await=@orphan exit=3");
    let start = Instant::now();
    let running = dir.play(launcher, "-u 1000 -t 1", &steps)?.spawn()?;
    ends_within(start, running, (3, &[step(1, "SIGKILL")]), 1.0..1.0 + SLACK)
}

/// Starts a child that becomes this user although pid1 may not switch users: by the set-user-ID bit of its file.
fn start_as(user: u32, dir: &TestDir, launcher: Launcher, options: &str, steps: &str) -> Result<Running> {
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

/// Returns a start of pid1 by a root that may neither switch users nor signal another user's processes.
fn without_cap_setuid(target: Target) -> Result<Launcher> {
    let [(launcher, _), _] = hardened(target)?;
    Ok(launcher.drop_capability(CAP_SETUID))
}

fn without_cap_setuid_a_refused_signal_is_reported_once(target: Target) -> Result<()> {
    is_reported_once(without_cap_setuid(target)?, 1000)
}

fn a_signal_of_an_ordinary_user_to_root_is_reported_once(target: Target) -> Result<()> {
    require::root()?;
    is_reported_once(pid1(target).uid(1000).own_proc(), 0)
}

/// SIGCONT needs no permission within a session (kill(2)).
fn is_reported_once(launcher: Launcher, user: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let running = start_as(user, &dir, launcher, "", "block say=ready hear=SIGUSR2 exit=3")?;
    for signal in [SIGTERM, SIGHUP, SIGUSR1, SIGTERM] {
        send(running.pid(), signal)?;
        until_none_pending(running.pid())?;
    }
    send(child_of(&running)?, SIGUSR2)?;
    says(&running.wait()?, 3, &["SIGTERM not sent: EPERM"])?;
    let lines = dir.lines();
    let from_pid1 = lines.iter().filter_map(|line| line.strip_prefix("signal ")?.strip_suffix(" from 1"));
    let signals: Vec<Signal> = from_pid1.map(str::parse).collect::<Result<_>>()?;
    ensure!(signals.iter().all(|signal| *signal == SIGCONT), "{signals:?}");
    Ok(())
}

fn without_cap_setuid_t_gives_the_child_up_with_status_125(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = without_cap_setuid(target)?;
    let running = start_as(1000, &dir, launcher, "-t 0 -x 125:1", "block say=ready hear")?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    let [terminate, kill] = both_steps(0);
    let give_up = format!("{}: can't be killed", dir.join("child").display());
    let lines = ["SIGTERM not sent: EPERM".to_owned(), terminate, kill, give_up];
    ends_within(start, running, (125, &lines), 0.0..1.0 + SLACK)
}
