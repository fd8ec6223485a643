//! Starting COMMAND.

use mote_rt::{
    Errno,
    buffer::{Text, memory},
    env::{CommandLine, Environment},
    signal::{SigSet, Signal},
    stack::{StackStr, Strings},
    sys::{self, Fd, Pid, SigAction},
};

use crate::{
    identity::Identity,
    report::{Report, TROUBLE},
};

/// What is started, and as what.
pub struct Command<'a> {
    /// Its name, and its arguments.
    pub line: CommandLine,
    /// Its environment.
    pub env: &'a mut Environment,
    /// Whom it runs as, if not as whoever runs the init.
    pub identity: &'a Identity<'a>,
    /// The folder that it runs in, if not where the init was started.
    pub folder: Option<StackStr>,
}

/// What the init itself was started with, and COMMAND is to find.
pub struct Inherited {
    /// The blocked signals.
    pub mask: SigSet,
    /// What SIGCHLD does.
    pub child: SigAction,
}

/// Where COMMAND is looked for if there is no PATH.
const DEFAULT_PATH: &core::ffi::CStr = c"/usr/local/bin:/bin:/usr/bin";

/// Starts COMMAND in a process group of its own, and returns the process.
pub fn spawn(report: Report, command: &mut Command<'_>, inherited: &Inherited) -> Pid {
    let me = sys::getpid();
    match sys::fork() {
        Ok(0) => become_command(report, command, inherited, me),
        Ok(pid) => {
            // The child does the same: whoever comes first, no signal finds it without its group.
            let _ = sys::lead_group(pid);
            pid
        }
        Err(error) => report.fail_with(c"fork".into(), error, TROUBLE),
    }
}

/// In the child: everything between `fork` and `execve`.
fn become_command(report: Report, command: &mut Command<'_>, inherited: &Inherited, parent: Pid) -> ! {
    let me = sys::getpid();
    let _ = sys::lead_group(0);
    // Signals are blocked, SIGTTOU included, or the terminal would stop us for it.
    let _ = sys::set_foreground(Fd::STDIN, me);

    let identity = command.identity;
    if identity.user.is_some() || identity.group.is_some() {
        check(report, c"setgroups", sys::setgroups(identity.groups.as_slice()));
    }
    if let Some(group) = identity.group {
        check(report, c"setgid", sys::setgid(group));
    }
    if let Some(user) = identity.user {
        check(report, c"setuid", sys::setuid(user));
    }
    if let Some(folder) = command.folder
        && let Err(error) = sys::chdir(folder)
    {
        report.fail_with(folder, error, TROUBLE);
    }

    let mut memory = memory::<24>();
    let mut listen = Text::new(&mut memory);
    if command.env.get(b"LISTEN_PID=").is_some_and(|value| value.number() == parent as u32) {
        listen.literal(c"LISTEN_PID=");
        listen.number(me as u32);
        if let Some(variable) = listen.as_string() {
            command.env.set(variable);
        }
    }

    let _ = sys::sigaction(Signal::CHLD, &inherited.child);
    let _ = sys::set_signal_mask(&inherited.mask);
    execute(report, command)
}

/// Ends the process if something that COMMAND relies on was refused.
fn check(report: Report, what: &'static core::ffi::CStr, result: Result<(), Errno>) {
    if let Err(error) = result {
        report.fail_with(what.into(), error, TROUBLE);
    }
}

/// Executes COMMAND as `execvp(3)` does.
fn execute(report: Report, command: &Command<'_>) -> ! {
    let Some(name) = command.line.strings().first() else {
        report.fail(c"COMMAND".into(), c": missing");
    };
    let env = command.env.strings();
    let mut error = Errno::ENOENT;
    if name.from_byte(b'/').first() != 0 {
        error = try_file(command.line, env, name);
    } else if name.first() != 0 {
        error = search(command, env, name);
    }
    let status = if error == Errno::ENOENT { 127 } else { 126 };
    report.fail_with(name, error, status)
}

/// Tries COMMAND in every folder of PATH. Returns the error that says most: that it was found but may not be
/// executed, or else that it was not found.
fn search(command: &Command<'_>, env: Strings, name: StackStr) -> Errno {
    let mut path = command.env.get(b"PATH=").unwrap_or(DEFAULT_PATH.into());
    let mut verdict = Errno::ENOENT;
    loop {
        let mut memory = memory::<{ 4096 + Text::RESERVE }>();
        let mut file = Text::new(&mut memory);
        while path.first() != 0 && path.first() != b':' {
            file.byte(path.first());
            path = path.rest();
        }
        // An empty part is the working directory.
        if !file.is_empty() {
            file.byte(b'/');
        }
        file.string(name);
        let error = file.as_string().map_or(Errno::ENAMETOOLONG, |file| try_file(command.line, env, file));
        match error {
            Errno::ENOENT | Errno::ENOTDIR | Errno::ENAMETOOLONG => {}
            Errno::EACCES => verdict = error,
            other => return other,
        }
        if path.first() == 0 {
            return verdict;
        }
        path = path.rest();
    }
}

/// Executes a file, or has `/bin/sh` execute it if it is no program but may be a script. Returns if it failed.
fn try_file(line: CommandLine, env: Strings, file: StackStr) -> Errno {
    let error = sys::execve(file, line.strings(), env);
    if error == Errno::ENOEXEC {
        let shell = c"/bin/sh".into();
        return sys::execve(shell, line.interpreted(shell, file), env);
    }
    error
}
