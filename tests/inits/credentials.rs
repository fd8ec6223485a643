//! The switch to a user: the system calls, capabilities and streams.

use std::fs::{self, File};
use std::io;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::terminal::{self, Terminal};
use mote_tests::{Launcher, Outcome, Suite, Target, require};
use nix::sys::stat::fstat;

use crate::etc::{has, homes, open_to_all, refuses, with_credentials, with_files};
use crate::failure::fails;
use crate::fixture::{TestDir, below_1, exits, pid1, with, words};

const PASSWD: &str = "root:x:0:0::/root:\nalice:x:1000:1000::/home/alice:\nbob:x:1001:1001::/home/bob:\n";
const GROUP: &str = "staff:x:50:alice\n";

/// `CAP_CHOWN` of `linux/capability.h`.
const CHOWN: u8 = 0;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::groups_then_group_then_user", &native, order)
        .each("pid1::pid1_itself_stays_who_it_is", &native, stays)
        .each("pid1::a_user_that_it_already_is_needs_no_right", &all, already)
        .each("pid1::a_user_that_it_already_is_is_not_switched_to", &native, already_calls)
        .each("pid1::a_part_of_the_ids_is_not_enough", &all, partly)
        .each("pid1::a_refused_switch_is_named", &all, refused)
        .each("pid1::a_switch_that_seccomp_refuses_is_named", &native, refused_by_seccomp)
        .each("pid1::ambient_capabilities_are_cleared", &all, ambient)
        .each("pid1::pid_1_gives_pipes_to_the_user", &all, pipes)
        .each("pid1::pid_1_gives_the_terminal_to_the_user", &all, gives_terminal)
        .each("pid1::command_can_open_its_streams_by_name", &all, opens_streams)
        .each("pid1::files_and_devices_are_not_given_to_the_user", &all, files)
        .each("pid1::streams_stay_root_s_without_a_user_and_below_pid_1", &all, not_given)
        .each("pid1::a_stream_that_can_not_be_given_is_no_error", &all, not_giveable)
}

fn start(dir: &TestDir, target: Target) -> Result<Launcher> {
    open_to_all(dir)?;
    with_files(dir, target, PASSWD, GROUP)
}

/// Returns the calls of pid1 and its child that change credentials.
fn calls(launcher: Launcher, dir: &TestDir, options: &str) -> Result<Vec<String>> {
    let launcher = launcher.trace(&dir.join("calls")).strace("-f");
    let launcher = with(words(launcher, options).argument("--"), ["sh", "-c", "exit 7"]);
    exits(&launcher.run()?, 7)?;
    let calls = fs::read_to_string(dir.join("calls"))?;
    let name = |line: &str| {
        let call = line.split_once('(')?.0.split_whitespace().last()?;
        let is_ambient = line.contains("PR_CAP_AMBIENT_CLEAR_ALL");
        let names = ["setgroups", "setresgid", "setgid", "setresuid", "setuid", "fchown"];
        let call = call.trim_end_matches("32");
        (names.contains(&call) || is_ambient).then(|| call.to_owned())
    };
    Ok(calls.lines().filter_map(name).collect())
}

fn order(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let calls = calls(start(&dir, target)?, &dir, "-u alice")?;
    same(calls, ["setgroups", "setresgid", "setresuid", "prctl"].map(String::from).to_vec())
}

fn stays(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(start(&dir, target)?, "-u alice", "say=ready sleep")?;
    let status = fs::read_to_string(format!("/proc/{}/status", running.pid()))?;
    ensure!(status.lines().any(|line| line == "Uid:\t0\t0\t0\t0"), "{status}");
    Ok(())
}

/// As under Kubernetes' `runAsUser` and OpenShift. Other groups, which the engine has set, stay.
fn already(target: Target) -> Result<()> {
    for (options, home) in
        [("-u alice", Some("/home/alice")), ("-u 1000", Some("/home/alice")), ("-g 1000", None)]
    {
        let dir = TestDir::new()?;
        with_files(&dir, target, PASSWD, GROUP)?;
        open_to_all(&dir)?;
        let launcher = with_credentials(target, "--reuid 1000 --regid 1000 --groups 5,6")?;
        let launcher = launcher.bind(&dir.join("etc"), "/etc").env("HOME", "/started/with");
        exits(&dir.play(launcher, options, "report")?.run()?, 0).with_context(|| options.to_owned())?;
        has(&dir.lines(), 1000, 1000, &[5, 6])?;
        same(homes(&dir.lines()), vec![home.unwrap_or("/started/with")])?;
    }
    // Without an entry.
    let dir = TestDir::new()?;
    open_to_all(&dir)?;
    exits(&dir.play(pid1(target).uid(4_000_000), "-u 4000000", "report")?.run()?, 0)?;
    has(&dir.lines(), 4_000_000, 4_000_000, &[])
}

fn already_calls(target: Target) -> Result<()> {
    for options in ["-u root", "-u 0:0", "-g 0"] {
        let dir = TestDir::new()?;
        same(calls(start(&dir, target)?, &dir, options)?, Vec::new())?;
    }
    Ok(())
}

/// A set-user-ID program would let COMMAND go back.
fn partly(target: Target) -> Result<()> {
    for credentials in ["--ruid 1000", "--rgid 1000", "--euid 0 --egid 1000"] {
        let dir = TestDir::new()?;
        with_files(&dir, target, PASSWD, GROUP)?;
        open_to_all(&dir)?;
        let launcher = with_credentials(target, &format!("{credentials} --groups 5,6"))?;
        let launcher = launcher.bind(&dir.join("etc"), "/etc");
        exits(&dir.play(launcher, "-u root", "report")?.run()?, 0)?;
        has(&dir.lines(), 0, 0, &[0]).with_context(|| credentials.to_owned())?;
    }
    Ok(())
}

fn refused(target: Target) -> Result<()> {
    require::root()?;
    for (options, call) in [("-u root", "setgroups"), ("-u bob", "setgroups"), ("-g 50", "setgroups")] {
        let dir = TestDir::new()?;
        let launcher = words(start(&dir, target)?.uid(1000), options);
        let outcome = with(launcher, ["touch".as_ref(), dir.join("ran").as_os_str()]).run()?;
        fails(&outcome, 125, &format!("{call}: EPERM"))?;
        ensure!(!dir.join("ran").exists(), "COMMAND ran");
    }
    // The calls after the first one, with the capability for that one alone.
    for (capability, options, call) in [(6, "-g 50", "setgroups"), (7, "-u bob", "setresuid")] {
        let dir = TestDir::new()?;
        let launcher = words(start(&dir, target)?.drop_capability(capability), options);
        let outcome = with(launcher, ["touch".as_ref(), dir.join("ran").as_os_str()]).run()?;
        fails(&outcome, 125, &format!("{call}: EPERM"))?;
        ensure!(!dir.join("ran").exists(), "COMMAND ran");
    }
    refuses(target, PASSWD, GROUP, "-u carol", "carol: unknown user")
}

fn refused_by_seccomp(target: Target) -> Result<()> {
    for call in ["setgroups", "setresgid", "setresuid", "prctl"] {
        let dir = TestDir::new()?;
        let number =
            if target.calls_as_386() && call != "prctl" { format!("{call}32") } else { call.to_owned() };
        let launcher = words(start(&dir, target)?.refuse(&number, "EPERM"), "-u alice");
        let outcome = with(launcher, ["touch".as_ref(), dir.join("ran").as_os_str()]).run()?;
        fails(&outcome, 125, &format!("{call}: EPERM"))?;
        ensure!(!dir.join("ran").exists(), "COMMAND ran");
    }
    Ok(())
}

/// From an ordinary user to another one, which clears no capability by itself.
fn ambient(target: Target) -> Result<()> {
    let capabilities = |options: &str| -> Result<Vec<String>> {
        let privileges = "--inh-caps +setuid,+setgid --ambient-caps +setuid,+setgid";
        let launcher =
            with_credentials(target, &format!("--reuid 1000 --regid 1000 --clear-groups {privileges}"))?;
        let outcome =
            with(words(launcher, options), ["grep", "-E", "Cap(Prm|Eff|Amb)", "/proc/self/status"]).run()?;
        let stdout = String::from_utf8(outcome.stdout.clone())?;
        outcome.is(&Outcome::exited(&stdout, 0))?;
        let value = |line: &str| {
            line.split_whitespace().last().unwrap_or_default().trim_start_matches('0').to_owned()
        };
        Ok(stdout.lines().map(value).collect())
    };
    same(capabilities("--")?, vec!["c0".to_owned(); 3])?;
    same(capabilities("-u 1001:1001 --")?, vec![String::new(); 3])
}

/// Runs COMMAND with pipes as its streams, and returns their owners.
fn owners_of_pipes(launcher: Launcher, options: &str) -> Result<[u32; 3]> {
    let (input, output, error) = (io::pipe()?, io::pipe()?, io::pipe()?);
    let launcher = launcher.stdin(input.0).stdout(output.1).stderr(error.1);
    let outcome = with(words(launcher, options), ["sh", "-c", "exit 7"]).run()?;
    exits(&outcome, 7)?;
    Ok([fstat(&input.1)?.st_uid, fstat(&output.0)?.st_uid, fstat(&error.0)?.st_uid])
}

fn pipes(target: Target) -> Result<()> {
    for (options, owner) in [("-u alice", 1000), ("-u 5", 5), ("-u 5:6", 5)] {
        let dir = TestDir::new()?;
        same(owners_of_pipes(start(&dir, target)?, options)?, [owner; 3])?;
    }
    Ok(())
}

fn gives_terminal(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let launcher = terminal::on(start(&dir, target)?, side.try_clone()?)?;
    exits(&with(words(launcher, "-u alice"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    same(fstat(&side)?.st_uid, 1000)
}

fn opens_streams(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let script = "cat </dev/stdin && echo out >/dev/stdout && echo err >/dev/stderr";
    let launcher = with(words(start(&dir, target)?, "-u alice"), ["sh", "-c", script]);
    let mut running = launcher.spawn()?;
    running.close_stdin();
    let outcome = running.wait()?;
    let expected = Outcome { stderr: b"err\n".to_vec(), ..Outcome::exited("out\n", 0) };
    same(outcome, expected)
}

/// A file may belong to a user outside of the container, and `/dev/null` is everybody's.
fn files(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let file = dir.file("output", "", 0o600)?;
    let launcher = start(&dir, target)?.stdin(File::open("/dev/null")?).stdout(File::create(&file)?);
    exits(&with(words(launcher, "-u alice"), ["sh", "-c", "echo x; exit 7"]).run()?, 7)?;
    same(fs::read_to_string(&file)?, "x\n".to_owned())?;
    let (file, null) = (File::open(file)?, File::open("/dev/null")?);
    same((fstat(&file)?.st_uid, fstat(&null)?.st_uid), (0, 0))
}

fn not_given(target: Target) -> Result<()> {
    require::root()?;
    same(owners_of_pipes(pid1(target), "--")?, [0; 3])?;
    let dir = TestDir::new()?;
    with_files(&dir, target, PASSWD, GROUP)?;
    let launcher = below_1(target).as_pid_2().bind(&dir.join("etc"), "/etc");
    same(owners_of_pipes(launcher, "-u alice")?, [0; 3])
}

fn not_giveable(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = start(&dir, target)?.drop_capability(CHOWN);
    same(owners_of_pipes(launcher, "-u alice")?, [0; 3])
}
