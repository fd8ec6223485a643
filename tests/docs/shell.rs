//! Blocks that are run unchanged.

use std::env::consts::ARCH;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use mote_tests::outcome::same;
use mote_tests::require::{self, Missing};
use mote_tests::{dist, workspace_files};
use tempfile::TempDir;

use crate::commands::Proof;
use crate::page::{self, Page};

/// Deadline of a block, in seconds.
const DEADLINE: &str = "60";

/// Runs the blocks of each page in a copy of the tree.
pub(crate) fn blocks_do_what_they_say() -> Result<()> {
    require::release()?;
    // The commands name the files of one platform.
    ensure!(ARCH == "x86_64", Missing("a machine of the platform linux/amd64".to_owned()));
    for page in page::all()? {
        if page.blocks().iter().any(|block| block.proofs().iter().any(|proof| matches!(proof, Proof::Run))) {
            run(&page)?;
        }
    }
    Ok(())
}

fn run(page: &Page) -> Result<()> {
    let tree = tempfile::tempdir()?;
    workspace_files::copy(tree.path())?;
    symlink(dist::directory(), tree.path().join("dist"))?;
    let mut printed = None;
    for block in page.blocks() {
        let proofs = block.proofs();
        if proofs.iter().any(|proof| matches!(proof, Proof::Run)) {
            printed = Some(shell(&tree, &block.text).context(block.place)?);
        } else if proofs.iter().any(|proof| matches!(proof, Proof::Prints)) {
            let Some(printed) = printed.take() else { bail!("{}: no block before it is run", block.place) };
            same(printed.trim_end(), block.text.trim_end()).context(block.place)?;
        }
    }
    Ok(())
}

/// Returns the output of the commands, from both streams.
fn shell(tree: &TempDir, script: &str) -> Result<String> {
    let mut shell = Command::new("timeout");
    // One file for both streams keeps the order of lines.
    shell
        .args([DEADLINE, "sh", "-eu", "-c", "exec 2>&1\neval \"$1\"", "sh", script])
        .current_dir(tree)
        .stdin(Stdio::null());
    let output = shell.output()?;
    let printed = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "{}\n{printed}", output.status);
    Ok(printed)
}
