//! What COMMAND is, what it finds, and how it ends.

use nix::sys::signal::Signal;

use crate::scenario::{Act, Input, Place, Scenario};

use super::differences::PATHS;
use super::dumb_init;

pub(super) fn table() -> Vec<Scenario> {
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| dumb_init(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64]
        .map(|number| dumb_init(format!("COMMAND dies of signal {number}")).plays(&format!("die={number}")));
    let files = [
        ("no such file", "/nonexistent/file"),
        ("no such file in PATH", "nonexistent-file"),
        ("a folder", "/etc"),
        ("a file without permission", "/etc/passwd"),
        ("COMMAND in PATH", "true"),
        ("a file that is no program", "@script a"),
        ("COMMAND speaks", "-c echo a b"),
    ];
    let files = files.map(|(name, words)| {
        dumb_init(name).words(words).arrange(|start, scene| {
            let _ = scene.file("script", "exit 3\n", 0o755);
            start
        })
    });
    let reports = [
        dumb_init("COMMAND finds").plays("report"),
        dumb_init("COMMAND finds with -c").words("-c").plays("report"),
        dumb_init("COMMAND finds with --single-child").words("--single-child").plays("report"),
        dumb_init("COMMAND finds below process 1").place(Place::Two).plays("report"),
        dumb_init("COMMAND finds with -c below process 1").place(Place::Two).words("-c").plays("report"),
        dumb_init("COMMAND finds no blocked signal")
            .arrange(|start, _| start.block(Signal::SIGTERM))
            .plays("report"),
        dumb_init("COMMAND finds no ignored signal").plays("report").arrange(|start, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(start, mote_tests::Start::ignore)
        }),
        dumb_init("COMMAND finds its variables")
            .env("LISTEN_PID", "2")
            .env("DUMB_INIT_DEBUG", "0")
            .plays("report"),
        dumb_init("COMMAND finds the folder")
            .arrange(|start, scene| start.cwd(scene.folder()))
            .plays("report"),
        dumb_init("COMMAND finds descriptors").plays("report").arrange(|start, scene| {
            let _ = scene.file("file", "", 0o600);
            start.open(3, &scene.path("file")).open(700, &scene.path("file"))
        }),
        dumb_init("COMMAND finds the terminal").input(Input::Terminal).plays("report"),
        dumb_init("COMMAND finds the terminal with -c").input(Input::Terminal).words("-c").plays("report"),
        dumb_init("COMMAND finds the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .plays("report"),
        dumb_init("COMMAND finds the terminal below process 1")
            .input(Input::Terminal)
            .place(Place::Two)
            .plays("report"),
        dumb_init("COMMAND finds another session's terminal").input(Input::Foreign).plays("report"),
        dumb_init("COMMAND finds standard input closed").arrange(|start, _| start.close(0)).plays("report"),
        dumb_init("COMMAND finds closed outputs").arrange(|start, _| start.close(1).close(2)).plays("report"),
        dumb_init("COMMAND is an empty word").word(""),
        dumb_init("a path through a file").words("/etc/passwd/file").differs(
            &PATHS,
            ["stderr: [dumb-init] /etc/passwd/file: ENOTDIR"],
            ["stderr: [dumb-init] /etc/passwd/file: ENOENT"],
        ),
        dumb_init("SIGCHLD was ignored")
            .arrange(|start, _| start.ignore(Signal::SIGCHLD))
            .plays("report exit=7"),
        dumb_init("the terminal is COMMAND's")
            .input(Input::Terminal)
            .plays("say=ready await=@go exit=7")
            .acts([Act::Until("ready"), Act::LookAtTerminal, Act::Touch("go")]),
    ];
    statuses.into_iter().chain(ends).chain(files).chain(reports).collect()
}
