//! Running other programs.

use std::{
    env,
    ffi::OsStr,
    fs::File,
    io::{Read, Seek},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use wait_timeout::ChildExt;

/// Finds `program` on `PATH`, or where the programs for administrators are, which an ordinary
/// user's `PATH` does not name.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Runs a command to its end and returns what it wrote to standard output, without the newline.
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

/// Runs a command for at most `limit`; `None` means that it was still running then and was ended.
///
/// # Errors
/// The command can't be started or waited for.
pub fn output_within(command: &mut Command, limit: Duration) -> Result<Option<Output>> {
    // Files and not pipes: a pipe that nobody reads while we wait would fill and stop the child.
    let [mut stdout, mut stderr] = [tempfile::tempfile()?, tempfile::tempfile()?];
    let mut child = command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?)
        .spawn()
        .with_context(|| format!("can't run {}", name(command)))?;
    let Some(status) = child.wait_timeout(limit)? else {
        child.kill().with_context(|| format!("can't end {}", name(command)))?;
        child.wait()?;
        return Ok(None);
    };
    Ok(Some(Output { status, stdout: read_back(&mut stdout)?, stderr: read_back(&mut stderr)? }))
}

/// Everything that was written to `file`.
fn read_back(file: &mut File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The one line that says most about a failure: the first that calls itself an error (`error:`,
/// apt's `E:`), else the last.
#[must_use]
pub fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines
        .clone()
        .find_map(|line| line.strip_prefix("error: ").or_else(|| line.strip_prefix("E: ")).map(str::trim));
    error.or_else(|| lines.next_back()).unwrap_or("it said nothing").to_owned()
}

/// A command's program, without the folder that it lies in.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(OsStr::new("?")).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn output_is_returned_without_the_newline() -> Result<()> {
        assert_eq!(stdout(Command::new("echo").arg("text"))?, "text");
        Ok(())
    }

    #[test]
    fn a_failure_names_the_program_and_its_complaint() {
        let failed = stdout(Command::new("sh").args(["-c", "echo E: no such thing >&2; exit 3"]));
        let message = failed.map_err(|error| error.to_string());
        assert_eq!(message, Err("sh failed (exit status: 3): no such thing".to_owned()));
    }

    #[test]
    fn a_command_that_takes_too_long_is_ended() -> Result<()> {
        let start = Instant::now();
        let output = output_within(Command::new("sleep").arg("60"), Duration::from_millis(50))?;
        assert!(output.is_none());
        assert!(start.elapsed() < Duration::from_secs(30));
        Ok(())
    }

    #[test]
    fn a_command_in_time_returns_all_that_it_wrote() -> Result<()> {
        // More than a pipe holds.
        let mut command = Command::new("sh");
        command.args(["-c", "head -c 300000 /dev/zero; echo oops >&2"]);
        let output = output_within(&mut command, Duration::from_secs(60))?.context("ended")?;
        assert_eq!(output.stdout.len(), 300_000);
        assert_eq!(complaint(&output.stderr), "oops");
        Ok(())
    }
}
