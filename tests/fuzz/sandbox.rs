//! A place in which an input can do no harm. A program runs as PID 1 of its own PID namespace, so that a signal to every
//! process reaches COMMAND alone. `/etc` belongs to the test, the working directory is empty, and the only program in
//! PATH is the probe.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use mote_tests::require::{self, Missing};
use mote_tests::{End, Outcome, Target, dist};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, setns, unshare};
use wait_timeout::ChildExt;

use crate::report::{self, Report};

/// The directory of the probe, and the working directory.
const BIN: &str = "/etc/bin";
const CWD: &str = "/etc/empty";

/// The variables that programs are started with.
const VARIABLES: [(&str, &str); 3] = [("PATH", BIN), ("HOME", "/started/with"), ("M_A", "0")];

/// No file system, type or option.
const NONE: Option<&str> = None;

/// The time after which a program counts as one that does not end.
const DEADLINE: Duration = Duration::from_secs(20);

/// A program and its surroundings, for the thread that made them.
pub(crate) struct Sandbox {
    /// The emulator, if there is one, and the program.
    program: Vec<PathBuf>,
    /// The PID namespace of the tests.
    namespace: File,
    /// Whether an emulator stands between the program and the kernel.
    pub(crate) is_emulated: bool,
}

impl Sandbox {
    /// # Errors
    /// [`Missing`] without root's rights, the program or its emulator.
    pub(crate) fn new(target: Target, program: &str) -> Result<Self> {
        require::root()?;
        let emulator = target.emulator()?;
        let is_emulated = emulator.is_some();
        let program = emulator.into_iter().chain([dist::file(target.platform, program)?]).collect();
        let namespace = File::open("/proc/thread-self/ns/pid")?;
        let sandbox = Self { program, namespace, is_emulated };
        unshare(CloneFlags::CLONE_NEWNS).map_err(|_| Missing("mount namespaces".to_owned()))?;
        mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE)?;
        mount(Some("tmpfs"), "/etc", Some("tmpfs"), MsFlags::empty(), Some("mode=755")).context("/etc")?;
        fs::create_dir(BIN)?;
        fs::create_dir(CWD)?;
        sandbox.set_users(b"", b"")?;
        // A symbolic link would not do: other users can't read the directories of the workspace.
        let probe = Path::new(BIN).join(report::NAME);
        File::create(&probe)?;
        mount(Some(&env::current_exe()?), &probe, NONE, MsFlags::MS_BIND, NONE).context("the probe")?;
        // A thread with its own mounts has its own working directory, too.
        env::set_current_dir(CWD)?;
        Ok(sandbox)
    }

    /// Writes `/etc/passwd` and `/etc/group`.
    pub(crate) fn set_users(&self, passwd: &[u8], group: &[u8]) -> Result<()> {
        fs::write("/etc/passwd", passwd)?;
        Ok(fs::write("/etc/group", group)?)
    }

    /// Returns the report of a COMMAND for which the program changes nothing.
    pub(crate) fn report(&self, command: &[String]) -> Result<Report> {
        let mut report = Report::of_this_process()?;
        report.arguments = command.to_vec();
        report.variables = VARIABLES.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Ok(report)
    }

    /// Runs the program with these arguments and further variables.
    ///
    /// # Errors
    /// If it does not end, or crashes.
    pub(crate) fn run<A: AsRef<[u8]>>(
        &self,
        arguments: &[A],
        variables: &[(&str, &[u8])],
    ) -> Result<Outcome> {
        let [first, rest @ ..] = self.program.as_slice() else { bail!("no program") };
        let mut command = Command::new(first);
        command
            .args(rest)
            .args(arguments.iter().map(|argument| OsStr::from_bytes(argument.as_ref())))
            .env_clear()
            .envs(VARIABLES)
            .envs(variables.iter().map(|(name, value)| (name, OsStr::from_bytes(value))))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.spawn(&mut command)?;
        // Their whole output fits into pipes.
        let Some(status) = child.wait_timeout(DEADLINE)? else {
            child.kill()?;
            child.wait()?;
            bail!("no end after {DEADLINE:?}");
        };
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        child.stdout.context("no stdout")?.read_to_end(&mut stdout)?;
        child.stderr.context("no stderr")?.read_to_end(&mut stderr)?;
        let outcome = Outcome { stdout, stderr, end: End::of(status)? };
        match outcome.end {
            End::Exited(_) => Ok(outcome),
            End::Killed(_) => bail!("it crashed: {outcome:?}"),
        }
    }

    /// Starts a command as PID 1 of a new namespace.
    fn spawn(&self, command: &mut Command) -> Result<Child> {
        unshare(CloneFlags::CLONE_NEWPID).map_err(|_| Missing("PID namespaces".to_owned()))?;
        let child = command.spawn();
        // Later children of this thread do not belong into it.
        setns(&self.namespace, CloneFlags::CLONE_NEWPID)?;
        Ok(child?)
    }
}

/// The next test of this thread may make another sandbox.
impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = env::set_current_dir("/");
        let _ = umount2("/etc", MntFlags::MNT_DETACH);
    }
}
