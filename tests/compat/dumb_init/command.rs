//! What COMMAND is, what it finds, and how it ends.

use nix::sys::signal::Signal;

use crate::files::{self, WITHOUT_INTERPRETER};
use crate::scenario::{Act, Input, Place, Scenario, Text};

use super::differences::{FOREIGN_ELF, INTERPRETER, PATHS};
use super::dumb_init;

pub(super) fn table() -> Vec<Scenario> {
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| dumb_init(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64].map(|number| {
        dumb_init(format!("COMMAND is killed by signal {number}")).plays(&format!("die={number}"))
    });
    let files = [
        ("COMMAND does not exist", "/nonexistent/file"),
        ("COMMAND is not in PATH", "nonexistent-file"),
        ("COMMAND is a directory", "/etc"),
        ("COMMAND is not executable", "/etc/passwd"),
        ("COMMAND is in PATH", "true"),
        ("COMMAND is a script without a shebang", "@script a"),
        ("COMMAND writes to stdout", "-c echo a b"),
    ];
    let files = files.map(|(name, words)| {
        dumb_init(name).words(words).arrange(|launcher, dir| {
            let _ = dir.file("script", "exit 3\n", 0o755);
            launcher
        })
    });
    let reports = [
        dumb_init("COMMAND's initial state").plays("report"),
        dumb_init("COMMAND's initial state with -c").words("-c").plays("report"),
        dumb_init("COMMAND's initial state with --single-child").words("--single-child").plays("report"),
        dumb_init("COMMAND's initial state when not PID 1").place(Place::Two).plays("report"),
        dumb_init("COMMAND's initial state with -c when not PID 1")
            .place(Place::Two)
            .words("-c")
            .plays("report"),
        dumb_init("COMMAND inherits no blocked signal")
            .arrange(|launcher, _| launcher.block(Signal::SIGTERM))
            .plays("report"),
        dumb_init("COMMAND inherits no ignored signal").plays("report").arrange(|launcher, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(launcher, mote_tests::Launcher::ignore)
        }),
        dumb_init("COMMAND inherits environment variables")
            .env("LISTEN_PID", "2")
            .env("DUMB_INIT_DEBUG", "0")
            .plays("report"),
        dumb_init("COMMAND inherits the working directory")
            .arrange(|launcher, dir| launcher.cwd(dir.path()))
            .plays("report"),
        dumb_init("COMMAND inherits file descriptors").plays("report").arrange(|launcher, dir| {
            let _ = dir.file("file", "", 0o600);
            launcher.open(3, &dir.join("file")).open(700, &dir.join("file"))
        }),
        dumb_init("COMMAND's initial state on a terminal").input(Input::Terminal).plays("report"),
        dumb_init("COMMAND's initial state on a terminal with -c")
            .input(Input::Terminal)
            .words("-c")
            .plays("report"),
        dumb_init("COMMAND's initial state on the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .plays("report"),
        dumb_init("COMMAND's initial state on a terminal when not PID 1")
            .input(Input::Terminal)
            .place(Place::Two)
            .plays("report"),
        dumb_init("COMMAND's initial state on a terminal without a session")
            .input(Input::Foreign)
            .plays("report"),
        dumb_init("COMMAND's initial state with stdin closed")
            .arrange(|launcher, _| launcher.close(0))
            .plays("report"),
        dumb_init("COMMAND's initial state with stdout and stderr closed")
            .arrange(|launcher, _| launcher.close(1).close(2))
            .plays("report"),
        dumb_init("COMMAND is an empty string").word(""),
        dumb_init("COMMAND's path has a regular file as a directory").words("/etc/passwd/file").differs(
            &PATHS,
            ["stderr: [dumb-init] /etc/passwd/file: ENOTDIR"],
            ["stderr: [dumb-init] /etc/passwd/file: ENOENT"],
        ),
        dumb_init("SIGCHLD is ignored at the start")
            .arrange(|launcher, _| launcher.ignore(Signal::SIGCHLD))
            .plays("report exit=7"),
        dumb_init("COMMAND's group is the foreground process group")
            .input(Input::Terminal)
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
    ];
    let missing = WITHOUT_INTERPRETER.map(|(name, file)| {
        let says = |error: &str| format!("stderr: [dumb-init] {file}: {error}");
        let (theirs, ours) = (says("ENOENT"), says("Its interpreter or loader is missing"));
        dumb_init(name).words(file).arrange(files::write).differs(
            &INTERPRETER,
            [theirs.as_str()],
            [ours.as_str()],
        )
    });
    let foreign = dumb_init("COMMAND is an ELF file of another architecture")
        .words("@foreign")
        .arrange(files::write)
        .text(Text::Presence)
        .differs(&FOREIGN_ELF, ["end: 3"], ["end: 2"]);
    statuses.into_iter().chain(ends).chain(files).chain(reports).chain(missing).chain([foreign]).collect()
}
