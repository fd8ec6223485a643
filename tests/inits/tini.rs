//! Options of tini that no other init has: `-e`, `-w`, `-v`, `-s`, `-p`, and its other name.

use std::fs;
use std::os::unix::fs::symlink;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::text;
use mote_tests::signal::{SIGIO, SIGPWR, SIGSTKFLT, SIGSYS, SIGTERM, SIGUSR1, Signal};
use mote_tests::test_dir::{TestDir, exits, send, test_child, with, words};
use mote_tests::{Cpu, Launcher, Suite, Target, dist, until};

use crate::below::adopted_by;
use crate::forward::recipients;
use crate::init::{Init, TINI, says_without_pids, tests};
use crate::reaping::only_child;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        [TINI], all => e_maps_statuses_to_0, w_warns_of_each_orphan_that_is_reaped, v_reports_more_each_time,
            tini_verbosity_precedes_v, v_reports_the_signal_that_killed_the_child,
            a_warning_says_that_orphans_will_not_be_reaped, s_is_an_error_where_the_kernel_refuses_it,
            p_signals_the_child_when_the_parent_ends, the_name_docker_init_is_shown,
            tini_kill_process_group_has_signals_forwarded_to_the_process_group;
        [TINI], native => e_takes_all_256_statuses, p_takes_every_signal_by_its_name,
            tini_subreaper_has_orphans_adopted, orphans_are_not_adopted_without_s;
    )
}

fn script(target: Target, options: &str, script: &str, status: i32) -> Result<()> {
    let launcher = words(TINI.start(target), options);
    exits(&with(launcher, ["--", "sh", "-c", script]).run()?, status)
        .with_context(|| format!("{options} {script}"))
}

fn e_maps_statuses_to_0(target: Target, _: Init) -> Result<()> {
    script(target, "-e 5", "exit 5", 0)?;
    script(target, "-e5", "exit 5", 0)?;
    script(target, "-ge5", "exit 5", 0)?;
    script(target, "-e 5", "exit 6", 6)?;
    script(target, "-e 5 -e 6", "exit 5", 0)?;
    script(target, "-e 5 -e 6", "exit 6", 0)?;
    script(target, "-e 143", "kill -TERM $$", 0)?;
    script(target, "-e 143", "kill -KILL $$", 137)?;
    script(target, "-e 255", "exit 255", 0)
}

fn e_takes_all_256_statuses(target: Target, _: Init) -> Result<()> {
    let options: String = (0..=255).map(|status| format!("-e {status} ")).collect();
    [1, 31, 32, 63, 64, 127, 128, 200, 255]
        .into_iter()
        .try_for_each(|status| script(target, &options, &format!("exit {status}"), 0))
}

/// The child is no orphan.
fn w_warns_of_each_orphan_that_is_reaped(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=3 [ exit=4 ] block say=ready hear=SIGUSR1 exit=3";
    let running = dir.start(init.start(target), "-w", steps)?;
    only_child(&running)?;
    send(running.pid(), SIGUSR1)?;
    let line = "[WARN  tini (N)] Reaped zombie process with pid=N\n";
    says_without_pids(&running.wait()?, "", &line.repeat(3), 3)
}

/// Messages about a child that gets a signal and exits, and the verbosity from which on they are written. `@` stands for
/// the name of the child.
const LINES: [(u32, &str); 7] = [
    (2, "[INFO  tini (N)] Spawned child process '@' with pid 'N'\n"),
    (3, "[DEBUG tini (N)] Passing signal: 'SIGUSR1'\n"),
    (3, "[DEBUG tini (N)] Received SIGCHLD\n"),
    (3, "[DEBUG tini (N)] Reaped child with pid: 'N'\n"),
    (2, "[INFO  tini (N)] Main child exited normally (with status '3')\n"),
    (4, "[TRACE tini (N)] No child to wait\n"),
    (4, "[TRACE tini (N)] Exiting: child has exited\n"),
];

/// Everything except errors and warnings, of which there are none, goes to standard output.
fn reports(launcher: Launcher, options: &str, verbosity: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, "block say=ready hear=SIGUSR1 exit=3")?;
    send(running.pid(), SIGUSR1)?;
    let lines = LINES.iter().filter(|(least, _)| *least <= verbosity).map(|(_, line)| *line);
    let expected = lines.collect::<String>().replace('@', &test_child()?.display().to_string());
    says_without_pids(&running.wait()?, &expected, "", 3).with_context(|| options.to_owned())
}

fn v_reports_more_each_time(target: Target, init: Init) -> Result<()> {
    for (options, verbosity) in [("", 1), ("-v", 2), ("-vv", 3), ("-v -v -v", 4), ("-vvvv", 5)] {
        reports(init.start(target), options, verbosity)?;
    }
    Ok(())
}

fn tini_verbosity_precedes_v(target: Target, init: Init) -> Result<()> {
    for (value, verbosity) in [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("x", 0), ("", 0)] {
        reports(init.start(target).env("TINI_VERBOSITY", value), "-v", verbosity)?;
    }
    Ok(())
}

fn v_reports_the_signal_that_killed_the_child(target: Target, init: Init) -> Result<()> {
    let outcome = with(init.start(target), ["-v", "--", "sh", "-c", "kill -TERM $$"]).run()?;
    let lines = "[INFO  tini (N)] Spawned child process 'sh' with pid 'N'\n\
                 [INFO  tini (N)] Main child exited with signal (with signal 'SIGTERM')\n";
    says_without_pids(&outcome, lines, "", SIGTERM.status())
}

fn a_warning_says_that_orphans_will_not_be_reaped(target: Target, init: Init) -> Result<()> {
    let warning = "[WARN  tini (N)] Tini is not running as PID 1 and isn't registered as a child subreaper.\n\
                   So zombie reaping won't work. Run it as PID 1, or set -s or TINI_SUBREAPER.\n";
    let run = |launcher: Launcher| with(launcher, ["--", "sh", "-c", "exit 7"]).run();
    says_without_pids(&run(init.below(target).without_env("TINI_VERBOSITY"))?, "", warning, 7)?;
    exits(&run(init.below(target))?, 7)
}

/// The emulators refuse it.
fn s_is_an_error_where_the_kernel_refuses_it(target: Target, init: Init) -> Result<()> {
    let launcher = init.below(target).without_env("TINI_VERBOSITY");
    let outcome = with(launcher, ["-s", "--", "sh", "-c", "exit 7"]).run()?;
    if target.cpu == Cpu::Native {
        return exits(&outcome, 7);
    }
    let line = "[FATAL tini (N)] Failed to register as child subreaper: 22\n";
    says_without_pids(&outcome, "", line, 1)
}

fn tini_subreaper_has_orphans_adopted(target: Target, init: Init) -> Result<()> {
    adopted_by(init.below(target).env("TINI_SUBREAPER", ""), "", "2")
}

fn orphans_are_not_adopted_without_s(target: Target, init: Init) -> Result<()> {
    adopted_by(init.below(target), "", "1")
}

fn tini_kill_process_group_has_signals_forwarded_to_the_process_group(
    target: Target,
    init: Init,
) -> Result<()> {
    recipients(init.start(target).env("TINI_KILL_PROCESS_GROUP", ""), "", true)
}

/// tini gets the signal, and forwards it.
fn p_signals_the_child_when_the_parent_ends(target: Target, init: Init) -> Result<()> {
    for (option, signal) in [("-p SIGUSR1", SIGUSR1), ("-gp SIGTERM", SIGTERM)] {
        let dir = TestDir::new()?;
        let steps = format!("say=ready hear={signal} touch=@heard");
        let launcher = dir.family(init.itself(target)?, option, &steps)?;
        let _running = launcher.env("TINI_VERBOSITY", "0").spawn()?;
        dir.until("ready")?;
        fs::write(dir.join("end"), "")?;
        until("the signal", || Ok(dir.join("heard").exists().then_some(())))
            .with_context(|| option.to_owned())?;
    }
    Ok(())
}

/// Signals that tini itself does not know are left out.
fn p_takes_every_signal_by_its_name(target: Target, init: Init) -> Result<()> {
    let unknown = [SIGSTKFLT, SIGIO, SIGPWR];
    for signal in Signal::all().filter(|signal| *signal <= SIGSYS && !unknown.contains(signal)) {
        let launcher = with(init.start(target), ["-p", &signal.to_string(), "--", "sh", "-c", "exit 7"]);
        exits(&launcher.run()?, 7).with_context(|| signal.to_string())?;
    }
    Ok(())
}

fn the_name_docker_init_is_shown(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let file = dir.join("docker-init");
    symlink(dist::file(target.platform, init.name)?, &file)?;
    let start = || Launcher::of_file(target, &file).as_pid_1();
    let help = start().argument("-h").run()?;
    let help = text(&help.stdout)?;
    ensure!(
        help.starts_with("docker-init (tini version ") && help.contains("\nUsage: docker-init "),
        "{help}"
    );
    exits(&with(start(), ["--", "sh", "-c", "exit 7"]).run()?, 7)
}
