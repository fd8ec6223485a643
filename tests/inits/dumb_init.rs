//! What dumb-init alone does: its messages, its variables, and the signals that stop jobs.

use std::fs::{self, File};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::signal::{
    SIGCONT, SIGHUP, SIGKILL, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, Signal,
};
use mote_tests::terminal::{Terminal, on};
use mote_tests::test_dir::{TestDir, child_of, exits, send, with};
use mote_tests::{Launcher, Running, Suite, Target, process, until};

use crate::forward::recipients;
use crate::init::{DUMB_INIT, Init, says, says_without_pids, tests};
use crate::reaping::until_it_waits;

/// The message about a value that `-r` does not take.
pub(crate) const REWRITE_USAGE: &str = "Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.\n\
     This option can be specified multiple times.\n\
     Use --help for full usage.\n";

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    tests!(suite;
        [DUMB_INIT], all => an_invalid_r_is_an_error_and_the_command_is_not_run, v_reports_signals_and_the_exit,
            dumb_init_debug_is_v, dumb_init_debug_counts_with_the_value_1_alone, v_reports_the_session,
            v_reports_rewriting, v_reports_that_the_terminal_is_given_up,
            dumb_init_setsid_0_has_signals_forwarded_to_the_child_alone, single_child_is_the_long_form_of_c,
            the_session_gets_sigterm_after_the_child, signals_of_a_terminal_stop_the_child,
            signals_of_a_terminal_stop_the_init_and_the_child_below_pid_1,
            signals_of_a_terminal_are_forwarded_as_they_are_with_c;
    )
}

fn an_invalid_r_is_an_error_and_the_command_is_not_run(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let of_numbers = ["1", "a:b", "1:", ":1", "0:1", "32:1", "1:32", "1:-1", "-1:1", "", "15,2"];
    let of_names = ["TERM", "TERM:", "TERM:NOPE", "NOPE:INT", "term:int", "RTMIN:1", "1:RTMIN"];
    for value in of_numbers.iter().chain(&of_names) {
        let launcher = with(init.start(target).cwd(dir.path()), ["-r", value, "touch", "ran"]);
        says(&launcher.run()?, "", REWRITE_USAGE, 1).with_context(|| (*value).to_owned())?;
    }
    ensure!(!dir.join("ran").exists(), "the command ran");
    Ok(())
}

/// Expects all messages about a child that gets SIGUSR1 and exits with 3. Without `-c` the child reports as well, and the
/// order is not known.
fn reports(launcher: Launcher, options: &str, first: &str) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(launcher, &format!("{options} -c"), "block say=ready hear=SIGUSR1 exit=3")?;
    send(running.pid(), SIGUSR1)?;
    let lines = "[dumb-init] Child spawned with PID N.\n\
                 [dumb-init] Received signal 10.\n\
                 [dumb-init] Forwarded signal 10 to children.\n\
                 [dumb-init] Received signal 17.\n\
                 [dumb-init] A child with PID N exited with exit status 3.\n\
                 [dumb-init] Forwarded signal 15 to children.\n\
                 [dumb-init] Child exited with status 3. Goodbye.\n";
    says_without_pids(&running.wait()?, "", &format!("{first}{lines}"), 3)
}

fn v_reports_signals_and_the_exit(target: Target, init: Init) -> Result<()> {
    reports(init.start(target), "-v", "")?;
    reports(init.start(target), "--verbose", "")
}

fn dumb_init_debug_is_v(target: Target, init: Init) -> Result<()> {
    let launcher = init.start(target).env("DUMB_INIT_DEBUG", "1");
    reports(launcher, "", "[dumb-init] Running in debug mode.\n")
}

fn dumb_init_debug_counts_with_the_value_1_alone(target: Target, init: Init) -> Result<()> {
    ["0", "2", "", "10", "yes"].into_iter().try_for_each(|value| {
        exits(&with(init.start(target).env("DUMB_INIT_DEBUG", value), ["sh", "-c", "exit 7"]).run()?, 7)
    })
}

/// The lines of the init and of the child, sorted.
fn v_reports_the_session(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(init.start(target), "-v", "block say=ready hear=SIGUSR1 die=SIGKILL")?;
    send(running.pid(), SIGUSR1)?;
    let mut outcome = running.wait()?;
    let mut lines: Vec<&[u8]> = outcome.stderr.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    outcome.stderr = lines.concat();
    let expected = "[dumb-init] A child with PID N was terminated by signal 9.\n\
                    [dumb-init] Child exited with status 137. Goodbye.\n\
                    [dumb-init] Child spawned with PID N.\n\
                    [dumb-init] Forwarded signal 10 to children.\n\
                    [dumb-init] Forwarded signal 15 to children.\n\
                    [dumb-init] Received signal 10.\n\
                    [dumb-init] Received signal 17.\n\
                    [dumb-init] Unable to attach to controlling tty (errno=25).\n\
                    [dumb-init] Unable to detach from controlling tty (errno=25).\n\
                    [dumb-init] setsid complete.\n";
    says_without_pids(&outcome, "", expected, SIGKILL.status())
}

fn v_reports_rewriting(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let options = "-v -c -r USR1:USR2 -r HUP:0";
    let running = dir.start(init.start(target), options, "block say=ready hear=SIGUSR2 exit=3")?;
    send(running.pid(), SIGHUP)?;
    send(running.pid(), SIGUSR1)?;
    let lines = "[dumb-init] Child spawned with PID N.\n\
                 [dumb-init] Received signal 1.\n\
                 [dumb-init] Translating signal 1 to 0.\n\
                 [dumb-init] Not forwarding signal 0 to children (ignored).\n\
                 [dumb-init] Received signal 10.\n\
                 [dumb-init] Translating signal 10 to 12.\n\
                 [dumb-init] Forwarded signal 12 to children.\n\
                 [dumb-init] Received signal 17.\n\
                 [dumb-init] A child with PID N exited with exit status 3.\n\
                 [dumb-init] Forwarded signal 15 to children.\n\
                 [dumb-init] Child exited with status 3. Goodbye.\n";
    says_without_pids(&running.wait()?, "", lines, 3)
}

/// Both signals of the kernel are taken before there is a child.
fn v_reports_that_the_terminal_is_given_up(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let launcher = on(init.start(target), side)?.stderr(File::create(dir.join("stderr"))?);
    let running = dir.start(launcher, "-v", "block say=ready hear=SIGUSR2 exit=3")?;
    ends(running)?;
    same(dir.received("", 1)?, vec![SIGUSR2])?;
    let messages = fs::read_to_string(dir.join("stderr"))?;
    let first = "[dumb-init] Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive.\n\
                 [dumb-init] Received signal 1.\n\
                 [dumb-init] Ignoring tty hand-off signal 1.\n\
                 [dumb-init] Received signal 18.\n\
                 [dumb-init] Ignoring tty hand-off signal 18.\n";
    ensure!(messages.starts_with(first) && !messages.contains("Unable"), "{messages}");
    Ok(())
}

fn dumb_init_setsid_0_has_signals_forwarded_to_the_child_alone(target: Target, init: Init) -> Result<()> {
    recipients(init.start(target).env("DUMB_INIT_SETSID", "0"), "", false)?;
    recipients(init.start(target).env("DUMB_INIT_SETSID", "1"), "", true)
}

fn single_child_is_the_long_form_of_c(target: Target, init: Init) -> Result<()> {
    recipients(init.start(target), "--single-child", false)
}

/// With `-c` processes that the child leaves below PID 1 run on.
fn the_session_gets_sigterm_after_the_child(target: Target, init: Init) -> Result<()> {
    for (options, expected) in [("", vec![SIGTERM]), ("-c", vec![])] {
        let dir = TestDir::new()?;
        let linger = dir.join("linger");
        let steps = "block fork [ name=orphan touch=@orphan hear=SIGTERM touch=@terminated ] \
                     await=@orphan say=ready await=@go exit=3";
        let running = dir.start(init.below(target).linger(&linger), options, &dir.resolve(steps))?;
        fs::write(dir.join("go"), "")?;
        let status = dir.join("linger.status");
        until("the end of the init", || Ok(status.exists().then_some(())))?;
        // The status of wait(2) for an exit with 3.
        same(fs::read_to_string(status)?.as_str(), "768")?;
        if options.is_empty() {
            until("SIGTERM", || Ok(dir.join("terminated").exists().then_some(())))?;
        }
        fs::write(&linger, "")?;
        running.wait()?;
        same(dir.received("orphan", 2)?, expected)?;
    }
    Ok(())
}

/// The signals that stop jobs. dumb-init sends SIGSTOP in their place, and stops itself.
const STOPPING: [Signal; 3] = [SIGTSTP, SIGTTIN, SIGTTOU];

/// Waits until a process is stopped, or until it is not.
fn until_stopped(pid: i32, stopped: bool) -> Result<()> {
    let what = if stopped { "a stopped process" } else { "a process that is not stopped" };
    until(what, || Ok(((process::state(pid)? == 'T') == stopped).then_some(())))
}

/// Has the child exit.
fn ends(running: Running) -> Result<()> {
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, mote_tests::End::Exited(3))
}

/// PID 1 can't be stopped. Its attempt discards a pending SIGCONT, as in the program replaced, so that one is sent later.
fn signals_of_a_terminal_stop_the_child(target: Target, init: Init) -> Result<()> {
    for signal in STOPPING {
        let dir = TestDir::new()?;
        let running = dir.start(init.start(target), "", "block say=ready hear=SIGUSR2 exit=3")?;
        let child = child_of(&running)?;
        send(running.pid(), signal)?;
        until_stopped(child, true)?;
        until_it_waits(&running)?;
        send(running.pid(), SIGCONT)?;
        until_stopped(child, false)?;
        dir.until_received("", 1, &[SIGCONT])?;
        ends(running)?;
    }
    Ok(())
}

fn signals_of_a_terminal_stop_the_init_and_the_child_below_pid_1(target: Target, init: Init) -> Result<()> {
    for signal in STOPPING {
        let dir = TestDir::new()?;
        let running = dir.start(init.below(target), "", "block say=ready hear=SIGUSR2 exit=3")?;
        let child = child_of(&running)?;
        send(running.pid(), signal)?;
        until_stopped(child, true)?;
        until_stopped(running.pid(), true)?;
        send(running.pid(), SIGCONT)?;
        until_stopped(running.pid(), false)?;
        until_stopped(child, false)?;
        dir.until_received("", 2, &[SIGCONT])?;
        ends(running)?;
    }
    Ok(())
}

/// The child blocks the signal, and is not stopped; the init is.
fn signals_of_a_terminal_are_forwarded_as_they_are_with_c(target: Target, init: Init) -> Result<()> {
    for signal in STOPPING {
        let dir = TestDir::new()?;
        let running = dir.start(init.below(target), "-c", "block say=ready hear=SIGUSR2 exit=3")?;
        send(running.pid(), signal)?;
        until_stopped(running.pid(), true)?;
        dir.until_received("", 2, &[signal])?;
        send(running.pid(), SIGCONT)?;
        until_stopped(running.pid(), false)?;
        dir.until_received("", 2, &[signal, SIGCONT])?;
        ends(running)?;
    }
    Ok(())
}
