//! Emulators that the kernel calls by itself, in a user namespace that nobody else is in.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::{Target, dist, require};
use anyhow::{Context, Result, ensure};

/// Registers the rule that is the first word, and becomes the rest.
const SCRIPT: &str = "mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc &&
    printf %s \"$1\" >/proc/sys/fs/binfmt_misc/register && shift && exec \"$@\"";

/// What an ELF file begins with, up to the architecture.
const HEADER: usize = 20;

/// `command`, in a namespace whose kernel runs the files of the target's platform.
///
/// # Errors
/// [`require::Missing`] if there is no emulator, or no such namespace.
pub fn within(target: Target, command: &Command) -> Result<Command> {
    let unshare = require::tool("unshare", "util-linux")?;
    namespaces(&unshare)?;
    let mut outer = Command::new(unshare);
    outer.args(["-Urm", "--", "sh", "-ec", SCRIPT, "sh"]).arg(rule(target)?);
    outer.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    if let Some(directory) = command.get_current_dir() {
        outer.current_dir(directory);
    }
    Ok(outer)
}

/// The rule by which the kernel knows files of the platform. The flag F has it open the emulator now: a
/// container's file system has none.
fn rule(target: Target) -> Result<String> {
    let name = target.platform.emulator.context("nothing to emulate")?;
    // One that needs no other file, for the same reason.
    let emulator = require::tool(&format!("{name}-static"), "qemu-user-static")?;
    let file = fs::read(dist::file(target.platform, "hello")?)?;
    let magic = file.get(..HEADER).context("no header")?;
    let escaped = |bytes: &mut dyn Iterator<Item = u8>| {
        bytes.fold(String::new(), |mut text, byte| {
            let _ = write!(text, "\\x{byte:02x}");
            text
        })
    };
    let mask = (0..HEADER).map(|at| match at {
        // The system that the file is for.
        7 => 0,
        // Fixed (2) or position-independent (3).
        16 => 0xfe,
        _ => 0xff,
    });
    let (magic, mask) = (escaped(&mut magic.iter().copied()), escaped(&mut mask.into_iter()));
    Ok(format!(":{name}:M::{magic}:{mask}:{}:F", emulator.display()))
}

/// Whether a user namespace can have emulators of its own.
fn namespaces(unshare: &Path) -> Result<()> {
    static WORK: OnceLock<bool> = OnceLock::new();
    let work = WORK.get_or_init(|| {
        let mut mount = Command::new(unshare);
        mount.args(["-Urm", "--", "mount", "-t", "binfmt_misc", "binfmt_misc", "/proc/sys/fs/binfmt_misc"]);
        mount.output().is_ok_and(|output| output.status.success())
    });
    ensure!(*work, require::Missing("emulators of a user namespace (Linux 6.7)".to_owned()));
    Ok(())
}
