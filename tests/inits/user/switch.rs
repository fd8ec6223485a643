//! The switch to a user: system calls, capabilities and standard streams.

use std::fs::{self, File};
use std::io;

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::terminal::{self, Terminal};
use mote_tests::{Launcher, Outcome, Suite, Target};
use nix::sys::stat::fstat;

use super::{ALICE, Etc, STAFF, credentials};
use crate::failure::refuses;
use crate::fixture::{TestDir, below_1, exits, pid1, with, words};

/// Capabilities of `linux/capability.h`.
const CAP_CHOWN: u8 = 0;
const CAP_SETGID: u8 = 6;
const CAP_SETUID: u8 = 7;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (&Target::all(), &Target::native());
    suite
        .test(native, setgroups_precedes_setresgid_and_setresuid)
        .test(native, pid1_keeps_its_own_ids)
        .test(all, ids_that_are_already_set_need_no_capability)
        .test(native, ids_that_are_already_set_are_not_set_again)
        .test(all, real_effective_and_saved_ids_are_compared)
        .test(all, a_call_without_its_capability_is_named)
        .test(native, a_call_that_seccomp_refuses_is_named)
        .test(all, ambient_capabilities_are_cleared)
        .test(all, as_pid_1_pipes_are_given_to_the_user)
        .test(all, as_pid_1_the_terminal_is_given_to_the_user)
        .test(all, the_child_can_open_its_streams_by_name)
        .test(all, files_and_devices_are_not_given_to_the_user)
        .test(all, pipes_are_not_given_without_a_user_nor_below_pid_1)
        .test(all, a_refused_fchown_is_ignored)
}

fn etc() -> Etc {
    Etc::new(format!("root:x:0:0::/root:\n{ALICE}"), STAFF)
}

/// Returns the calls of pid1 and its child that change credentials and owners.
fn calls(target: Target, options: &str) -> Result<Vec<String>> {
    let dir = TestDir::new()?;
    let launcher = etc().start(&dir, target)?.trace(&dir.join("calls")).strace("-f");
    exits(&with(words(launcher, options).argument("--"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    let name = |line: &str| {
        let call = line.split_once('(')?.0.split_whitespace().last()?.trim_end_matches("32");
        let names = ["setgroups", "setresgid", "setgid", "setresuid", "setuid", "fchown"];
        (names.contains(&call) || line.contains("PR_CAP_AMBIENT_CLEAR_ALL")).then(|| call.to_owned())
    };
    Ok(fs::read_to_string(dir.join("calls"))?.lines().filter_map(name).collect())
}

fn setgroups_precedes_setresgid_and_setresuid(target: Target) -> Result<()> {
    same(
        calls(target, "-u alice")?,
        ["setgroups", "setresgid", "setresuid", "prctl"].map(String::from).into(),
    )
}

fn pid1_keeps_its_own_ids(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let running = dir.start(etc().start(&dir, target)?, "-u alice", "say=ready sleep")?;
    let status = fs::read_to_string(format!("/proc/{}/status", running.pid()))?;
    ensure!(status.lines().any(|line| line == "Uid:\t0\t0\t0\t0"), "{status}");
    Ok(())
}

/// As under Kubernetes' `runAsUser` and OpenShift. Other groups, which the engine has set, stay.
fn ids_that_are_already_set_need_no_capability(target: Target) -> Result<()> {
    etc().setpriv("--reuid 1000 --regid 1001 --groups 5,6").gives(
        target,
        &[
            ("-u alice", "1000:1001 5,6 /home/alice"),
            ("-u 1000", "1000:1001 5,6 /home/alice"),
            ("-g 1001", "1000:1001 5,6 /started/with"),
        ],
    )?;
    // Without an entry.
    let dir = TestDir::new()?;
    let launcher = etc().start(&dir, target)?.uid(4_000_000);
    exits(&dir.play(launcher, "-u 4000000", "report")?.run()?, 0)?;
    same(credentials(&dir.lines())?.as_str(), "4000000:4000000  /")
}

fn ids_that_are_already_set_are_not_set_again(target: Target) -> Result<()> {
    ["-u root", "-u 0:0", "-g 0"]
        .into_iter()
        .try_for_each(|options| same(calls(target, options)?, Vec::new()))
}

/// A set-user-ID program would let the child go back.
fn real_effective_and_saved_ids_are_compared(target: Target) -> Result<()> {
    for options in ["--ruid 1000", "--rgid 1000", "--euid 0 --egid 1000"] {
        etc()
            .setpriv(&format!("{options} --groups 5,6"))
            .gives(target, &[("-u root", "0:0 0 /root")])
            .with_context(|| options.to_owned())?;
    }
    Ok(())
}

fn a_call_without_its_capability_is_named(target: Target) -> Result<()> {
    let refuses = |options: [&str; 2], restrict: fn(Launcher) -> Launcher, message: &str| {
        refuses(restrict(etc().start(&TestDir::new()?, target)?), &options, message)
    };
    for options in [["-u", "root"], ["-u", "5"], ["-g", "50"]] {
        refuses(options, |launcher| launcher.uid(1000), "setgroups: EPERM")?;
    }
    refuses(["-g", "50"], |launcher| launcher.drop_capability(CAP_SETGID), "setgroups: EPERM")?;
    refuses(["-u", "alice"], |launcher| launcher.drop_capability(CAP_SETUID), "setresuid: EPERM")
}

fn a_call_that_seccomp_refuses_is_named(target: Target) -> Result<()> {
    for call in ["setgroups", "setresgid", "setresuid", "prctl"] {
        let width = if target.calls_as_386() && call != "prctl" { "32" } else { "" };
        let dir = TestDir::new()?;
        let launcher = etc().start(&dir, target)?.refuse(&format!("{call}{width}"), "EPERM");
        refuses(launcher, &["-u", "alice"], &format!("{call}: EPERM"))?;
    }
    Ok(())
}

/// A switch between two ordinary users clears no capability by itself.
fn ambient_capabilities_are_cleared(target: Target) -> Result<()> {
    let capabilities = |options: &str| -> Result<String> {
        let privileges = "--inh-caps +setuid,+setgid --ambient-caps +setuid,+setgid";
        let etc = etc().setpriv(&format!("--reuid 1000 --regid 1000 --clear-groups {privileges}"));
        let dir = TestDir::new()?;
        let launcher = words(etc.start(&dir, target)?, options);
        let outcome = with(launcher, ["grep", "-E", "Cap(Prm|Eff|Amb)", "/proc/self/status"]).run()?;
        ensure!(outcome.stderr.is_empty(), "{outcome:?}");
        Ok(String::from_utf8(outcome.stdout)?)
    };
    let status = |set: &str| format!("CapPrm:\t{set}\nCapEff:\t{set}\nCapAmb:\t{set}\n");
    same(capabilities("--")?, status("00000000000000c0"))?;
    same(capabilities("-u 1001:1001 --")?, status("0000000000000000"))
}

/// Runs a child with pipes as its streams, and returns their owners.
fn owners_of_pipes(launcher: Launcher, options: &str) -> Result<[u32; 3]> {
    let (input, output, error) = (io::pipe()?, io::pipe()?, io::pipe()?);
    let launcher = launcher.stdin(input.0).stdout(output.1).stderr(error.1);
    exits(&with(words(launcher, options), ["sh", "-c", "exit 7"]).run()?, 7)?;
    Ok([fstat(&input.1)?.st_uid, fstat(&output.0)?.st_uid, fstat(&error.0)?.st_uid])
}

fn as_pid_1_pipes_are_given_to_the_user(target: Target) -> Result<()> {
    for (options, owner) in [("-u alice", 1000), ("-u 5", 5), ("-u 5:6", 5)] {
        same(owners_of_pipes(etc().start(&TestDir::new()?, target)?, options)?, [owner; 3])?;
    }
    Ok(())
}

fn as_pid_1_the_terminal_is_given_to_the_user(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (_terminal, side) = Terminal::new()?;
    let launcher = terminal::on(etc().start(&dir, target)?, side.try_clone()?)?;
    exits(&with(words(launcher, "-u alice"), ["sh", "-c", "exit 7"]).run()?, 7)?;
    same(fstat(&side)?.st_uid, 1000)
}

fn the_child_can_open_its_streams_by_name(target: Target) -> Result<()> {
    let script = "cat </dev/stdin && echo out >/dev/stdout && echo err >/dev/stderr";
    let dir = TestDir::new()?;
    let launcher = words(etc().start(&dir, target)?, "-u alice sh -c").argument(script);
    let mut running = launcher.spawn()?;
    running.close_stdin();
    same(running.wait()?, Outcome { stderr: b"err\n".to_vec(), ..Outcome::exited("out\n", 0) })
}

/// A file may belong to a user outside of the container, and `/dev/null` belongs to all.
fn files_and_devices_are_not_given_to_the_user(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let file = dir.file("output", "", 0o600)?;
    let null = File::open("/dev/null")?;
    let launcher = etc().start(&dir, target)?.stdin(null.try_clone()?).stdout(File::create(&file)?);
    exits(&with(words(launcher, "-u alice"), ["sh", "-c", "echo x; exit 7"]).run()?, 7)?;
    same(fs::read_to_string(&file)?.as_str(), "x\n")?;
    same((fstat(&File::open(file)?)?.st_uid, fstat(&null)?.st_uid), (0, 0))
}

fn pipes_are_not_given_without_a_user_nor_below_pid_1(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    etc().start(&dir, target)?;
    same(owners_of_pipes(pid1(target), "--")?, [0; 3])?;
    same(owners_of_pipes(below_1(target).as_pid_2().bind(&dir.join("etc"), "/etc"), "-u alice")?, [0; 3])
}

fn a_refused_fchown_is_ignored(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let launcher = etc().start(&dir, target)?.drop_capability(CAP_CHOWN);
    same(owners_of_pipes(launcher, "-u alice")?, [0; 3])
}
