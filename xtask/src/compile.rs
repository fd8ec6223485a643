//! Building programs for a platform with the chosen toolchain.

mod settings;

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use self::settings::{is_kept, linker_variable, rustflags};
use crate::{platform::Platform, record::sha256, source, toolchain::Toolchain, workspace};

/// A toolchain, the directory that it builds in, and the commit that is built.
#[derive(Clone, Debug)]
pub struct Workshop<'a> {
    /// Compiler and linker.
    pub toolchain: &'a Toolchain,
    /// Target directory of Cargo.
    pub target_dir: PathBuf,
    /// Commit that programs print.
    pub commit: Option<String>,
}

/// A binary of a package of the workspace.
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    /// The package.
    pub package: &'a str,
    /// The binary.
    pub bin: &'a str,
    /// Arguments of the compiler for this package alone.
    pub rustc_args: Vec<&'a str>,
}

/// Result of an attempt to build.
#[derive(Debug)]
pub struct Attempt {
    /// Whether the build succeeded.
    pub success: bool,
    /// Standard error of Cargo, the compiler and the linker.
    pub stderr: String,
    /// The linked file.
    pub file: PathBuf,
}

/// Tries to build a binary for a test that expects an error.
///
/// # Errors
/// Cargo can't be run.
pub fn attempt(toolchain: &Toolchain, platform: &Platform, unit: &Unit<'_>) -> Result<Attempt> {
    let workshop = Workshop::usual(toolchain);
    let output =
        workshop.command(platform, std::slice::from_ref(unit))?.output().context("can't run cargo")?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Attempt { success: output.status.success(), stderr, file: workshop.linked(platform, unit) })
}

impl<'a> Workshop<'a> {
    /// Returns the workshop of this tree, which has the results of earlier runs. Each toolchain has a directory of its
    /// own, since Cargo does not notice that a linker of the same name has another version.
    #[must_use]
    pub fn usual(toolchain: &'a Toolchain) -> Self {
        let Toolchain { compiler, linker, .. } = toolchain;
        let programs = [&compiler.rustc, &linker.path].map(|path| path.display());
        let identity = format!("{programs:?} {} {}", compiler.version, linker.version);
        let target_dir = workspace::scratch().join(format!("cargo-{:.8}", sha256(identity.as_bytes())));
        Self { toolchain, target_dir, commit: source::commit(&workspace::root()) }
    }

    /// Builds binaries for a platform with one run of Cargo, whose messages are shown, and returns the linked files.
    ///
    /// # Errors
    /// The build fails.
    pub fn build(&self, platform: &Platform, units: &[Unit<'_>]) -> Result<Vec<PathBuf>> {
        let status = self.command(platform, units)?.status().context("can't run cargo")?;
        ensure!(status.success(), "the build for {} failed ({status}); see above", platform.docker);
        Ok(units.iter().map(|unit| self.linked(platform, unit)).collect())
    }

    fn linked(&self, platform: &Platform, unit: &Unit<'_>) -> PathBuf {
        self.target_dir.join(platform.target).join("release").join(unit.bin)
    }

    fn command(&self, platform: &Platform, units: &[Unit<'_>]) -> Result<Command> {
        let Toolchain { compiler, linker, .. } = self.toolchain;
        let target = platform.target;
        let mut command = Command::new(&compiler.cargo);
        command.current_dir(workspace::root()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os().filter(|(name, _)| !is_kept(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command
            .envs(self.commit.iter().map(|commit| (source::COMMIT, commit)))
            .env("RUSTC", &compiler.rustc)
            // A stable compiler then accepts the unstable options below.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC_WRAPPER", "")
            .env("RUSTC_WORKSPACE_WRAPPER", "")
            // The variable replaces all flags of configuration files, those of the user's own included.
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags(target)?.join("\x1f"))
            .env(linker_variable(target), &linker.path)
            .args(["build", "--release", "--locked", "--target", target, "--target-dir"])
            .arg(&self.target_dir)
            .args(["-Zbuild-std=core", "-Zbuild-std-features=compiler-builtins-mem", "-Zprofile-rustflags"]);
        // Cargo strips no symbols from a package with a profile of its own. They are cut off when a file is sealed.
        for Unit { package, bin, rustc_args } in units {
            let profile = format!("profile.release.package.{package}.rustflags={rustc_args:?}");
            command.args(["--package", package, "--bin", bin, "--config", &profile]);
        }
        Ok(command)
    }
}
