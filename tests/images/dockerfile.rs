//! The Dockerfile: every image from source, without a network.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;

use anyhow::{Context, Result, ensure};
use mote_tests::docker::{Engine, Init};
use mote_tests::outcome::same;
use mote_tests::{Target, command, dist, require};
use tempfile::TempDir;
use xtask::platform::Platform;
use xtask::program::PROGRAMS;
use xtask::toolchain::resolve;
use xtask::{source, workspace};

use crate::layout::Image;
use crate::{Pair, base};

/// An engine with the base image of the build.
pub(crate) struct Base {
    engine: Engine,
}

/// Name of the base image.
const NAME: &str = "mote-base:test";

impl Base {
    pub(crate) fn make() -> Result<Self> {
        require::root()?;
        require::release()?;
        let engine = Engine::private(Init::Machine)?;
        let toolchain = resolve()?;
        let directory = tempfile::tempdir()?;
        let archive = base::archive(&toolchain, directory.path())?;
        let changes = base::changes(&toolchain);
        let changes = changes.iter().flat_map(|change| ["--change", change.as_str()]);
        let archive = archive.to_str().context("not UTF-8")?;
        let words: Vec<&str> = ["import"].into_iter().chain(changes).chain([archive, NAME]).collect();
        engine.docker(&words)?;
        Ok(Self { engine })
    }

    /// Builds a target of the Dockerfile for a platform and returns what the client prints.
    fn build(&self, target: &str, platform: &Platform, options: &[impl AsRef<OsStr>]) -> Result<String> {
        let mut command = self.engine.client();
        command.env("DOCKER_BUILDKIT", "1").args(["build", "--network", "none", "--target", target]);
        command.args(["--platform", platform.docker, "--build-arg", &format!("BASE={NAME}")]);
        // The context has no repository.
        command.args(["--build-arg", &format!("{}={}", source::COMMIT, dist::commit()?)]);
        command::stdout(command.args(options).arg(workspace::root()))
    }

    /// Every target has one executable file, which is that of `dist`.
    pub(crate) fn gives_the_files(&self, platform: &Platform) -> Result<()> {
        for program in PROGRAMS {
            let directory = tempfile::tempdir()?;
            let output = format!("type=local,dest={}", directory.path().display());
            self.build(program.name, platform, &["--output", &output])?;
            holds_only(&directory, program.name)?;
            let built = fs::read(directory.path().join(program.name))?;
            let ours = fs::read(dist::file(platform, program.name)?)?;
            ensure!(built == ours, "{} differs from the file in dist", program.name);
        }
        Ok(())
    }

    /// The images have the same configuration as those in `dist`, and the same size.
    pub(crate) fn gives_images(&self) -> Result<()> {
        let platform = Target::host().context("this machine is none of the platforms")?.platform;
        for program in PROGRAMS {
            let id = self.build(program.name, platform, &["--quiet"])?;
            let config = Image::of(Pair { program, platform })?.config;
            let file = fs::metadata(dist::file(platform, program.name)?)?;
            let expected = format!(
                "{} {:?} {:?} {}",
                config["config"]["Entrypoint"],
                config["config"]["User"].as_str().unwrap_or_default(),
                config["architecture"].as_str().context("no architecture")?,
                file.len()
            );
            let form = "{{json .Config.Entrypoint}} {{json .Config.User}} {{json .Architecture}} {{.Size}}";
            same(self.engine.docker(&["inspect", "--format", form, &id])?, expected)?;
            if program.name == "hello" {
                let run = ["run", "--rm", "--network", "none", &id];
                same(self.engine.docker(&run)?.as_str(), "Hello, World!")?;
            }
        }
        Ok(())
    }
}

fn holds_only(directory: &TempDir, name: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let entries = fs::read_dir(directory.path())?.collect::<Result<Vec<_>, _>>()?;
    let names: Vec<_> = entries.iter().map(|entry| entry.file_name()).collect();
    same(names, vec![name.into()])?;
    same(entries[0].metadata()?.permissions().mode() & 0o7777, 0o755)
}

/// The Dockerfile has a target for every program, and no other.
pub(crate) fn has_every_program() -> Result<()> {
    let text = fs::read_to_string(workspace::root().join("Dockerfile"))?;
    let targets: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("FROM scratch AS ")).collect();
    same(targets, PROGRAMS.iter().map(|program| program.name).collect())
}
