//! tini's own options: `-e`, `-w`, `-v`, `-s`, `-p`, and its other name.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::text;
use mote_tests::test_dir::{TestDir, exits, send, test_child, with, words};
use mote_tests::{Cpu, Launcher, Outcome, Suite, Target, dist, until};

use crate::dropins::reaping::only_command;
use crate::init::{Init, TINI, of, says_without_pids};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let native = Target::native();
    let suite = of(suite, TINI, "e_maps_statuses_to_0", &all, maps);
    let suite = of(suite, TINI, "e_takes_all_256_statuses", &native, maps_all);
    let suite = of(suite, TINI, "w_warns_of_each_orphan_that_is_reaped", &all, warns);
    let suite = of(suite, TINI, "v_says_more_each_time", &all, verbosity);
    let suite = of(suite, TINI, "verbosity_in_the_environment_wins", &all, verbosity_of_environment);
    let suite = of(suite, TINI, "says_what_killed_command", &all, killed);
    let suite = of(suite, TINI, "warns_that_orphans_will_not_be_reaped", &all, not_adopting);
    let suite = of(suite, TINI, "s_is_silent_where_the_kernel_can_and_fatal_elsewhere", &all, adopting);
    let suite = of(suite, TINI, "p_tells_command_when_the_parent_dies", &all, parent_dies);
    let suite = of(suite, TINI, "p_takes_every_signal_by_its_name", &native, every_name);
    of(suite, TINI, "answers_to_the_name_docker_init", &all, other_name)
}

fn script(target: Target, options: &str, script: &str, status: i32) -> Result<()> {
    let launcher = words(TINI.start(target), options);
    exits(&with(launcher, ["--", "sh", "-c", script]).run()?, status)
        .with_context(|| format!("{options} {script}"))
}

fn maps(target: Target, _: Init) -> Result<()> {
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

fn maps_all(target: Target, _: Init) -> Result<()> {
    let options: String = (0..=255).map(|status| format!("-e {status} ")).collect();
    [1, 31, 32, 63, 64, 127, 128, 200, 255]
        .into_iter()
        .try_for_each(|status| script(target, &options, &format!("exit {status}"), 0))
}

/// COMMAND is none.
fn warns(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=3 [ exit=4 ] block say=ready hear=10 exit=3";
    let running = dir.start(init.start(target), "-w", steps)?;
    only_command(&running)?;
    send(running.pid(), 10)?;
    let line = "[WARN  tini (N)] Reaped zombie process with pid=N\n";
    says_without_pids(&running.wait()?, "", &line.repeat(3), 3)
}

/// What is said while COMMAND gets a signal and exits, from which verbosity on. `@` is COMMAND's name.
const LINES: [(u32, &str); 7] = [
    (2, "[INFO  tini (N)] Spawned child process '@' with pid 'N'\n"),
    (3, "[DEBUG tini (N)] Passing signal: 'SIGUSR1'\n"),
    (3, "[DEBUG tini (N)] Received SIGCHLD\n"),
    (3, "[DEBUG tini (N)] Reaped child with pid: 'N'\n"),
    (2, "[INFO  tini (N)] Main child exited normally (with status '3')\n"),
    (4, "[TRACE tini (N)] No child to wait\n"),
    (4, "[TRACE tini (N)] Exiting: child has exited\n"),
];

/// Everything goes to standard output but errors and warnings, of which there are none.
fn talks(launcher: Launcher, options: &str, verbosity: u32) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, options, "block say=ready hear=10 exit=3")?;
    send(running.pid(), 10)?;
    let lines = LINES.iter().filter(|(least, _)| *least <= verbosity).map(|(_, line)| *line);
    let expected = lines.collect::<String>().replace('@', &test_child()?.display().to_string());
    says_without_pids(&running.wait()?, &expected, "", 3).with_context(|| options.to_owned())
}

fn verbosity(target: Target, init: Init) -> Result<()> {
    for (options, verbosity) in [("", 1), ("-v", 2), ("-vv", 3), ("-v -v -v", 4), ("-vvvv", 5)] {
        talks(init.start(target), options, verbosity)?;
    }
    Ok(())
}

fn verbosity_of_environment(target: Target, init: Init) -> Result<()> {
    for (value, verbosity) in [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("x", 0), ("", 0)] {
        talks(init.start(target).env("TINI_VERBOSITY", value), "-v", verbosity)?;
    }
    Ok(())
}

fn killed(target: Target, init: Init) -> Result<()> {
    let outcome = with(init.start(target), ["-v", "--", "sh", "-c", "kill -TERM $$"]).run()?;
    let lines = "[INFO  tini (N)] Spawned child process 'sh' with pid 'N'\n\
                 [INFO  tini (N)] Main child exited with signal (with signal 'SIGTERM')\n";
    says_without_pids(&outcome, lines, "", 143)
}

fn not_adopting(target: Target, init: Init) -> Result<()> {
    let warning = "[WARN  tini (N)] Tini is not running as PID 1 and isn't registered as a child subreaper.\n\
                   So zombie reaping won't work. Run it as PID 1, or set -s or TINI_SUBREAPER.\n";
    let run = |launcher: Launcher| with(launcher, ["--", "sh", "-c", "exit 7"]).run();
    says_without_pids(&run(init.below(target))?, "", warning, 7)?;
    exits(&run(init.below(target).env("TINI_VERBOSITY", "0"))?, 7)
}

/// The emulators know nothing of it.
fn adopting(target: Target, init: Init) -> Result<()> {
    let launcher = with(init.below(target), ["-s", "--", "sh", "-c", "exit 7"]);
    if target.cpu == Cpu::Native {
        return exits(&launcher.run()?, 7);
    }
    let line = "[FATAL tini (N)] Failed to register as child subreaper: 22\n";
    says_without_pids(&launcher.run()?, "", line, 1)
}

/// The emulator, if there must be one, and the file.
fn itself(target: Target) -> Result<Vec<OsString>> {
    Ok(target.emulator()?.into_iter().chain([dist::file(target.platform, "tini")?]).map(Into::into).collect())
}

/// The signal comes to tini, which forwards it.
fn hears(target: Target, option: &str, signal: i32) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = format!("say=ready hear={signal} touch=@heard");
    let running = dir.family(itself(target)?, option, &steps)?.env("TINI_VERBOSITY", "0").spawn()?;
    dir.until("ready")?;
    fs::write(dir.join("end"), "")?;
    until("the signal", || Ok(dir.join("heard").exists().then_some(())))
        .with_context(|| option.to_owned())?;
    drop(running);
    Ok(())
}

fn parent_dies(target: Target, _: Init) -> Result<()> {
    hears(target, "-p SIGUSR1", 10)?;
    hears(target, "-gp SIGTERM", 15)
}

/// Those that would end tini or stop it are shown by that, and not here.
fn every_name(target: Target, init: Init) -> Result<()> {
    let names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM CHLD CONT STOP TSTP TTIN TTOU \
                 URG XCPU XFSZ VTALRM PROF WINCH SYS";
    for name in names.split_whitespace() {
        let launcher = with(init.start(target), ["-p", &format!("SIG{name}"), "--", "sh", "-c", "exit 7"]);
        exits(&launcher.run()?, 7).with_context(|| name.to_owned())?;
    }
    Ok(())
}

fn other_name(target: Target, _: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let file = dir.join("docker-init");
    symlink(dist::file(target.platform, "tini")?, &file)?;
    let launcher = || Launcher::of_file(target, &file).as_pid_1();
    let help: Outcome = launcher().argument("-h").run()?;
    let help = text(&help.stdout)?;
    ensure!(
        help.starts_with("docker-init (tini version ") && help.contains("\nUsage: docker-init "),
        "{help}"
    );
    exits(&with(launcher(), ["--", "sh", "-c", "exit 7"]).run()?, 7)
}
