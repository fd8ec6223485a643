//! Route 2: rustup gets the targets.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
    process::Command,
};

use super::{Compiler, Lack, Machine, Route, Toolchain, machine::Rustup, route::assemble};
use crate::process;

/// Adds `targets` to the active toolchain. If not all can be had, the toolchain is afterwards as it
/// was.
pub(super) fn add(machine: &Machine, targets: &[&str]) -> Result<Toolchain, Lack> {
    let compiler = machine.active()?;
    let rustup = machine.rustup.as_ref().ok_or_else(|| Lack::new("there is no rustup"))?;
    let name =
        managed(rustup, compiler).ok_or_else(|| Lack::new("the active toolchain is not one of rustup's"))?;
    // Another run, in another folder, may be trying the same: one would take the other's passing targets
    // for the toolchain's own.
    let lock = File::open(&rustup.toolchains).and_then(|folder| folder.lock().map(|()| folder));
    let _lock = lock.map_err(|error| Lack::new(format!("can't lock rustup's toolchains: {error}")))?;
    let targets_of = Targets { rustup, name, compiler };
    let before = targets_of.state(targets);
    match targets_of.try_add(machine, targets) {
        Ok(()) => assemble(Route::Rustup, machine, compiler.clone(), targets),
        Err(what) => {
            targets_of.restore(&before, targets);
            let command = format!("rustup target add --toolchain {name} {}", targets.join(" "));
            Err(Lack::new(what).remedy(command))
        }
    }
}

/// The name under which rustup manages this compiler's toolchain. One that it merely links to lies
/// elsewhere, and rustup can add nothing to it.
fn managed<'a>(rustup: &Rustup, compiler: &'a Compiler) -> Option<&'a str> {
    let toolchains = rustup.toolchains.canonicalize().ok()?;
    let parent = compiler.sysroot.parent()?.canonicalize().ok()?;
    (parent == toolchains).then(|| compiler.sysroot.file_name()?.to_str())?
}

/// The targets of one of rustup's toolchains.
struct Targets<'a> {
    rustup: &'a Rustup,
    name: &'a str,
    compiler: &'a Compiler,
}

impl Targets<'_> {
    fn command(&self, action: &[&str]) -> Command {
        let mut command = Command::new(&self.rustup.program);
        // Its errors come with a page of backtrace otherwise, where the user's environment asks for it.
        command.env_remove("RUST_BACKTRACE").arg("target").args(action);
        command.args(["--toolchain", self.name]);
        command
    }

    fn try_add(&self, machine: &Machine, targets: &[&str]) -> Result<(), String> {
        let seconds = machine.patience.as_secs();
        eprintln!("rustup: asking for {} targets (at most {seconds} s)", targets.len());
        let mut add = self.command(&["add"]);
        add.args(targets);
        let output = process::output_within(&mut add, machine.patience);
        match output.map_err(|error| format!("{error:#}"))? {
            None => Err(format!("`rustup target add` took over {seconds} s")),
            Some(output) if !output.status.success() => {
                let complaint = process::complaint(&output.stderr);
                // What comes behind a colon are addresses and files.
                let complaint = complaint.split(": ").next().unwrap_or(&complaint);
                Err(format!("`rustup target add` failed: {complaint}"))
            }
            Some(_) => match targets.iter().find(|target| !self.compiler.has_core(target)) {
                Some(target) => Err(format!("rustup's {target} has no core")),
                None => Ok(()),
            },
        }
    }

    /// Which targets rustup counts as installed, and which of `targets` have a folder.
    fn state(&self, targets: &[&str]) -> State {
        let listed = process::stdout(&mut self.command(&["list", "--installed"]));
        let listed = listed.unwrap_or_default().lines().map(str::to_owned).collect();
        let folders = targets.iter().filter(|target| self.compiler.of_target(target).exists());
        State { listed, folders: folders.map(|&target| target.to_owned()).collect() }
    }

    /// Removes what an attempt has added since `before`. An attempt that was ended in the middle may
    /// also leave a folder that rustup doesn't count, which route 1 would take for a target.
    fn restore(&self, before: &State, targets: &[&str]) {
        let added = &self.state(targets).listed - &before.listed;
        if !added.is_empty() {
            let mut remove = self.command(&["remove"]);
            let _ = process::stdout(remove.args(&added));
        }
        for target in &self.state(targets).folders - &before.folders {
            let _ = fs::remove_dir_all(Path::new(&self.compiler.of_target(&target)));
        }
    }
}

/// What a toolchain has, before or after an attempt to add to it.
struct State {
    listed: BTreeSet<String>,
    folders: BTreeSet<String>,
}
