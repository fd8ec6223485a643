//! The initial file system of a machine: the release files, the driver, `/etc/passwd` and `/etc/group`.

use std::fs;
use std::io::Write;

use anyhow::{Result, anyhow};
use cpio::newc::{Builder, ModeFileType, trailer};
use mote_tests::dist;
use mote_tests::require::{self, Missing};
use xtask::compile::{Unit, Workshop};
use xtask::platform::Platform;
use xtask::program::PROGRAMS;
use xtask::toolchain::resolve;

const PASSWD: &str = "root:x:0:0:root:/:/bin/sh\n\
    app:x:1000:1001:Application,,,:/home/app:/bin/sh\n";

const GROUP: &str = "root:x:0:\n\
    audio:x:29:app\n\
    video:x:44:root,app\n\
    staff:x:50:root\n\
    app:x:1001:\n";

/// Returns the archive for a platform, in the format that kernels unpack (`Documentation/driver-api/early-userspace`).
///
/// # Errors
/// [`Missing`] if no release was built; if the driver can't be.
pub(crate) fn of(platform: &'static Platform) -> Result<Vec<u8>> {
    let mut archive = Vec::new();
    for name in ["dev", "dev/pts", "etc"] {
        let directory = Builder::new(name).mode(0o755).set_mode_file_type(ModeFileType::Directory);
        directory.write(&mut archive, 0).finish()?;
    }
    // The kernel opens it as the first three descriptors of its init.
    let console = Builder::new("dev/console").mode(0o600).set_mode_file_type(ModeFileType::Char);
    console.rdev_major(5).rdev_minor(1).write(&mut archive, 0).finish()?;
    for (name, text) in [("etc/passwd", PASSWD), ("etc/group", GROUP)] {
        file(&mut archive, name, 0o644, text.as_bytes())?;
    }
    for program in PROGRAMS {
        file(&mut archive, program.name, 0o755, &fs::read(dist::file(platform, program.name)?)?)?;
    }
    file(&mut archive, "driver", 0o755, &driver(platform)?)?;
    trailer(&mut archive)?;
    Ok(archive)
}

fn file(archive: &mut Vec<u8>, name: &str, mode: u32, bytes: &[u8]) -> Result<()> {
    let entry = Builder::new(name).mode(mode).set_mode_file_type(ModeFileType::Regular);
    let mut writer = entry.write(archive, u32::try_from(bytes.len())?);
    writer.write_all(bytes)?;
    writer.finish()?;
    Ok(())
}

/// Builds the driver like the release files, except that its address is fixed.
fn driver(platform: &'static Platform) -> Result<Vec<u8>> {
    require::release()?;
    let toolchain = resolve().map_err(|error| anyhow!(Missing(format!("{error:#}"))))?;
    let rustc_args = vec!["-Crelocation-model=static"];
    let unit = Unit { package: "mote-vm-driver", bin: "vm-driver", rustc_args };
    Ok(fs::read(&Workshop::usual(&toolchain).build(platform, &[unit])?[0])?)
}
