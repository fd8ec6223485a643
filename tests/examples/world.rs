//! An engine with local images under the names that the examples use.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mote_tests::docker::{Engine, Init};
use mote_tests::outcome::same;
use mote_tests::require::{self, Missing};
use mote_tests::{command, dist, roots, until};
use serde_json::Value;
use xtask::platform::Platform;
use xtask::workspace;

/// The Debian that the examples name.
const RELEASE: &str = "bookworm";

/// Directories that may be links into `/usr`, before their content.
const FOLDERS: [&str; 6] = ["usr", "usr/lib", "usr/lib64", "lib", "lib64", "etc"];

/// An engine that knows the base images of one platform.
pub(crate) struct World {
    engine: Engine,
    platform: &'static Platform,
}

impl World {
    /// One that knows the programs' images alone.
    pub(crate) fn bare(platform: &'static Platform) -> Result<Self> {
        require::root()?;
        let world = Self { engine: Engine::private(Init::Machine)?, platform };
        for program in ["hello", "pid1"] {
            let archive = dist::archive(&format!("{program}-{}.docker.tar", platform.arch))?;
            world.engine.docker(&["load".as_ref(), "--input".as_ref(), archive.as_os_str()])?;
        }
        Ok(world)
    }

    pub(crate) fn of(platform: &str) -> Result<Self> {
        let world = Self::bare(Platform::named(platform)?)?;
        let directory = tempfile::tempdir()?;
        let path = |name: &str| directory.path().join(name);
        let debian = path("debian");
        debootstrap(&debian, world.platform)?;
        world.import("debian", &debian, &["."])?;

        let alpine = path("alpine");
        fs::create_dir(&alpine)?;
        roots::busybox(&alpine)?;
        fs::copy(debian.join("bin/busybox"), alpine.join("bin/busybox"))?;
        world.import("alpine", &alpine, &["."])?;

        let list = path("list");
        c_library(&debian, &list)?;
        let list = list.to_str().context("not UTF-8")?;
        world.import("distroless", &debian, &["--no-recursion", "--files-from", list])?;
        Ok(world)
    }

    /// Makes an image of those parts of a file system that these arguments of tar select.
    fn import(&self, name: &str, root: &Path, words: &[&str]) -> Result<()> {
        let context = tempfile::tempdir()?;
        let mut tar = Command::new(require::tool("tar", "tar")?);
        tar.arg("--create").arg("--file").arg(context.path().join("root.tar")).arg("--numeric-owner");
        command::stdout(tar.arg("--directory").arg(root).args(words))?;
        // `docker import` gives everything the architecture of the machine.
        fs::write(context.path().join("Dockerfile"), "FROM scratch\nADD root.tar /\n")?;
        command::stdout(self.builder().args(["--tag", &local(name)]).arg(context.path())).map(drop)
    }

    fn builder(&self) -> Command {
        let mut build = self.engine.client();
        build.env("DOCKER_BUILDKIT", "1").args(["build", "--quiet", "--network", "none"]);
        build.args(["--platform", self.platform.docker]);
        build
    }

    /// Builds an example and returns its image.
    pub(crate) fn build(&self, example: &str) -> Result<String> {
        self.build_with(example, &mut self.builder())
    }

    /// Builds an example and writes its file system to a directory.
    pub(crate) fn export(&self, example: &str, target: &Path) -> Result<()> {
        let output = format!("type=local,dest={}", target.display());
        self.build_with(example, self.builder().args(["--output", &output])).map(drop)
    }

    fn build_with(&self, example: &str, build: &mut Command) -> Result<String> {
        let directory = workspace::root().join("examples").join(example);
        let text = fs::read_to_string(directory.join("Dockerfile"))?;
        for (argument, image) in [("BASE", example), ("BUILD", "debian")] {
            if text.contains(&format!("ARG {argument}=")) {
                build.args(["--build-arg", &format!("{argument}={}", local(image))]);
            }
        }
        command::stdout(build.arg(directory))
    }

    /// How an image is run.
    pub(crate) fn config(&self, image: &str) -> Result<Value> {
        let text = self.engine.docker(&["inspect", "--format", "{{json .Config}}", image])?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Starts a container, with `arguments` for its entry point if there are any.
    pub(crate) fn start(&self, image: &str, arguments: &[&str]) -> Result<Container<'_>> {
        let words = [&["run", "--detach", "--network", "none", image], arguments].concat();
        Ok(Container { engine: &self.engine, id: self.engine.docker(&words)? })
    }
}

fn local(name: &str) -> String {
    format!("{name}:local")
}

fn debootstrap(root: &Path, platform: &Platform) -> Result<()> {
    // Debian calls the others as Docker does.
    let arch = if platform.arch == "386" { "i386" } else { platform.arch };
    let mut debootstrap = Command::new(require::tool("debootstrap", "debootstrap")?);
    debootstrap.args(["--arch", arch, "--variant=minbase", "--include=busybox-static", RELEASE]).arg(root);
    // Most probably there is no network.
    let missing = |error| Missing(format!("a Debian to install ({error:#})"));
    command::stdout(&mut debootstrap).map(drop).map_err(|error| missing(error).into())
}

/// Writes a list of the files of a Debian that make a distroless image: the C library, and the users.
fn c_library(debian: &Path, list: &Path) -> Result<()> {
    let mut info = fs::read_dir(debian.join("var/lib/dpkg/info"))?.flatten();
    let is_library = |name: &str| name.starts_with("libc6") && name.ends_with(".list");
    let library = info.find(|file| file.file_name().to_str().is_some_and(is_library));
    let files = fs::read_to_string(library.context("no C library")?.path())?;
    let files = files.lines().filter_map(|file| file.strip_prefix('/'));
    let files = files.filter(|file| !FOLDERS.contains(file) && !file.starts_with("usr/share"));
    let mut list = File::create(list)?;
    for file in FOLDERS.into_iter().chain(files).chain(["etc/passwd", "etc/group"]) {
        if debian.join(file).symlink_metadata().is_ok() && file != "." {
            writeln!(list, "{file}")?;
        }
    }
    Ok(())
}

/// A container in the background, removed when this is dropped.
pub(crate) struct Container<'a> {
    engine: &'a Engine,
    id: String,
}

impl Container<'_> {
    fn state(&self, field: &str) -> Result<String> {
        self.engine.docker(&["inspect", "--format", &format!("{{{{.State.{field}}}}}"), &self.id])
    }

    /// Standard output so far, without the last newline.
    pub(crate) fn log(&self) -> Result<String> {
        self.engine.docker(&["logs", &self.id])
    }

    /// Standard error so far.
    pub(crate) fn errors(&self) -> Result<String> {
        let output = self.engine.try_docker(&["logs", &self.id])?;
        Ok(String::from_utf8(output.stderr)?)
    }

    pub(crate) fn until_says(&self, text: &str) -> Result<()> {
        until(&format!("{text:?} in the log"), || Ok((self.log()? == text).then_some(())))
            .with_context(|| self.log().unwrap_or_default())
    }

    /// Waits for a process with this command line.
    pub(crate) fn until_runs(&self, line: &str) -> Result<()> {
        // A number, blanks and the text.
        let is_it = |process: &str| process.trim().split_once(' ').is_some_and(|(_, it)| it.trim() == line);
        until(line, || {
            let list = self.engine.docker(&["top", &self.id, "-o", "pid,args"])?;
            Ok(list.lines().any(is_it).then_some(()))
        })
    }

    /// Waits for its end.
    pub(crate) fn status(&self) -> Result<i32> {
        until("the container to end", || Ok((self.state("Status")? == "exited").then_some(())))?;
        Ok(self.state("ExitCode")?.parse()?)
    }

    /// Stops it as anyone would, and expects it to obey and to leave with this status.
    pub(crate) fn stops(&self, status: i32) -> Result<()> {
        let start = Instant::now();
        self.engine.docker(&["stop", &self.id])?;
        let took = start.elapsed();
        same(self.status()?, status)?;
        // Docker would wait ten seconds before it kills.
        ensure!(took < Duration::from_secs(5), "the stop took {took:?}");
        Ok(())
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _ = self.engine.try_docker(&["rm", "--force", &self.id]);
    }
}
