//! Files that can't be executed, as COMMAND.

use mote_tests::Launcher;
use mote_tests::test_dir::TestDir;

/// The header of an ELF file of no architecture, in which a shell finds a command.
const FOREIGN_ELF: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\nexit 3\n";

/// Writes the files `script` (without a shebang), `foreign` (an ELF file of another architecture), `missing` (a script of a missing interpreter) and
/// `crlf` (a script with lines in the form of Windows).
pub(crate) fn write(launcher: Launcher, dir: &TestDir) -> Launcher {
    let _ = dir.file("script", "exit 3\n", 0o755);
    let _ = dir.file("foreign", FOREIGN_ELF, 0o755);
    let _ = dir.file("missing", "#!/nonexistent/shell\n", 0o755);
    let _ = dir.file("crlf", "#!/bin/sh\r\nexit 3\r\n", 0o755);
    launcher
}

/// Scripts without an interpreter, and their files.
pub(crate) const WITHOUT_INTERPRETER: [(&str, &str); 2] =
    [("COMMAND's interpreter does not exist", "@missing"), ("COMMAND is a script with CRLF", "@crlf")];
