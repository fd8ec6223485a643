//! pid1 as the entry point of images with a distribution in them, and of images with next to nothing.

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Outcome, until};
use nix::sys::signal::Signal;

use crate::image::Image;
use crate::roots::World;
use crate::terminal::Terminal;
use crate::{STRICT, Test};

pub(crate) const TESTS: &[Test] = &[
    ("docker::pid1_with_a_shell_stops_within_a_second_in_debian", |world| shell_stops(world.debian()?)),
    ("docker::pid1_with_a_shell_stops_within_a_second_in_busybox", |world| shell_stops(world.busybox()?)),
    ("docker::pid1_with_one_program_stops_within_a_second_in_nothing", program_stops),
    ("docker::pid1_runs_with_no_right_at_all", without_rights),
    ("docker::pid1_passes_statuses_on", statuses),
    ("docker::pid1_passes_deaths_by_signal_on", deaths),
    ("docker::pid1_says_why_command_can_not_run", refusals),
    ("docker::pid1_runs_a_program_in_nothing", bare),
    ("docker::pid1_leaves_no_zombie_in_debian", |world| no_zombie(world.debian()?)),
    ("docker::pid1_leaves_no_zombie_in_busybox", |world| no_zombie(world.busybox()?)),
    ("docker::pid1_asks_what_remains_to_end_in_debian", |world| orphans_are_asked(world.debian()?)),
    ("docker::pid1_asks_what_remains_to_end_in_busybox", |world| orphans_are_asked(world.busybox()?)),
    ("docker::pid1_runs_as_the_user_of_the_container", user_of_container),
    ("docker::pid1_takes_users_of_debian", users_of_debian),
    ("docker::pid1_takes_users_of_busybox", users_of_busybox),
    ("docker::pid1_may_not_change_user_without_the_right_to", user_without_rights),
    ("docker::pid1_stops_a_command_that_runs_as_another_user", other_user_stops),
    ("docker::pid1_forwards_the_signals_of_docker_kill", signals),
    ("docker::pid1_takes_options_from_the_environment", options),
    ("docker::pid1_gives_the_terminal_to_command", terminal),
    ("docker::pid1_gives_a_shell_job_control_in_debian", |world| job_control(world.debian()?)),
    ("docker::pid1_gives_a_shell_job_control_in_busybox", |world| job_control(world.busybox()?)),
    ("docker::pid1_runs_below_the_process_1_of_another_container", below_another),
];

/// Checks that it exited with this status, and that one line of pid1 contains all of these words.
fn complains(outcome: &Outcome, status: i32, words: &[&str]) -> Result<()> {
    let stderr = text(&outcome.stderr)?;
    let is_line = stderr.starts_with("pid1: ") && stderr.ends_with('\n') && stderr.lines().count() == 1;
    let right = outcome.end == End::Exited(status) && outcome.stdout.is_empty() && is_line;
    ensure!(
        right && words.iter().all(|word| stderr.contains(word)),
        "expected {status} {words:?}: {outcome:?}"
    );
    Ok(())
}

/// A shell is spared by SIGTERM as PID 1, and dies of it as anyone else. So does its child, which a shell
/// that has more to do than that leaves behind.
fn shell_stops(image: &Image) -> Result<()> {
    for script in ["sleep 1000", "sleep 1000; exit 1", "echo; exec sleep 1000"] {
        image.start(&[], &["sh", "-c", script])?.stops(143).with_context(|| script.to_owned())?;
    }
    Ok(())
}

fn program_stops(world: &World) -> Result<()> {
    world.bare()?.start(&[], &["/busybox", "sleep", "1000"])?.stops(143)?;
    world.bare()?.start(&[], &["-x", "143", "--", "/busybox", "sleep", "1000"])?.stops(0)
}

fn without_rights(world: &World) -> Result<()> {
    world.busybox()?.start(&STRICT, &["sh", "-c", "sleep 1000; exit 1"])?.stops(143)
}

/// Those of the engine's own as well: the engine has none of them here.
fn statuses(world: &World) -> Result<()> {
    for status in [0, 1, 7, 125, 126, 127, 255] {
        let outcome = world.busybox()?.run(&[], &["sh", "-c", &format!("exit {status}")])?;
        outcome.is(&Outcome::exited("", status))?;
    }
    world.debian()?.run(&[], &["sh", "-c", "exit 7"])?.is(&Outcome::exited("", 7))
}

fn deaths(world: &World) -> Result<()> {
    let signals = [Signal::SIGHUP, Signal::SIGABRT, Signal::SIGKILL, Signal::SIGSEGV, Signal::SIGTERM];
    for signal in signals {
        let outcome = world.busybox()?.run(&[], &["sh", "-c", &format!("kill -{} $$", signal as i32)])?;
        let stderr = format!("pid1: sh: killed by {signal}\n").into_bytes();
        outcome.is(&Outcome { stderr, ..Outcome::exited("", 128 + signal as i32) })?;
    }
    Ok(())
}

fn refusals(world: &World) -> Result<()> {
    for image in [world.debian()?, world.busybox()?, world.bare()?] {
        complains(&image.run(&[], &["nonexistent"])?, 127, &["nonexistent", "not found"])?;
        complains(&image.run(&[], &["/dev"])?, 126, &["/dev", "EACCES"])?;
        complains(&image.run(&[], &["--nonsense", "sh"])?, 125, &["nonsense"])?;
        complains(&image.run(&[], &[])?, 125, &["COMMAND"])?;
    }
    Ok(())
}

fn bare(world: &World) -> Result<()> {
    let greeting = Outcome::exited("Hello, World!\n", 0);
    world.bare()?.run(&[], &["/hello"])?.is(&greeting)?;
    world.bare()?.run(&[], &["-w", "/", "-u", "7:8", "--", "./hello"])?.is(&greeting)?;
    world.bare()?.run(&STRICT, &["/hello"])?.is(&greeting)?;
    // The image has no `/etc/passwd` and no directory on PATH.
    complains(&world.bare()?.run(&[], &["-u", "nobody", "/hello"])?, 125, &["nobody", "unknown user"])?;
    complains(&world.bare()?.run(&[], &["hello"])?, 127, &["hello", "not found"])
}

/// Each of these has lost its parent, and dies by and by.
fn no_zombie(image: &Image) -> Result<()> {
    let script =
        "for n in 0 0 0 0 0 0 0 0 0 1; do (sleep $n & (exit 3) & sleep 0 &); done; echo ready; sleep 1000";
    let container = image.start(&[], &["sh", "-c", script])?;
    container.until_says("ready")?;
    let mut last = Vec::new();
    until("nobody but COMMAND below process 1", || {
        last = container.processes()?;
        let children = last.iter().filter(|process| process.parent == 1).count();
        Ok((children == 1 && last.iter().all(|process| process.state != "Z")).then_some(()))
    })
    .with_context(|| format!("{last:?}"))?;
    container.stops(143)
}

fn orphans_are_asked(image: &Image) -> Result<()> {
    let orphan = "trap 'echo asked; exit 5' TERM; touch /tmp/ready; while :; do sleep 0.1; done";
    let script = format!("(({orphan}) 2>/dev/null &); until [ -e /tmp/ready ]; do sleep 0.01; done; exit 3");
    image.run(&[], &["sh", "-c", &script])?.is(&Outcome::exited("asked\n", 3))
}

/// Prints user, group, all groups and home.
const WHO: [&str; 3] = ["sh", "-c", "id -u; id -g; id -G; echo $HOME"];

fn user_of_container(world: &World) -> Result<()> {
    for image in [world.debian()?, world.busybox()?] {
        let options = ["--user", "1000:1001", "--env", "HOME=/tmp"];
        image.run(&options, &WHO)?.is(&Outcome::exited("1000\n1001\n1001\n/tmp\n", 0))?;
        image.start(&options, &["sh", "-c", "sleep 1000; exit 1"])?.stops(143)?;
    }
    Ok(())
}

fn users_of_debian(world: &World) -> Result<()> {
    for (user, expected) in [
        ("nobody", "65534\n65534\n65534\n/nonexistent\n"),
        ("www-data", "33\n33\n33\n/var/www\n"),
        ("www-data:games", "33\n60\n60\n/var/www\n"),
        ("www-data:7", "33\n7\n7\n/var/www\n"),
    ] {
        let outcome = world.debian()?.run(&[], &[&["-u", user, "--"], WHO.as_slice()].concat())?;
        outcome.is(&Outcome::exited(expected, 0)).with_context(|| user.to_owned())?;
    }
    complains(&world.debian()?.run(&[], &["-u", "nobody-of-this-name", "sh"])?, 125, &["nobody-of-this-name"])
}

fn users_of_busybox(world: &World) -> Result<()> {
    let outcome = world.busybox()?.run(&[], &[&["-u", "nobody", "--"], WHO.as_slice()].concat())?;
    outcome.is(&Outcome::exited("65534\n65534\n65534\n/\n", 0))
}

fn user_without_rights(world: &World) -> Result<()> {
    for options in [["--cap-drop", "ALL"], ["--user", "1000:1000"]] {
        complains(&world.busybox()?.run(&options, &["-u", "nobody", "sh"])?, 125, &["EPERM"])?;
    }
    Ok(())
}

fn other_user_stops(world: &World) -> Result<()> {
    let command = ["-u", "nobody", "sh", "-c", "sleep 1000; exit 1"];
    world.debian()?.start(&[], &command)?.stops(143)?;
    world.busybox()?.start(&[], &command)?.stops(143)
}

fn signals(world: &World) -> Result<()> {
    let script = "trap 'echo got; exit 9' HUP USR1; echo ready; while :; do sleep 0.1; done";
    for image in [world.debian()?, world.busybox()?] {
        for signal in ["HUP", "SIGUSR1", "10"] {
            let container = image.start(&[], &["sh", "-c", script])?;
            container.until_says("ready")?;
            container.kill(signal)?;
            let outcome = container.outcome().with_context(|| signal.to_owned())?;
            outcome.is(&Outcome::exited("ready\ngot\n", 9))?;
        }
    }
    Ok(())
}

fn options(world: &World) -> Result<()> {
    let (image, options) = (world.busybox()?, ["--env", "PID1_OPTS=-x 7:9 -e GREETING=hello"]);
    let script = "echo $GREETING ${PID1_OPTS-unset}; exit 7";
    image.run(&options, &["sh", "-c", script])?.is(&Outcome::exited("hello unset\n", 9))?;
    let wrong = ["--env", "PID1_OPTS=--nonsense"];
    complains(&image.run(&wrong, &["sh", "-c", "exit 7"])?, 125, &["nonsense"])
}

/// Its group is the one that the keys go to.
fn terminal(world: &World) -> Result<()> {
    let script = "read -r _ _ _ _ group _ _ foreground _ </proc/self/stat
        [ -t 0 ] && [ $group = $foreground ] && [ $$ != 1 ] && exit 7";
    for image in [world.debian()?, world.busybox()?] {
        image.run(&["--tty"], &["sh", "-c", script])?.is(&Outcome::exited("", 7))?;
    }
    Ok(())
}

fn job_control(image: &Image) -> Result<()> {
    let options = ["--interactive", "--tty", "--env", "PS1=prompt> "];
    let container = image.create(&options, &["sh", "-i"])?;
    let mut terminal = Terminal::start(&container)?;
    terminal.shows("prompt> ")?;
    // Ctrl-C ends a job, and the shell lives.
    terminal.types("sleep 1000\n")?;
    until("a job in the foreground", || {
        let is_job = |process: &crate::image::Process| {
            process.name == "sleep" && process.group == process.foreground && process.parent != 1
        };
        Ok(container.processes()?.iter().any(is_job).then_some(()))
    })?;
    terminal.types("\x03")?;
    terminal.shows("prompt> ")?;
    terminal.types("echo status-$?\n")?;
    terminal.shows("status-130")?;
    terminal.types("exit 5\n")?;
    same(terminal.wait()?.code(), Some(5))
}

/// It is not PID 1 there, behaves the same without a warning, and sends no signal to unrelated processes.
fn below_another(world: &World) -> Result<()> {
    let pause = Image::build(&world.engine, "pause")?;
    let holder = pause.start(&[], &[])?;
    let pid = format!("--pid=container:{}", holder.id);
    let image = world.busybox()?;
    let stranger = image.start(&[&pid, "--entrypoint", "/bin/sleep"], &["1000"])?;
    image.run(&[&pid], &["sh", "-c", "[ $$ != 1 ] && exit 7"])?.is(&Outcome::exited("", 7))?;
    image.start(&[&pid], &["sh", "-c", "sleep 1000; exit 1"])?.stops(143)?;
    stranger.stops(143)?;
    holder.stops(0)
}
