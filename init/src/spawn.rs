//! Starting COMMAND.

use mote_rt::{
    Errno,
    buffer::Text,
    env::Environment,
    stack::{CommandLine, OwnStr, StackStr, Strings},
    sys::{self, Fd, Pid},
    text,
};

use crate::{identity, report::Report, words::Word};

/// What is started, and as what.
pub struct Command {
    /// Its environment.
    pub env: Environment,
    /// Whom it runs as, if not as whoever runs the init: `USER` or `USER:GROUP`.
    pub user: Option<OwnStr>,
    /// The group that it runs as, before any other.
    pub group: Option<OwnStr>,
    /// Whether it keeps the HOME that is in its environment, whoever it runs as.
    pub keeps_home: bool,
    /// The folder that it runs in, if not where the init was started.
    pub folder: Option<OwnStr>,
}

impl Command {
    /// One with this environment.
    #[inline(always)]
    pub const fn new(env: Environment) -> Self {
        Self { env, user: None, group: None, keeps_home: false, folder: None }
    }

    /// In the child: what comes before it is executed, as the leader of its process group. All signals are blocked.
    #[inline(always)]
    pub(crate) fn prepare<R: Report>(&mut self, parent: Pid) {
        let me = sys::getpid();
        // SIGTTOU is blocked, or the terminal would stop us for it.
        let _ = sys::set_foreground(Fd::STDIN, me);
        if (self.user.is_some() || self.group.is_some())
            && let Some(home) = identity::assume::<R>(self.user, self.group)
            && !self.keeps_home
        {
            self.set_to::<R>(text!("HOME="), Some(*home), 0);
        }
        if let Some(folder) = self.folder {
            R::check(Some(*folder), Word::ERROR, sys::chdir(*folder));
        }
        let name = text!("LISTEN_PID=");
        if self.env.get(name).is_some_and(|value| value.number() as Pid == parent) {
            self.set_to::<R>(name, None, me as u32);
        }
    }

    /// Sets a variable to a value or, if there is none, to a number.
    #[inline(always)]
    fn set_to<R: Report>(&mut self, name: StackStr, value: Option<StackStr>, number: u32) {
        let mut text = large_text::<R>();
        text.string(name);
        match value {
            Some(value) => text.string(value),
            None => text.number(number),
        }
        self.set::<R>(text.as_string());
    }

    /// Sets a variable.
    pub fn set<R: Report>(&mut self, variable: OwnStr) {
        if self.env.set(variable).is_none() {
            R::fail(None, Word::NO_MEMORY);
        }
    }

    /// Executes COMMAND as `execvp(3)` does, which is in any folder of PATH if its name has no slash. The error that
    /// is told is the one that says most: that it was found but can't be executed.
    pub(crate) fn execute<R: Report>(&self, line: CommandLine) -> ! {
        let mut file = large_text::<R>();
        let name = line.name();
        let mut path = text!("");
        if name.first() != 0 && name.from_byte(b'/').first() == 0 {
            path = self
                .env
                .get(text!("PATH="))
                .map_or_else(|| text!("/usr/local/bin:/bin:/usr/bin"), |path| *path);
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
            let error = try_file(line, self.env.strings(), *file.as_string());
            let is_missing = matches!(error, Some(Errno::ENOENT | Errno::ENOTDIR));
            if let Some(error) = error
                && !is_missing
            {
                verdict = error;
            }
            if path.first() == 0 || !is_missing && error != Some(Errno::EACCES) {
                break;
            }
            path = path.rest();
        }
        let status = if verdict == Errno::ENOENT { 127 } else { 126 };
        R::fail_with(Some(name), Word::ERROR, verdict, status)
    }
}

fn large_text<R: Report>() -> Text<'static> {
    let Some(text) = Text::large() else { R::fail(None, Word::NO_MEMORY) };
    text
}

/// Executes a file, or has `/bin/sh` execute it if it is no program but may be a script. Returns if it failed.
fn try_file(line: CommandLine, env: Strings, file: StackStr) -> Option<Errno> {
    let shell = text!("/bin/sh");
    match sys::execve(file, line.strings(), env) {
        Some(Errno::ENOEXEC) => sys::execve(shell, line.interpreted(shell, file), env),
        error => error,
    }
}
