//! Starting COMMAND.

use mote_rt::{
    Errno,
    buffer::Text,
    env::Environment,
    stack::{CommandLine, Strings},
    string::StackStr,
    sys::{self, Pid},
    text,
};

use crate::policy::Policy;

/// Corrects `LISTEN_PID` (`sd_listen_fds(3)`), in the child: if it was meant for the init, it is meant for COMMAND.
/// `None` if there is no memory for that.
#[inline(always)]
pub fn correct_listen_pid(env: &mut Environment, parent: Pid) -> Option<()> {
    let name = text!("LISTEN_PID=");
    if env.get(name).is_some_and(|value| value.number() as Pid == parent) {
        set(env, name, |text| text.number(sys::getpid() as u32))?;
    }
    Some(())
}

/// Sets a variable to a value that is put together. `None` if there is no memory for it.
#[inline(always)]
pub fn set(env: &mut Environment, name: StackStr, value: impl FnOnce(&mut Text<'_>)) -> Option<()> {
    let mut text = Text::large()?;
    text.string(name);
    value(&mut text);
    env.set(text.as_string())
}

/// Executes COMMAND as `execvp(3)` does, which is in any folder of PATH if its name has no slash. The error that is
/// told is the one that says most: that it was found but can't be executed.
#[inline(always)]
pub(crate) fn execute<P: Policy>(policy: &P, env: &Environment, line: CommandLine) -> ! {
    let Some(mut file) = Text::large() else { policy.no_memory() };
    let name = line.name();
    let mut path = StackStr::empty();
    if name.first() != 0 && name.from_byte(b'/').first() == 0 {
        path = env.get(text!("PATH=")).map_or_else(|| text!("/usr/local/bin:/bin:/usr/bin"), |path| *path);
    }
    let mut verdict = Errno::ENOENT;
    loop {
        file.clear();
        while path.first() != 0 && path.first() != b':' {
            file.byte(path.first());
            path = path.rest();
        }
        // An empty part is the working directory.
        if !file.is_empty() {
            file.byte(b'/');
        }
        file.string(name);
        let error = try_file(line, env.strings(), *file.as_string());
        let is_missing = matches!(error, Some(Errno::ENOENT | Errno::ENOTDIR));
        if let Some(error) = error
            && !is_missing
        {
            verdict = error;
        }
        if path.first() == 0 || !is_missing && error != Some(Errno::EACCES) {
            policy.not_executed(name, verdict);
        }
        path = path.rest();
    }
}

/// Executes a file, or has `/bin/sh` execute it if it is no program but may be a script. Returns if it failed.
fn try_file(line: CommandLine, env: Strings, file: StackStr) -> Option<Errno> {
    let shell = text!("/bin/sh");
    match sys::execve(file, line.strings(), env) {
        Some(Errno::ENOEXEC) => sys::execve(shell, line.interpreted(shell, file), env),
        error => error,
    }
}
