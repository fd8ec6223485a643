//! What COMMAND is, what it finds, and how it ends.

use nix::sys::signal::Signal;

use crate::files::{self, WITHOUT_INTERPRETER};
use crate::scenario::{Act, Input, Place, Scenario, Text};

use super::differences::{BACKGROUND, DEV_TTY, FOREIGN_ELF, INTERPRETER, PATHS, TAKEN_BACK, THREADS};
use super::tini;

pub(super) fn table() -> Vec<Scenario> {
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| tini(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64]
        .map(|number| tini(format!("COMMAND is killed by signal {number}")).plays(&format!("die={number}")));
    let files = [
        ("COMMAND does not exist", "/nonexistent/file"),
        ("COMMAND is not in PATH", "nonexistent-file"),
        ("COMMAND is a directory", "/etc"),
        ("COMMAND is not executable", "/etc/passwd"),
        ("COMMAND is in PATH", "true"),
        ("COMMAND is a script without a shebang", "@script a"),
    ];
    let files = files.map(|(name, words)| {
        tini(name).words(words).arrange(|launcher, dir| {
            let _ = dir.file("script", "exit 3\n", 0o755);
            launcher
        })
    });
    let reports = [
        tini("COMMAND's initial state").plays("report"),
        tini("COMMAND's initial state when not PID 1").place(Place::Two).words("-s").plays("report"),
        tini("COMMAND inherits a blocked signal")
            .arrange(|launcher, _| launcher.block(Signal::SIGTERM))
            .plays("report"),
        tini("COMMAND inherits a mask of all signals")
            .arrange(|launcher, _| launcher.block_all())
            .plays("report")
            .differs(&THREADS, ["said: SigBlk fffffffe7ffbfeff"], ["said: SigBlk fffffffffffbfeff"]),
        tini("COMMAND inherits ignored signals").plays("report").arrange(|launcher, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(launcher, mote_tests::Launcher::ignore)
        }),
        tini("COMMAND inherits environment variables")
            .env("LISTEN_PID", "2")
            .env("TINI_SUBREAPER", "1")
            .env("TINI_VERBOSITY", "1")
            .plays("report"),
        tini("COMMAND inherits the working directory")
            .arrange(|launcher, dir| launcher.cwd(dir.path()))
            .plays("report"),
        tini("COMMAND inherits file descriptors").plays("report").arrange(|launcher, dir| {
            let _ = dir.file("file", "", 0o600);
            launcher.open(3, &dir.join("file")).open(700, &dir.join("file"))
        }),
        tini("COMMAND's initial state on a terminal").input(Input::Terminal).plays("report"),
        tini("COMMAND's initial state on a terminal when not PID 1")
            .input(Input::Terminal)
            .place(Place::Two)
            .words("-s")
            .plays("report"),
        tini("COMMAND's initial state on the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .words("-s")
            .plays("report"),
        tini("COMMAND's initial state on a terminal without a session").input(Input::Foreign).plays("report"),
        tini("COMMAND's initial state with stdout and stderr closed")
            .arrange(|launcher, _| launcher.close(1).close(2))
            .plays("report"),
        tini("started by an unprivileged user").arrange(|launcher, _| launcher.uid(65534)).plays("exit=7"),
        tini("COMMAND is an empty string").word(""),
        tini("COMMAND's path has a regular file as a directory").words("/etc/passwd/file").differs(
            &PATHS,
            ["end: 1", "stderr: [FATAL tini (2)] exec /etc/passwd/file failed: ENOTDIR"],
            ["end: 127", "stderr: [FATAL tini (2)] exec /etc/passwd/file failed: ENOENT"],
        ),
        tini("COMMAND writes to stdout").words("echo a b"),
        tini("COMMAND's group is the foreground process group")
            .input(Input::Terminal)
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
        tini("COMMAND's group is the foreground process group with stdin closed")
            .input(Input::Terminal)
            .arrange(|launcher, _| launcher.close(0))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")])
            .differs(
                &DEV_TTY,
                ["end: 1", "stderr: [FATAL tini (2)] tcsetpgrp failed: EBADF"],
                ["end: 7", "terminal: of PID 2", "said: ready"],
            ),
        tini("a start in the background of a shell")
            .place(Place::Background)
            .input(Input::Terminal)
            .words("-s")
            .plays("say=ready await=@go exit=7")
            .acts([
                Act::Until("ready"),
                Act::LookAtTerminal,
                Act::Touch("go"),
                Act::Gone,
                Act::Touch("leave"),
            ])
            .differs(&BACKGROUND, ["terminal: of PID 3"], ["terminal: of PID 1"]),
        tini("the terminal after COMMAND's end below a shell")
            .place(Place::Foreground)
            .input(Input::Terminal)
            .words("-s")
            .plays("say=ready await=@go exit=7")
            .acts([
                Act::Until("ready"),
                Act::Touch("go"),
                Act::Gone,
                Act::LookAtTerminal,
                Act::Touch("leave"),
            ])
            .differs(&TAKEN_BACK, ["terminal: of no process"], ["terminal: of PID 1"]),
    ];
    let missing = WITHOUT_INTERPRETER.map(|(name, file)| {
        let says = |error: &str| format!("stderr: [FATAL tini (2)] exec {file} failed: {error}");
        let (theirs, ours) = (says("ENOENT"), says("Its interpreter or loader is missing"));
        tini(name).words(file).arrange(files::write).differs(&INTERPRETER, [theirs.as_str()], [ours.as_str()])
    });
    let foreign = tini("COMMAND is an ELF file of another architecture")
        .words("@foreign")
        .arrange(files::write)
        .text(Text::Presence)
        .differs(&FOREIGN_ELF, ["end: 3"], ["end: 1"]);
    statuses.into_iter().chain(ends).chain(files).chain(reports).chain(missing).chain([foreign]).collect()
}
