//! Where programs under test run: each as PID 1 of a PID namespace of its own, with an `/etc` of the target's, in an
//! empty directory, and with a PATH on which the probe is all that there is.
//!
//! What an input names can't be executed, then, and a signal to everybody reaches nobody but COMMAND.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use mote_tests::require::{self, Missing};
use mote_tests::{End, Outcome, Target as Case, dist};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, setns, unshare};
use tempfile::TempDir;
use wait_timeout::ChildExt;

use crate::engine::coverage;
use crate::probe;

/// HOME that programs are started with.
pub(crate) const HOME: &str = "/started/with";

/// No file system, kind or option.
const NONE: Option<&str> = None;

/// When a program counts as one that does not end.
const LIMIT: Duration = Duration::from_secs(20);

/// Whether nothing is run.
static PRETENDS: AtomicBool = AtomicBool::new(false);

/// Runs no program, so that each try of one fails, or does so again.
pub(crate) fn pretend(does: bool) {
    PRETENDS.store(does, Ordering::Relaxed);
}

/// The stage of a program.
pub(crate) struct Stage {
    /// Emulator, if there must be one, and program.
    program: Vec<PathBuf>,
    /// The PID namespace of the tests.
    namespace: File,
    directory: TempDir,
}

impl Stage {
    /// One for a program, and for the thread that asks: only what that starts sees it.
    ///
    /// # Errors
    /// [`Missing`] without root's rights, the program or its emulator.
    pub(crate) fn new(case: Case, program: &str) -> Result<Self> {
        require::root()?;
        let program = case.emulator()?.into_iter().chain([dist::file(case.platform, program)?]).collect();
        let namespace = File::open("/proc/thread-self/ns/pid")?;
        let stage = Self { program, namespace, directory: tempfile::tempdir()? };
        let path = |name: &str| stage.directory.path().join(name);
        for name in ["bin", "empty"] {
            fs::create_dir(path(name))?;
        }
        // Whoever COMMAND becomes may read here.
        fs::set_permissions(stage.directory.path(), Permissions::from_mode(0o755))?;
        fs::write(path("bin").join(probe::NAME), "")?;
        unshare(CloneFlags::CLONE_NEWNS).map_err(|_| Missing("mount namespaces".to_owned()))?;
        mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE)?;
        let probe = path("bin").join(probe::NAME);
        mount(Some(&env::current_exe()?), &probe, NONE, MsFlags::MS_BIND, NONE).context("the probe")?;
        mount(Some("tmpfs"), "/etc", Some("tmpfs"), MsFlags::empty(), NONE).context("/etc")?;
        stage.etc("passwd", b"")?;
        stage.etc("group", b"")?;
        // A thread with mounts of its own has a working directory of its own. The models look at it.
        env::set_current_dir(stage.cwd())?;
        Ok(stage)
    }

    /// Writes a file of its `/etc`, which the thread that made it sees as well.
    pub(crate) fn etc(&self, name: &str, content: &[u8]) -> Result<()> {
        Ok(fs::write(Path::new("/etc").join(name), content)?)
    }

    /// Whether an emulator stands between the program and the kernel.
    pub(crate) fn is_emulated(&self) -> bool {
        self.program.len() > 1
    }

    /// The empty directory that it is started in.
    pub(crate) fn cwd(&self) -> PathBuf {
        self.directory.path().join("empty")
    }

    /// The variables that it is started with, beside those that an input brings.
    pub(crate) fn environment(&self) -> [(&'static str, OsString); 3] {
        [("PATH", self.directory.path().join("bin").into()), ("HOME", HOME.into()), ("M_A", "0".into())]
    }

    /// Runs the program with these arguments and further variables.
    ///
    /// # Errors
    /// If it does not end, or crashes.
    pub(crate) fn run<W: AsRef<[u8]>>(&self, words: &[W], variables: &[(&str, &[u8])]) -> Result<Outcome> {
        // What comes now depends on the clock as well.
        coverage::end();
        ensure!(!PRETENDS.load(Ordering::Relaxed), "nothing is run");
        let [first, rest @ ..] = self.program.as_slice() else { bail!("no program") };
        let mut command = Command::new(first);
        command
            .args(rest)
            .args(words.iter().map(|word| OsStr::from_bytes(word.as_ref())))
            .env_clear()
            .envs(self.environment())
            .envs(variables.iter().map(|(name, value)| (name, OsStr::from_bytes(value))))
            .current_dir(self.cwd())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.spawn(&mut command)?;
        // What they say fits into pipes.
        let status = child.wait_timeout(LIMIT)?;
        let Some(status) = status else {
            child.kill()?;
            child.wait()?;
            bail!("no end after {LIMIT:?}");
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
        // The next that this thread starts is not to be in there.
        setns(&self.namespace, CloneFlags::CLONE_NEWPID)?;
        Ok(child?)
    }
}

/// The thread may have another stage after this.
impl Drop for Stage {
    fn drop(&mut self) {
        let _ = env::set_current_dir("/");
        for place in [self.directory.path().join("bin").join(probe::NAME), PathBuf::from("/etc")] {
            let _ = umount2(&place, MntFlags::MNT_DETACH);
        }
    }
}
