//! What COMMAND starts with, and what the init keeps.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::test_dir::{TestDir, command_of, exits, fact, facts, with};
use mote_tests::{Cpu, Launcher, Suite, Target, process, until};
use nix::sys::signal::Signal;
use std::fs;

use crate::init::{CATATONIT, DUMB_INIT, Init, TINI, each, of};

/// All 64 bits; SIGKILL's and SIGSTOP's can't be set.
const ALL: u64 = !(1 << 8 | 1 << 18);

/// Those of signals above 31, which dumb-init leaves alone.
const REAL_TIME: u64 = !0 << 31;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    let mut suite = suite;
    for init in [TINI, CATATONIT] {
        suite = of(suite, init, "command_starts_with_the_signals_as_they_were", &native, |target, init| {
            signals(init.start(target).block_all().ignore_all(), "", (ALL, ALL))
        });
        suite = of(suite, init, "command_starts_with_the_signal_mask_as_it_was", &all, |target, init| {
            mask(init.start(target).block(Signal::SIGTERM), "", 1 << 14)
        });
        suite = of(suite, init, "command_leads_a_process_group_in_the_same_session", &all, |target, init| {
            let lines = report(init.start(target), "")?;
            same(fact(&lines, "pgid")?, fact(&lines, "pid")?)?;
            ensure!(fact(&lines, "sid")? != fact(&lines, "pid")?, "COMMAND leads a session");
            Ok(())
        });
    }
    let suite = of(
        suite,
        DUMB_INIT,
        "command_starts_with_no_classic_signal_blocked_or_ignored",
        &native,
        |target, init| signals(init.start(target).block_all().ignore_all(), "", (0, REAL_TIME)),
    );
    let suite = of(suite, DUMB_INIT, "command_starts_with_no_signal_blocked", &all, |target, init| {
        mask(init.start(target).block(Signal::SIGTERM), "", 0)
    });
    let suite = of(suite, DUMB_INIT, "command_leads_a_session", &all, |target, init| {
        let lines = report(init.start(target), "")?;
        same((fact(&lines, "pgid")?, fact(&lines, "sid")?), (fact(&lines, "pid")?, fact(&lines, "pid")?))
    });
    let suite = of(suite, DUMB_INIT, "command_leads_nothing_with_c", &all, |target, init| {
        let lines = report(init.start(target), "-c")?;
        ensure!(fact(&lines, "pgid")? != fact(&lines, "pid")?, "COMMAND leads a process group");
        ensure!(fact(&lines, "sid")? != fact(&lines, "pid")?, "COMMAND leads a session");
        Ok(())
    });
    let suite = each(suite, "a_closed_standard_input_is_no_error", &all, |target, init| {
        exits(&with(init.start(target).close(0), ["--", "sh", "-c", "exit 7"]).run()?, 7)
    });
    let suite = of(suite, CATATONIT, "closes_the_descriptors_that_command_keeps", &all, descriptors);
    let suite = [DUMB_INIT, CATATONIT].into_iter().fold(suite, |suite, init| {
        of(suite, init, "changes_to_the_root_directory_and_command_does_not", &all, root_directory)
    });
    let suite =
        of(suite, CATATONIT, "listen_pid_that_was_meant_for_it_is_corrected", &all, |target, init| {
            let lines = report(init.start(target).env("LISTEN_PID", "1").env("LISTEN_FDS", "1"), "")?;
            same(listen(&lines), vec![format!("LISTEN_PID={}", fact(&lines, "pid")?), "LISTEN_FDS=1".into()])
        });
    let suite =
        of(suite, CATATONIT, "listen_pid_that_was_meant_for_another_is_left", &all, |target, init| {
            ["2", "10", "1x", ""].into_iter().try_for_each(|value| listen_pid_is_left(target, init, value))
        });
    let suite = of(suite, CATATONIT, "watchdog_pid_that_named_it_is_corrected", &all, |target, init| {
        let lines = report(init.start(target).env("WATCHDOG_PID", "1").env("WATCHDOG_USEC", "7"), "")?;
        let corrected = format!("WATCHDOG_PID={}", fact(&lines, "pid")?);
        same(systemd(&lines), vec![corrected.as_str(), "WATCHDOG_USEC=7"])
    });
    let suite = of(suite, CATATONIT, "watchdog_pid_that_named_another_is_left", &all, |target, init| {
        let lines = report(init.start(target).env("WATCHDOG_PID", "2"), "")?;
        same(systemd(&lines), vec!["WATCHDOG_PID=2"])
    });
    // Of systemd 258 and later, which accepts no socket if it names another process.
    let suite = of(suite, CATATONIT, "listen_pidfdid_that_named_it_is_removed", &all, |target, init| {
        let lines = report(init.start(target).env("LISTEN_PID", "1").env("LISTEN_PIDFDID", "5"), "")?;
        same(systemd(&lines), vec![format!("LISTEN_PID={}", fact(&lines, "pid")?).as_str()])
    });
    let suite = of(suite, CATATONIT, "listen_pidfdid_that_named_another_is_left", &all, |target, init| {
        let lines = report(init.start(target).env("LISTEN_PID", "2").env("LISTEN_PIDFDID", "5"), "")?;
        same(systemd(&lines), vec!["LISTEN_PID=2", "LISTEN_PIDFDID=5"])
    });
    [TINI, DUMB_INIT].into_iter().fold(suite, |suite, init| {
        of(suite, init, "listen_pid_is_left", &all, |target, init| listen_pid_is_left(target, init, "1"))
    })
}

/// What COMMAND says of itself.
fn report(launcher: Launcher, options: &str) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    exits(&dir.play(launcher, options, "report")?.run()?, 0)?;
    Ok(dir.lines())
}

fn bits(lines: &[String], name: &str) -> Result<u64> {
    u64::from_str_radix(fact(lines, name)?, 16).with_context(|| name.to_owned())
}

/// Which are blocked and which are ignored.
fn signals(launcher: Launcher, options: &str, expected: (u64, u64)) -> Result<()> {
    let lines = report(launcher, options)?;
    same((bits(&lines, "SigBlk")?, bits(&lines, "SigIgn")?), expected)
}

/// What is ignored the emulators don't pass on: they handle it themselves.
fn mask(launcher: Launcher, options: &str, expected: u64) -> Result<()> {
    same(bits(&report(launcher, options)?, "SigBlk")?, expected)
}

/// The variables of socket activation, in the order of the environment.
fn listen(lines: &[String]) -> Vec<String> {
    let mut found: Vec<String> =
        facts(lines, "env").filter(|env| env.starts_with("LISTEN_")).map(str::to_owned).collect();
    found.sort_by_key(|variable| variable.starts_with("LISTEN_FDS"));
    found
}

/// Returns the variables of systemd, sorted.
fn systemd(lines: &[String]) -> Vec<&str> {
    let is_systemd = |variable: &&str| variable.starts_with("LISTEN_") || variable.starts_with("WATCHDOG_");
    let mut found: Vec<&str> = facts(lines, "env").filter(is_systemd).collect();
    found.sort_unstable();
    found
}

fn listen_pid_is_left(target: Target, init: Init, value: &str) -> Result<()> {
    let lines = report(init.start(target).env("LISTEN_PID", value), "")?;
    same(listen(&lines), vec![format!("LISTEN_PID={value}")])
}

/// COMMAND has the ends of two pipes, and lets go of them when told to. Then nobody has them.
fn descriptors(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let pipes = [(3, dir.pipe("low")?), (700, dir.pipe("high")?)];
    let launcher = init.start(target).open(3, &dir.join("low")).open(700, &dir.join("high"));
    let steps = "report say=ready await=@go close=3 close=700 touch=@closed sleep";
    let running = dir.start(launcher, "", steps)?;
    let lines = dir.lines();
    for (fd, pipe) in &pipes {
        ensure!(facts(&lines, "fd").any(|open| open == fd.to_string()), "COMMAND lost descriptor {fd}");
        ensure!(!pipe.has_ended()?, "nobody has descriptor {fd}");
    }
    fs::write(dir.join("go"), "")?;
    for (_, pipe) in &pipes {
        until("the pipe's end", || Ok(pipe.has_ended()?.then_some(())))?;
    }
    if target.cpu == Cpu::Native {
        same(fs::read_dir(format!("/proc/{}/fd", running.pid()))?.count(), 3)?;
    }
    Ok(())
}

fn root_directory(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target).cwd(dir.path()), "", "say=ready sleep")?;
    until("the init in /", || Ok((process::cwd(running.pid())?.as_os_str() == "/").then_some(())))?;
    same(process::cwd(command_of(&running)?)?, dir.path().canonicalize()?)
}
