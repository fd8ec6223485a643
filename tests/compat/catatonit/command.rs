//! What COMMAND is, what it finds, and how it ends.

use nix::sys::signal::Signal;

use crate::files::{self, WITHOUT_INTERPRETER};
use crate::scenario::{Act, Input, Place, Scenario, Text};

use super::catatonit;
use super::differences::{BACKGROUND, FOREIGN_ELF, INTERPRETER, MASK, PATHS, SYSTEMD, TAKEN_BACK, THREADS};

/// The signal mask without and with what catatonit blocks.
const CLEAR: &str = "said: SigBlk 0000000000000000";
const BLOCKED: &str = "said: SigBlk 0000000000380000";

pub(super) fn table() -> Vec<Scenario> {
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| catatonit(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64].map(|number| {
        catatonit(format!("COMMAND is killed by signal {number}")).plays(&format!("die={number}"))
    });
    let files = [
        ("COMMAND does not exist", "/nonexistent/file"),
        ("COMMAND is not in PATH", "nonexistent-file"),
        ("COMMAND is a directory", "/etc"),
        ("COMMAND is not executable", "/etc/passwd"),
        ("COMMAND is in PATH", "true"),
        ("COMMAND is a script without a shebang", "@script a"),
        ("COMMAND writes to stdout", "echo a b"),
    ];
    let files = files.map(|(name, words)| {
        catatonit(name).words(words).arrange(|launcher, dir| {
            let _ = dir.file("script", "exit 3\n", 0o755);
            launcher
        })
    });
    let listen = ["1", "2", "0", "10", "x", ""].map(|value| {
        let entry = catatonit(format!("LISTEN_PID={value}")).env("LISTEN_PID", value);
        entry.words("-- /bin/sh -c").word("echo $LISTEN_PID of $$")
    });
    let finds = [
        catatonit("COMMAND's initial state").plays("report"),
        catatonit("COMMAND's initial state with -g").words("-g").plays("report"),
        catatonit("COMMAND's initial state when not PID 1").place(Place::Two).plays("report"),
        catatonit("COMMAND inherits ignored signals").plays("report").arrange(|launcher, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(launcher, mote_tests::Launcher::ignore)
        }),
        catatonit("COMMAND inherits the working directory")
            .arrange(|launcher, dir| launcher.cwd(dir.path()))
            .plays("report"),
        catatonit("COMMAND inherits file descriptors").plays("report").arrange(|launcher, dir| {
            let _ = dir.file("file", "", 0o600);
            launcher.open(3, &dir.join("file")).open(700, &dir.join("file"))
        }),
        catatonit("COMMAND's initial state on a terminal").input(Input::Terminal).plays("report"),
        catatonit("COMMAND's initial state on the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .plays("report"),
        catatonit("COMMAND's initial state on a terminal without a session")
            .input(Input::Foreign)
            .plays("report"),
        catatonit("COMMAND's initial state with stdin closed")
            .arrange(|launcher, _| launcher.close(0))
            .plays("report"),
        catatonit("COMMAND's initial state with stdout and stderr closed")
            .arrange(|launcher, _| launcher.close(1).close(2))
            .plays("report"),
    ];
    let finds = finds.map(|entry| entry.differs(&MASK, [BLOCKED], [CLEAR]));
    let others = [
        catatonit("COMMAND's path has a regular file as a directory").words("/etc/passwd/file").differs(
            &PATHS,
            ["stderr: ERROR (catatonit:2): failed to exec pid1: ENOTDIR"],
            ["stderr: ERROR (catatonit:2): failed to exec pid1: ENOENT"],
        ),
        catatonit("COMMAND inherits a mask of all signals")
            .arrange(|launcher, _| launcher.block_all())
            .plays("report")
            .differs(&THREADS, ["said: SigBlk fffffffe7ffbfeff"], ["said: SigBlk fffffffffffbfeff"]),
        catatonit("COMMAND inherits a blocked signal")
            .arrange(|launcher, _| launcher.block(Signal::SIGTERM))
            .plays("report")
            .differs(&MASK, ["said: SigBlk 0000000000384000"], ["said: SigBlk 0000000000004000"]),
        catatonit("COMMAND's group is the foreground process group")
            .input(Input::Terminal)
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
        catatonit("COMMAND's group is the foreground process group with stdin closed")
            .input(Input::Terminal)
            .arrange(|launcher, _| launcher.close(0))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
        catatonit("a start in the background of a shell")
            .place(Place::Background)
            .input(Input::Terminal)
            .plays("say=ready await=@go exit=7")
            .acts([
                Act::Until("ready"),
                Act::LookAtTerminal,
                Act::Touch("go"),
                Act::Gone,
                Act::Touch("leave"),
            ])
            .differs(&BACKGROUND, ["terminal: of PID 3"], ["terminal: of PID 1"]),
        catatonit("the terminal after COMMAND's end below a shell")
            .place(Place::Foreground)
            .input(Input::Terminal)
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
    let systemd = |variables: [(&'static str, &'static str); 2]| {
        let entry = catatonit(variables.map(|(name, value)| format!("{name}={value}")).join(" and "));
        let entry = variables.into_iter().fold(entry, |entry, (name, value)| entry.env(name, value));
        entry.words("-- /bin/sh -c").word("echo $LISTEN_PID $LISTEN_PIDFDID $WATCHDOG_PID of $$")
    };
    let systemd = [
        systemd([("WATCHDOG_PID", "1"), ("WATCHDOG_USEC", "7")]).differs(
            &SYSTEMD,
            ["stdout: 1 of 2"],
            ["stdout: 2 of 2"],
        ),
        systemd([("WATCHDOG_PID", "3"), ("WATCHDOG_USEC", "7")]),
        systemd([("LISTEN_PID", "1"), ("LISTEN_PIDFDID", "5")]).differs(
            &SYSTEMD,
            ["stdout: 2 5 of 2"],
            ["stdout: 2 of 2"],
        ),
        systemd([("LISTEN_PID", "3"), ("LISTEN_PIDFDID", "5")]),
    ];
    let missing = WITHOUT_INTERPRETER.map(|(name, file)| {
        let says = |error: &str| format!("stderr: ERROR (catatonit:2): failed to exec pid1: {error}");
        let (theirs, ours) = (says("ENOENT"), says("Its interpreter or loader is missing"));
        catatonit(name).words(file).arrange(files::write).differs(
            &INTERPRETER,
            [theirs.as_str()],
            [ours.as_str()],
        )
    });
    let foreign = catatonit("COMMAND is an ELF file of another architecture")
        .words("@foreign")
        .arrange(files::write)
        .text(Text::Presence)
        .differs(&FOREIGN_ELF, ["end: 3"], ["end: 1"]);
    statuses
        .into_iter()
        .chain(ends)
        .chain(files)
        .chain(listen)
        .chain(finds)
        .chain(others)
        .chain(systemd)
        .chain(missing)
        .chain([foreign])
        .collect()
}
