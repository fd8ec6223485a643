//! What COMMAND is, what it finds, and how it ends.

use nix::sys::signal::Signal;

use crate::scenario::{Act, Input, Place, Scenario};

use super::catatonit;
use super::differences::{MASK, PATHS, THREADS};

/// The signal mask without and with what catatonit blocks.
const CLEAR: &str = "said: SigBlk 0000000000000000";
const BLOCKED: &str = "said: SigBlk 0000000000380000";

pub(super) fn table() -> Vec<Scenario> {
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| catatonit(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64]
        .map(|number| catatonit(format!("COMMAND dies of signal {number}")).plays(&format!("die={number}")));
    let files = [
        ("no such file", "/nonexistent/file"),
        ("no such file in PATH", "nonexistent-file"),
        ("a folder", "/etc"),
        ("a file without permission", "/etc/passwd"),
        ("COMMAND in PATH", "true"),
        ("a file that is no program", "@script a"),
        ("COMMAND speaks", "echo a b"),
    ];
    let files = files.map(|(name, words)| {
        catatonit(name).words(words).arrange(|start, scene| {
            let _ = scene.file("script", "exit 3\n", 0o755);
            start
        })
    });
    let listen = ["1", "2", "0", "10", "x", ""].map(|value| {
        let entry = catatonit(format!("LISTEN_PID={value}")).env("LISTEN_PID", value);
        entry.words("-- /bin/sh -c").word("echo $LISTEN_PID of $$")
    });
    let finds = [
        catatonit("COMMAND finds").plays("report"),
        catatonit("COMMAND finds with -g").words("-g").plays("report"),
        catatonit("COMMAND finds below process 1").place(Place::Two).plays("report"),
        catatonit("COMMAND finds ignored signals").plays("report").arrange(|start, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(start, mote_tests::Start::ignore)
        }),
        catatonit("COMMAND finds the folder")
            .arrange(|start, scene| start.cwd(scene.folder()))
            .plays("report"),
        catatonit("COMMAND finds descriptors").plays("report").arrange(|start, scene| {
            let _ = scene.file("file", "", 0o600);
            start.open(3, &scene.path("file")).open(700, &scene.path("file"))
        }),
        catatonit("COMMAND finds the terminal").input(Input::Terminal).plays("report"),
        catatonit("COMMAND finds the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .plays("report"),
        catatonit("COMMAND finds another session's terminal").input(Input::Foreign).plays("report"),
        catatonit("COMMAND finds standard input closed").arrange(|start, _| start.close(0)).plays("report"),
        catatonit("COMMAND finds closed outputs").arrange(|start, _| start.close(1).close(2)).plays("report"),
    ];
    let finds = finds.map(|entry| entry.differs(&MASK, [BLOCKED], [CLEAR]));
    let others = [
        catatonit("a path through a file").words("/etc/passwd/file").differs(
            &PATHS,
            ["stderr: ERROR (catatonit:2): failed to exec pid1: ENOTDIR"],
            ["stderr: ERROR (catatonit:2): failed to exec pid1: ENOENT"],
        ),
        catatonit("COMMAND finds every signal blocked")
            .arrange(|start, _| start.block_all())
            .plays("report")
            .differs(&THREADS, ["said: SigBlk fffffffe7ffbfeff"], ["said: SigBlk fffffffffffbfeff"]),
        catatonit("COMMAND finds a blocked signal")
            .arrange(|start, _| start.block(Signal::SIGTERM))
            .plays("report")
            .differs(&MASK, ["said: SigBlk 0000000000384000"], ["said: SigBlk 0000000000004000"]),
        catatonit("the terminal is COMMAND's")
            .input(Input::Terminal)
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
        catatonit("the terminal is COMMAND's without standard input")
            .input(Input::Terminal)
            .arrange(|start, _| start.close(0))
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
    ];
    statuses.into_iter().chain(ends).chain(files).chain(listen).chain(finds).chain(others).collect()
}
