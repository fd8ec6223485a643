//! Executing a command as execvp(3) does.

use crate::{Command, Environment, Errno, StringBuf, ThinCStr, sys, text};

/// Why a command was not executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExecError {
    /// There is no memory to put a path together.
    NoMemory,
    /// execve(2) failed. If several files were tried, this is the error that says most: that a file was found but
    /// can't be executed.
    Failed(Errno),
}

/// The size of the longest path, its NUL included.
const PATH_MAX: usize = linux_raw_sys::general::PATH_MAX as usize;

impl ExecError {
    /// Returns the error of the kernel.
    pub const fn errno(self) -> Errno {
        match self {
            Self::NoMemory => Errno::ENOMEM,
            Self::Failed(error) => error,
        }
    }
}

/// Executes a command. Its name is looked up in the directories of `PATH`, or of `default_path` if that variable is
/// not set, unless it contains a slash. A file that is no program is run by `/bin/sh`. Returns only on failure.
pub fn execvp(command: &mut Command, env: &Environment, default_path: ThinCStr<'static>) -> ExecError {
    let name = command.name();
    if name.is_empty() || !name.find(b'/').is_empty() {
        return ExecError::Failed(match execute(command, env, name) {
            // No such file either.
            Errno::ENOTDIR => Errno::ENOENT,
            error => error,
        });
    }
    let path = env.get(text!("PATH")).unwrap_or(default_path);
    let Some(mut file) = StringBuf::with_capacity(PATH_MAX) else { return ExecError::NoMemory };
    let mut verdict = Errno::ENOENT;
    let mut elements = Some(path);
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
            return ExecError::Failed(Errno::ENAMETOOLONG);
        }
        match execute(command, env, file.as_c_str()) {
            Errno::ENOENT | Errno::ENOTDIR => {}
            Errno::EACCES => verdict = Errno::EACCES,
            error => return ExecError::Failed(error),
        }
    }
    ExecError::Failed(verdict)
}

/// Executes a file, or has `/bin/sh` run it if it is no program but may be a script. Returns the error.
fn execute(command: &mut Command, env: &Environment, file: ThinCStr<'_>) -> Errno {
    let error = sys::execve(file, command.strings(), env.strings());
    if error != Errno::ENOEXEC {
        return error;
    }
    let shell = text!("/bin/sh");
    command.with_interpreter(shell, file, |args| sys::execve(shell, args, env.strings()))
}
