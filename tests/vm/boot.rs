//! Boots a machine and reads its console.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xtask::platform::Platform;
use xtask::workspace;

use crate::machine::Machine;
use crate::{emulator, initramfs, kernel};

/// Time limit of a machine. A healthy machine takes a fraction of it.
const LIMIT: Duration = Duration::from_secs(400);

/// A machine that has booted and ended.
pub(crate) struct Boot {
    /// The text of its console.
    pub(crate) console: String,
    /// The package of its kernel.
    pub(crate) kernel: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// Whether it ended by itself.
    pub(crate) ended: bool,
}

/// Boots a machine whose init is pid1, with options in arguments and in a variable.
///
/// # Errors
/// [`mote_tests::require::Missing`] if something of it can't be had here.
pub(crate) fn run(machine: &Machine) -> Result<Boot> {
    let kernel = kernel::of(machine)?;
    let directory = tempfile::tempdir()?;
    let image = directory.path().join("initramfs");
    // The log is kept for a failure.
    let log = workspace::scratch().join(format!("vm/console-{}", machine.name.replace(['/', ' '], "-")));
    fs::write(&image, initramfs::of(Platform::named(machine.platform)?)?)?;
    let (name, options) = machine.emulator.split_first().context("no emulator")?;
    // `loglevel=1` leaves only the panic message of the kernel after its init has ended; `panic=-1` restarts at once.
    let line = format!(
        "console={} loglevel=1 panic=-1 rdinit=/pid1 PID1_OPTS=\"-e FOUND=in-PID1_OPTS\" -- -w /etc -e \"GIVEN=by words\" /driver boot",
        machine.console
    );
    let start = Instant::now();
    let mut child = emulator::command(name)?
        .args(options)
        .args(["-accel", "tcg", "-smp", "2", "-m", "512", "-nodefaults", "-display", "none"])
        .args(["-serial", "stdio", "-no-reboot", "-append", &line, "-kernel"])
        .arg(&kernel.file)
        .arg("-initrd")
        .arg(&image)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&log)?)
        .spawn()
        .with_context(|| (*name).to_owned())?;
    let mut ended = true;
    while child.try_wait()?.is_none() {
        if start.elapsed() > LIMIT {
            ended = false;
            child.kill()?;
            child.wait()?;
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let console = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    Ok(Boot { console, kernel: kernel.package, took: start.elapsed(), ended })
}
