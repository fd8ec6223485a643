//! Building the test programs of groups, so that none waits for Cargo's lock while they run.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    io::BufReader,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use cargo_metadata::Message;

use super::group::{Group, Work, cargo};

/// Test programs by group.
pub(super) type Programs = BTreeMap<String, Vec<Program>>;

/// A test program.
#[derive(Debug)]
pub(super) struct Program {
    file: PathBuf,
    /// Directory of its package.
    package: PathBuf,
}

impl Program {
    /// Returns the command that Cargo would run, to test the files in `dist`.
    pub(super) fn command(&self, dist: &Path) -> Command {
        let mut command = Command::new(&self.file);
        command.current_dir(&self.package).env("CARGO_MANIFEST_DIR", &self.package);
        command.env("CARGO", cargo("").get_program()).env("MOTE_DIST", dist);
        command
    }
}

/// Builds the test programs of `groups`.
///
/// # Errors
/// They do not compile.
pub(super) fn build(groups: &[Group]) -> Result<Programs> {
    let mut packages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut programs = Programs::new();
    for group in groups {
        match &group.work {
            Work::Lint => {}
            Work::Unit(packages) => {
                let options = packages.iter().flat_map(|package| ["--package", package]);
                programs.insert(group.name.clone(), run(options.chain(["--lib"]))?.into_values().collect());
            }
            Work::Test(package) => packages.entry(package).or_default().push(&group.name),
        }
    }
    for (package, tests) in packages {
        let options = tests.into_iter().flat_map(|test| ["--test", test]);
        for (name, program) in run(["--package", package].into_iter().chain(options))? {
            programs.insert(name, vec![program]);
        }
    }
    Ok(programs)
}

/// Builds the test programs that these options of `cargo test` select, and returns them by the names of their targets.
fn run<'a>(options: impl IntoIterator<Item = &'a str>) -> Result<BTreeMap<String, Program>> {
    let mut command = cargo("test");
    command.args(["--no-run", "--message-format=json-render-diagnostics"]);
    command.args(options.into_iter().map(OsStr::new)).stdout(Stdio::piped());
    let mut child = command.spawn().context("can't run cargo")?;
    let messages = BufReader::new(child.stdout.take().context("no pipe")?);
    let mut programs = BTreeMap::new();
    for message in Message::parse_stream(messages) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(file) = artifact.executable.filter(|_| artifact.profile.test)
        {
            let package = artifact.manifest_path.parent().context("a manifest in no directory")?.into();
            programs.insert(artifact.target.name, Program { file: file.into(), package });
        }
    }
    ensure!(child.wait()?.success(), "the tests do not compile; see above");
    Ok(programs)
}
