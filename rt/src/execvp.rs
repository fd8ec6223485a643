//! Executing a command as execvp(3) does.

use core::mem::MaybeUninit;

use crate::{Command, Environment, Errno, StringBuf, ThinCStr, sys, text};

/// The size of the longest path, its NUL included.
const PATH_MAX: usize = linux_raw_sys::general::PATH_MAX as usize;

/// Executes a command. Its name is looked up in the directories of `PATH`, or of `default_path` if that variable is
/// not set, unless it contains a slash. A text file without `#!` is run by `/bin/sh`.
///
/// Returns only on failure, with execve(2)'s error. If several files were tried, it is the one that says most: that a
/// file was found but can't be executed. There are two differences:
/// - ENOENT: no file was found. If the file is there, but not its interpreter (`#!`) or its loader, the error is
///   ELIBACC.
/// - ENOEXEC: the format is wrong, and either the file is a program or there is no `/bin/sh`.
#[inline(never)]
pub fn execvp(command: &mut Command, env: &Environment, default_path: ThinCStr<'static>) -> Errno {
    let name = command.name();
    if name.is_empty() || !name.find(b'/').is_empty() {
        return execute(command, env, name);
    }
    let mut memory = [MaybeUninit::uninit(); PATH_MAX];
    let mut file = StringBuf::new(&mut memory);
    let mut verdict = Errno::ENOENT;
    let mut elements = Some(env.get(text!("PATH")).unwrap_or(default_path));
    while let Some(element) = elements {
        elements = element.behind(b':');
        file.clear();
        file.push_until(element, b':', 0);
        // An empty element is the working directory.
        if !file.is_empty() {
            file.push(b'/');
        }
        file.push_str(name);
        if file.remaining() == 0 {
            // The path may have been cut.
            continue;
        }
        match execute(command, env, file.as_c_str()) {
            Errno::ENOENT => {}
            // The command may be in another directory. The last three are of a file system that does not answer.
            error @ (Errno::EACCES | Errno::ELIBACC | Errno::ESTALE | Errno::ENODEV | Errno::ETIMEDOUT) => {
                if verdict != Errno::EACCES {
                    verdict = error;
                }
            }
            error => return error,
        }
    }
    verdict
}

/// Executes a file, or has `/bin/sh` run it if it is a text file. Returns the error.
fn execute(command: &mut Command, env: &Environment, path: ThinCStr<'_>) -> Errno {
    let error = sys::execve(path, command.strings(), env.strings());
    let is_missing = matches!(error, Errno::ENOENT | Errno::ENOTDIR);
    if !is_missing && error != Errno::ENOEXEC {
        return error;
    }
    let file = sys::open(path);
    if is_missing {
        return match file {
            Err(Errno::ENOENT | Errno::ENOTDIR) => Errno::ENOENT,
            _ => Errno::ELIBACC,
        };
    }
    let mut magic = [0; 4];
    if let Ok(file) = file {
        let _ = sys::read(file, &mut magic);
    }
    // A shell would take a program of another architecture for a script.
    if magic != ELF_MAGIC {
        let shell = text!("/bin/sh");
        command.with_interpreter(shell, path, |args| sys::execve(shell, args, env.strings()));
    }
    error
}

/// The first bytes of an ELF file (elf(5)).
const ELF_MAGIC: [u8; 4] = *b"\x7fELF";
