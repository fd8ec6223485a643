//! An engine with the images that the examples name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use mote_tests::docker::{Engine, Init};
use mote_tests::{Target, command, dist, require, roots};
use xtask::workspace;

/// An engine of our own.
pub(crate) struct Network {
    pub(crate) engine: Engine,
}

impl Network {
    /// # Errors
    /// [`require::Missing`] if there is no engine or no BIRD.
    pub(crate) fn get() -> Result<Self> {
        require::tool("nsenter", "util-linux")?;
        let host = Target::host().context("this machine is none of the platforms")?;
        let pause = dist::archive(&format!("pause-{}.docker.tar", host.platform.arch))?;
        let engine = Engine::private(Init::Configured(&dist::file(host.platform, "pid1")?))?;
        engine.docker(&["load".as_ref(), "--quiet".as_ref(), "--input".as_ref(), pause.as_os_str()])?;
        let root = tempfile::tempdir()?;
        roots::busybox(root.path())?;
        import(&engine, root.path(), "busybox:stable")?;
        bird(root.path())?;
        import(&engine, root.path(), "anycast-bird")?;
        Ok(Self { engine })
    }

    /// Returns a command for this engine, in the directory of an example.
    pub(crate) fn command(&self, program: impl AsRef<Path>, example: &str) -> Command {
        let client = self.engine.client();
        let mut command = Command::new(program.as_ref());
        command.env("DOCKER", client.get_program()).env("PAUSE", "pause");
        for (name, value) in client.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(directory(example));
        command
    }

    /// Runs one of an example's scripts.
    pub(crate) fn script(&self, example: &str, words: &[&str]) -> Result<String> {
        command::stdout(self.command("sh", example).args(words))
    }

    /// The first process of a container, as this machine sees it.
    pub(crate) fn pid(&self, container: &str) -> Result<i32> {
        Ok(self.engine.docker(&["inspect", "--format", "{{.State.Pid}}", container])?.parse()?)
    }
}

/// An example's directory.
pub(crate) fn directory(example: &str) -> PathBuf {
    workspace::root().join("examples").join(example)
}

fn import(engine: &Engine, root: &Path, name: &str) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let archive = roots::archive(root, directory.path())?;
    engine.docker(&["import".as_ref(), archive.as_os_str(), name.as_ref()]).map(drop)
}

/// Adds the distribution's BIRD, with the libraries that it needs.
fn bird(root: &Path) -> Result<()> {
    let bird = require::tool("bird", "bird2")?;
    let libraries = command::stdout(Command::new(require::tool("ldd", "libc-bin")?).arg(&bird))?;
    let libraries = libraries.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from);
    for file in libraries.chain([bird]) {
        let copy = root.join(file.strip_prefix("/")?);
        fs::create_dir_all(copy.parent().context("no directory")?)?;
        fs::copy(&file, &copy).with_context(|| file.display().to_string())?;
    }
    fs::create_dir_all(root.join("run"))?;
    Ok(())
}
