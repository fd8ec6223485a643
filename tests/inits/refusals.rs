//! What it does when the kernel refuses: before the start an error is fatal, after it nothing is.

use anyhow::{Context, Result, ensure};
use mote_tests::{Suite, Target, require};

use crate::fixture::{TestDir, below_1, complains, exits, pid1, with};

/// `CAP_SETGID` and `CAP_SETUID` of `linux/capability.h`.
const SETGID: u8 = 6;
const SETUID: u8 = 7;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    suite
        .each("pid1::a_refused_fork_is_125_and_named", &native, fork)
        .each("pid1::a_refused_wait_is_125_and_named_and_command_never_runs", &native, wait)
        .each("pid1::a_refused_reading_of_users_is_125_and_named", &native, reading)
        .each("pid1::refused_memory_is_125_and_named", &native, memory)
        .each("pid1::a_refused_change_of_user_is_125_and_command_never_runs", &all, change_of_user)
        .each("pid1::an_ordinary_user_can_not_change_user", &all, ordinary_user)
        .each("pid1::an_ordinary_user_can_run_command", &all, as_ordinary_user)
        .each("pid1::refusals_after_the_start_are_not_fatal", &native, after_the_start)
}

fn fork(target: Target) -> Result<()> {
    let start =
        ["clone", "fork", "vfork"].iter().fold(pid1(target), |start, call| start.refuse(call, "EPERM"));
    complains(&with(start, ["sh", "-c", "exit 7"]).run()?, 125, &["EPERM"])
}

/// Nobody would learn how COMMAND ended.
fn wait(target: Target) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        let dir = TestDir::new()?;
        let ran = dir.join("ran");
        let start = pid1(target).refuse("wait4", errno);
        complains(&with(start, ["touch".as_ref(), ran.as_os_str()]).run()?, 125, &[errno])?;
        ensure!(!ran.exists(), "COMMAND ran");
    }
    Ok(())
}

fn reading(target: Target) -> Result<()> {
    require::root()?;
    for call in ["lseek", "pread64"] {
        let start = with(pid1(target).refuse(call, "EPERM"), ["-u", "root"]);
        let outcome = with(start, ["sh", "-c", "exit 7"]).run()?;
        complains(&outcome, 125, &["/etc/passwd", "EPERM"]).with_context(|| call.to_owned())?;
    }
    Ok(())
}

fn memory(target: Target) -> Result<()> {
    let call = if target.calls_as_386() { "mmap2" } else { "mmap" };
    for (options, words) in
        [(["-e", "X=1"], &["no memory"][..]), (["-u", "root"], &["/etc/passwd", "ENOMEM"])]
    {
        let start = pid1(target).refuse(call, "EPERM");
        complains(&with(with(start, options), ["sh", "-c", "exit 7"]).run()?, 125, words)
            .with_context(|| format!("{options:?}"))?;
    }
    Ok(())
}

fn change_of_user(target: Target) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for (capability, options) in
        [(SETUID, ["-u", "1000"]), (SETGID, ["-u", "1000"]), (SETGID, ["-g", "1000"])]
    {
        let start = with(pid1(target).drop_capability(capability), options);
        let outcome = with(start, ["touch".as_ref(), ran.as_os_str()]).run()?;
        complains(&outcome, 125, &["EPERM"]).with_context(|| format!("{options:?} {capability}"))?;
        ensure!(!ran.exists(), "COMMAND ran");
    }
    Ok(())
}

fn ordinary_user(target: Target) -> Result<()> {
    require::root()?;
    for options in [["-u", "0"], ["-g", "0"], ["-u", "root"], ["-u", "1001:1001"]] {
        let start = with(pid1(target).uid(1000), options);
        complains(&with(start, ["sh", "-c", "exit 7"]).run()?, 125, &["EPERM"])?;
    }
    Ok(())
}

fn as_ordinary_user(target: Target) -> Result<()> {
    require::root()?;
    exits(&with(pid1(target).uid(1000), ["sh", "-c", "exit 7"]).run()?, 7)?;
    exits(&with(below_1(target).as_pid_2().uid(65535), ["sh", "-c", "exit 7"]).run()?, 7)
}

fn after_the_start(target: Target) -> Result<()> {
    for call in ["chdir", "close_range", "ioctl", "prctl", "setpgid", "setitimer", "waitid"] {
        for errno in ["EPERM", "ENOSYS"] {
            for start in [pid1(target), below_1(target).as_pid_2()] {
                let outcome = with(start.refuse(call, errno), ["sh", "-c", "exit 7"]).run()?;
                exits(&outcome, 7).with_context(|| format!("{call} refused with {errno}"))?;
            }
        }
    }
    Ok(())
}
