//! Running other programs.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// Returns the file of `program` on `PATH`, or in the directories for administrators, which a user's `PATH` lacks.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}

/// Runs a command to its end, and returns its standard output without the newline.
///
/// # Errors
/// The command can't be started or fails.
pub fn stdout(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("can't run {}", name(command)))?;
    if !output.status.success() {
        bail!("{} failed ({}): {}", name(command), output.status, complaint(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Returns a command that ends `program` after `limit`, such as `2m`.
pub(crate) fn limited(limit: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("timeout");
    command.arg(limit).arg(program);
    command
}

/// Returns the line of an output that says most about a failure: the first error (`error:`, apt's `E:`), else the last.
fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut errors = lines.clone().filter_map(|line| line.strip_prefix("error:").or(line.strip_prefix("E:")));
    errors.next().or_else(|| lines.next_back()).unwrap_or("without a message").trim().to_owned()
}

/// Returns the name of a command's program, or its first argument if that is only its limit.
fn name(command: &Command) -> String {
    let mut words = [command.get_program()].into_iter().chain(command.get_args());
    let program = words.next().unwrap_or_default();
    let program = if program == "timeout" { words.nth(1).unwrap_or(program) } else { program };
    Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_names_the_program_and_its_error() {
        let script = ["-c", "echo first >&2; echo E: no such thing >&2; echo last >&2; exit 3"];
        let failed = stdout(limited("1m", "/bin/sh").args(script)).map_err(|error| error.to_string());
        assert_eq!(failed, Err("sh failed (exit status: 3): no such thing".to_owned()));
    }

    #[test]
    fn limited_command_ends_in_time() {
        let failed = stdout(limited("0.1", "sleep").arg("600")).map_err(|error| error.to_string());
        assert_eq!(failed, Err("sleep failed (exit status: 124): without a message".to_owned()));
    }
}
