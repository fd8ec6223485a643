//! Podman, with everything that it keeps in a directory of the tests' own.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use mote_tests::outcome::same;
use mote_tests::wait::stops_in_time;
use mote_tests::{Target, command, dist, process, require, roots, until};
use tempfile::TempDir;

use crate::check;

/// What does without systemd, without a network, and with no more than a small machine allows.
const CONTAINERS: &str = r#"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "runc"
"#;

/// The image of the whole small system that the tests run commands in.
pub(crate) const BUSYBOX: &str = "docker.io/library/busybox:stable";

/// What an image from a layout of ours is called.
pub(crate) fn name(program: &str) -> String {
    format!("docker.io/library/{program}:{}", env!("CARGO_PKG_VERSION"))
}

/// A place for Podman, emptied when this is dropped.
pub(crate) struct Podman {
    program: PathBuf,
    directory: TempDir,
}

impl Podman {
    /// One with the image [`BUSYBOX`].
    ///
    /// # Errors
    /// [`require::Missing`] without root's rights or the programs.
    pub(crate) fn get() -> Result<Self> {
        require::root()?;
        require::tool("runc", "runc")?;
        let podman = Self { program: require::tool("podman", "podman")?, directory: tempfile::tempdir()? };
        let path = |name: &str| podman.directory.path().join(name);
        fs::write(path("containers.conf"), CONTAINERS)?;
        let (root, run) = (path("root"), path("run"));
        fs::write(
            path("storage.conf"),
            // Unlike `overlay` it mounts nothing that stays.
            format!("[storage]\ndriver = \"vfs\"\ngraphroot = {root:?}\nrunroot = {run:?}\n"),
        )?;
        let archive = roots::busybox_archive(podman.directory.path())?;
        podman.run([OsStr::new("import"), "--quiet".as_ref(), archive.as_ref(), BUSYBOX.as_ref()])?;
        Ok(podman)
    }

    /// Another program that works in the same place.
    pub(crate) fn tool(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let path = |name: &str| self.directory.path().join(name);
        command.env("CONTAINERS_CONF", path("containers.conf"));
        command.env("CONTAINERS_STORAGE_CONF", path("storage.conf"));
        command
    }

    /// Podman with these arguments.
    pub(crate) fn command<Word: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = Word>) -> Command {
        let mut command = self.tool(&self.program);
        command.arg("--tmpdir").arg(self.directory.path().join("tmp"));
        command.arg("--network-config-dir").arg(self.directory.path().join("networks"));
        command.args(words);
        command
    }

    /// Runs Podman with these arguments and returns its output.
    pub(crate) fn run<Word: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = Word>) -> Result<String> {
        command::stdout(&mut self.command(words))
    }

    /// Loads the image of a program.
    pub(crate) fn load(&self, program: &str) -> Result<()> {
        let archive = dist::archive(&format!("{program}.oci.tar"))?;
        self.run([OsStr::new("load"), "--quiet".as_ref(), "--input".as_ref(), archive.as_ref()]).map(drop)
    }

    fn inspect(&self, field: &str, container: &str) -> Result<String> {
        self.run(["inspect", "--format", &format!("{{{{.{field}}}}}"), container])
    }

    fn shell(&self, container: &str, script: &str) -> Result<()> {
        self.run(["exec", container, "sh", "-c", script]).map(drop)
    }

    fn pid(&self, container: &str) -> Result<i32> {
        Ok(self.inspect("State.Pid", container)?.parse()?)
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        for words in [["pod", "rm", "--all", "--force"], ["rm", "--all", "--force", "--time=0"]] {
            let _ = self.run(words);
        }
    }
}

/// The layout has all platforms. The image of this machine's platform runs.
pub(crate) fn image_runs(podman: &Podman) -> Result<()> {
    podman.load("hello")?;
    same(podman.run(["run", "--rm", &name("hello")])?.as_str(), "Hello, World!")
}

pub(crate) fn pause_stops(podman: &Podman) -> Result<()> {
    podman.load("pause")?;
    same(podman.inspect("Config.User", &name("pause"))?.as_str(), "65535:65535")?;
    podman.run(["run", "--detach", "--name", "pause", &name("pause")])?;
    stops_in_time(|| podman.run(["stop", "pause"]).map(drop), || podman.run(["start", "pause"]).map(drop))?;
    same(podman.inspect("State.ExitCode", "pause")?.as_str(), "0")?;
    podman.run(["rm", "pause"]).map(drop)
}

/// A pause that may not sleep would be found awake.
pub(crate) fn profiles(podman: &Podman) -> Result<()> {
    podman.load("hello")?;
    podman.load("pause")?;
    let option = |program| Ok::<_, anyhow::Error>(format!("seccomp={}", dist::profile(program)?.display()));
    let hello = ["run", "--rm", "--security-opt", &option("hello")?, &name("hello")];
    same(podman.run(hello)?.as_str(), "Hello, World!")?;
    podman.run(["run", "--detach", "--security-opt", &option("pause")?, "--name=sealed", &name("pause")])?;
    check::runs(podman.inspect("State.Pid", "sealed")?.parse()?, "pause")?;
    podman.run(["stop", "sealed"])?;
    same(podman.inspect("State.ExitCode", "sealed")?.as_str(), "0")?;
    podman.run(["rm", "sealed"]).map(drop)
}

pub(crate) fn pod_is_held(podman: &Podman) -> Result<()> {
    pod_is_held_by(podman, "pause", "/pause")
}

/// As Podman has it by itself, with the one that is installed.
pub(crate) fn pod_is_held_by_catatonit(podman: &Podman) -> Result<()> {
    pod_is_held_by(podman, "catatonit", "/catatonit -P")
}

/// What Podman calls an infrastructure container: its namespaces are the pod's.
fn pod_is_held_by(podman: &Podman, program: &str, command: &str) -> Result<()> {
    podman.load(program)?;
    let image = name(program);
    let pod = ["pod", "create", "--name=pod", "--network=none", "--share=ipc,net,pid,uts"];
    podman.run(pod.iter().copied().chain(["--infra-image", &image, "--infra-command", command]))?;
    podman.run(["run", "--detach", "--pod=pod", "--name=app", BUSYBOX, "sleep", "1000"])?;
    let infra = podman.run(["pod", "inspect", "--format", "{{.InfraContainerID}}", "pod"])?;
    let pause = podman.pid(&infra)?;
    check::runs(pause, program)?;
    for kind in ["ipc", "net", "pid", "uts"] {
        same(process::namespace(podman.pid("app")?, kind)?, process::namespace(pause, kind)?)?;
    }
    check::orphan_is_reaped(pause, |script| podman.shell("app", script))?;
    podman.run(["pod", "stop", "pod"])?;
    same(podman.inspect("State.ExitCode", &infra)?.as_str(), "0")?;
    podman.run(["pod", "rm", "pod"]).map(drop)
}

/// Podman mounts the file as `/run/podman-init` and starts it as `INIT -- COMMAND`.
pub(crate) fn init_is(podman: &Podman, program: &str) -> Result<()> {
    let host = Target::host().context("this machine is none of the platforms")?;
    let file = dist::file(host.platform, program)?;
    let run = |options: &[&str], script: &str| {
        let mut command = podman.command(["run", "--init", "--init-path"]);
        command.arg(&file).args(options).args([BUSYBOX, "sh", "-c", script]);
        command
    };
    // PID 1 is not the shell, and its file is ours.
    let script = "[ $$ != 1 ] && cat /proc/1/exe | wc -c; exit 7";
    let output = run(&["--rm"], script).output()?;
    let size = format!("{}\n", fs::metadata(&file)?.len());
    same((String::from_utf8(output.stdout)?, output.status.code()), (size, Some(7)))?;
    // As PID 1 a shell without a trap gets no SIGTERM.
    command::stdout(&mut run(&["--detach", "--name=init"], "sleep 1000; exit 1"))?;
    let init = podman.pid("init")?;
    until("COMMAND", || Ok((process::children(init)?.len() == 1).then_some(())))?;
    check::orphan_is_reaped(init, |script| podman.shell("init", script))?;
    stops_in_time(|| podman.run(["stop", "init"]).map(drop), || podman.run(["start", "init"]).map(drop))?;
    same(podman.inspect("State.ExitCode", "init")?.as_str(), "143")?;
    podman.run(["rm", "init"]).map(drop)
}
