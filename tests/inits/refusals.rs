//! System calls that the kernel refuses: before the start an error is fatal, after it nothing is.

use anyhow::{Context, Result, ensure};
use mote_tests::test_dir::{TestDir, exits, with};
use mote_tests::{Suite, Target, require};

use crate::fixture::complains;
use crate::init::{CATATONIT, INITS, Init, PID1, WITHOUT_CATATONIT, says_without_pids, tests};

/// `CAP_SETGID` and `CAP_SETUID` of `linux/capability.h`.
const SETGID: u8 = 6;
const SETUID: u8 = 7;

pub(crate) fn add(suite: Suite) -> Suite {
    let (all, native) = (Target::all(), Target::native());
    tests!(suite;
        INITS, native => a_refused_fork_is_an_error, a_refused_wait_is_an_error_and_the_command_is_not_run,
            refusals_after_the_start_are_not_fatal;
        INITS, all => an_ordinary_user_can_run_a_command;
        WITHOUT_CATATONIT, all => an_ordinary_user_can_run_a_command_below_pid_1;
        [CATATONIT], native => an_ordinary_user_can_run_a_command_below_pid_1;
        [PID1], native => a_refused_read_of_the_user_database_is_an_error, refused_memory_is_an_error,
            a_refused_timer_is_an_error_with_t;
        [PID1], all => a_refused_switch_of_the_user_is_an_error_and_the_command_is_not_run,
            an_ordinary_user_can_not_switch_the_user;
    )
}

impl Init {
    /// Returns the message and the status if no child can be started.
    fn fork_error(self, error: &str, description: &str) -> (String, i32) {
        match self.name {
            "pid1" => (format!("pid1: child: {error}\n"), 125),
            "tini" => (format!("[FATAL tini (N)] fork failed: {description}\n"), 1),
            "dumb-init" => ("[dumb-init] Unable to fork. Exiting.\n".to_owned(), 1),
            _ => (format!("ERROR (catatonit:N): failed to fork child: {description}\n"), 1),
        }
    }
}

fn a_refused_fork_is_an_error(target: Target, init: Init) -> Result<()> {
    let calls = ["clone", "fork", "vfork"];
    let launcher = calls.iter().fold(init.start(target), |launcher, call| launcher.refuse(call, "EPERM"));
    let (line, status) = init.fork_error("EPERM", "Operation not permitted");
    says_without_pids(&with(launcher, ["--", "sh", "-c", "exit 7"]).run()?, "", &line, status)
}

/// The init could not tell how the child ended. The drop-ins have no words for ENOSYS.
fn a_refused_wait_is_an_error_and_the_command_is_not_run(target: Target, init: Init) -> Result<()> {
    for (errno, description) in [("EPERM", "Operation not permitted"), ("ENOSYS", "38")] {
        let dir = TestDir::new()?;
        let ran = dir.join("ran");
        let launcher = init.start(target).refuse("wait4", errno).argument("--");
        let (line, status) = init.fork_error(errno, description);
        let outcome = with(launcher, ["touch".as_ref(), ran.as_os_str()]).run()?;
        says_without_pids(&outcome, "", &line, status)?;
        ensure!(!ran.exists(), "the command ran");
    }
    Ok(())
}

fn a_refused_timer_is_an_error_with_t(target: Target, init: Init) -> Result<()> {
    for errno in ["EPERM", "ENOSYS"] {
        let launcher = init.start(target).refuse("setitimer", errno);
        complains(&with(launcher, ["-t", "5", "sh", "-c", "exit 7"]).run()?, 125, &["setitimer", errno])?;
    }
    Ok(())
}

fn a_refused_read_of_the_user_database_is_an_error(target: Target, init: Init) -> Result<()> {
    require::root()?;
    for call in ["lseek", "pread64"] {
        let launcher = with(init.start(target).refuse(call, "EPERM"), ["-u", "root"]);
        let outcome = with(launcher, ["sh", "-c", "exit 7"]).run()?;
        complains(&outcome, 125, &["/etc/passwd", "EPERM"]).with_context(|| call.to_owned())?;
    }
    Ok(())
}

fn refused_memory_is_an_error(target: Target, init: Init) -> Result<()> {
    let call = if target.calls_as_386() { "mmap2" } else { "mmap" };
    for (options, words) in
        [(["-e", "X=1"], &["no memory"][..]), (["-u", "root"], &["/etc/passwd", "ENOMEM"])]
    {
        let launcher = init.start(target).refuse(call, "EPERM");
        complains(&with(with(launcher, options), ["sh", "-c", "exit 7"]).run()?, 125, words)
            .with_context(|| format!("{options:?}"))?;
    }
    Ok(())
}

fn a_refused_switch_of_the_user_is_an_error_and_the_command_is_not_run(
    target: Target,
    init: Init,
) -> Result<()> {
    require::root()?;
    let dir = TestDir::new()?;
    let ran = dir.join("ran");
    for (capability, options) in
        [(SETUID, ["-u", "1000"]), (SETGID, ["-u", "1000"]), (SETGID, ["-g", "1000"])]
    {
        let launcher = with(init.start(target).drop_capability(capability), options);
        let outcome = with(launcher, ["touch".as_ref(), ran.as_os_str()]).run()?;
        complains(&outcome, 125, &["EPERM"]).with_context(|| format!("{options:?} {capability}"))?;
        ensure!(!ran.exists(), "the command ran");
    }
    Ok(())
}

fn an_ordinary_user_can_not_switch_the_user(target: Target, init: Init) -> Result<()> {
    require::root()?;
    for options in [["-u", "0"], ["-g", "0"], ["-u", "root"], ["-u", "1001:1001"]] {
        let launcher = with(init.start(target).uid(1000), options);
        complains(&with(launcher, ["sh", "-c", "exit 7"]).run()?, 125, &["EPERM"])?;
    }
    Ok(())
}

fn an_ordinary_user_can_run_a_command(target: Target, init: Init) -> Result<()> {
    require::root()?;
    exits(&with(init.start(target).uid(1000), ["--", "sh", "-c", "exit 7"]).run()?, 7)
}

fn an_ordinary_user_can_run_a_command_below_pid_1(target: Target, init: Init) -> Result<()> {
    require::root()?;
    exits(&with(init.below(target).uid(65535), ["--", "sh", "-c", "exit 7"]).run()?, 7)
}

/// catatonit alone insists on being a child subreaper.
fn refusals_after_the_start_are_not_fatal(target: Target, init: Init) -> Result<()> {
    for call in ["chdir", "close_range", "ioctl", "prctl", "setpgid", "setsid", "setitimer", "waitid"] {
        for errno in ["EPERM", "ENOSYS"] {
            for launcher in [init.start(target), init.below(target)] {
                if init.name == "catatonit" && call == "prctl" {
                    continue;
                }
                let outcome = with(launcher.refuse(call, errno), ["--", "sh", "-c", "exit 7"]).run()?;
                exits(&outcome, 7).with_context(|| format!("{call} refused with {errno}"))?;
            }
        }
    }
    Ok(())
}
