//! Other programs that read the layouts.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use mote_tests::outcome::same;
use mote_tests::{Target, dist, require};
use serde_json::Value;
use xtask::program::Program;

use crate::Pair;
use crate::layout::{Image, Layout, sha256};

/// `transport:file`
fn source(transport: &str, file: &str) -> Result<OsString> {
    let mut source = OsString::from(format!("{transport}:"));
    source.push(dist::archive(file)?);
    Ok(source)
}

fn oci(program: &Program) -> Result<OsString> {
    source("oci-archive", &format!("{}.oci.tar", program.name))
}

fn skopeo() -> Result<Command> {
    let mut command = Command::new(require::tool("skopeo", "skopeo")?);
    // The machine's trust policy is no subject of this test.
    command.arg("--insecure-policy");
    Ok(command)
}

fn succeeds(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}

pub(crate) fn skopeo_inspects(program: &Program) -> Result<()> {
    let layout = Layout::of(program)?;
    let index = layout.blob(&layout.top()?)?;
    let output = succeeds(skopeo()?.args(["inspect", "--raw"]).arg(oci(program)?))?;
    ensure!(output.stdout == index, "another index");
    Ok(())
}

/// skopeo finds the requested platform, checks every digest, and copies the manifest unchanged.
pub(crate) fn skopeo_copies(pair: Pair) -> Result<()> {
    let image = Image::of(pair)?;
    let platform = |field: &str| image.entry["platform"][field].as_str();
    let directory = tempfile::tempdir()?;
    let mut target = OsString::from("dir:");
    target.push(directory.path());
    let mut command = skopeo()?;
    command.args(["--override-os", "linux"]);
    command.args(["--override-arch", platform("architecture").context("no architecture")?]);
    command.args(platform("variant").into_iter().flat_map(|variant| ["--override-variant", variant]));
    succeeds(command.arg("copy").arg(oci(pair.program)?).arg(target))?;
    let manifest = fs::read(directory.path().join("manifest.json"))?;
    same(Some(sha256(&manifest).as_str()), image.entry["digest"].as_str())?;

    let archive = format!("{}-{}.docker.tar", pair.program.name, pair.platform.arch);
    let output =
        succeeds(skopeo()?.args(["inspect", "--config", "--raw"]).arg(source("docker-archive", &archive)?))?;
    ensure!(output.stdout == image.config_bytes, "another configuration in {archive}");
    Ok(())
}

/// buildah pulls the image of this machine's platform into a store of its own, under the right name.
pub(crate) fn buildah_reads(program: &'static Program) -> Result<()> {
    require::root()?;
    let buildah = require::tool("buildah", "buildah")?;
    let platform = Target::host().context("this machine is none of the platforms")?.platform;
    let image = Image::of(Pair { program, platform })?;
    let directory = tempfile::tempdir()?;
    let run = |words: &[&str], source: Option<OsString>| {
        let mut command = Command::new(&buildah);
        command.arg("--root").arg(directory.path().join("root"));
        command.arg("--runroot").arg(directory.path().join("run"));
        succeeds(command.args(["--storage-driver", "vfs"]).args(words).args(source))
    };
    run(&["pull", "--policy", "always"], Some(oci(program)?))?;
    let name = format!("docker.io/library/{}:{}", program.name, env!("CARGO_PKG_VERSION"));
    let output = run(&["inspect", "--type", "image", &name], None)?;
    let found: Value = serde_json::from_slice(&output.stdout)?;
    same(&found["FromImageDigest"], &image.entry["digest"])?;
    same(&found["OCIv1"]["config"]["Entrypoint"], &image.config["config"]["Entrypoint"])
}
