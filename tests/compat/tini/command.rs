//! What COMMAND is, what it finds, and how it ends.

use nix::sys::signal::Signal;

use crate::scenario::{Act, Input, Place, Scenario};

use super::differences::{PATHS, THREADS};
use super::tini;

pub(super) fn table() -> Vec<Scenario> {
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| tini(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64]
        .map(|number| tini(format!("COMMAND dies of signal {number}")).plays(&format!("die={number}")));
    let files = [
        ("no such file", "/nonexistent/file"),
        ("no such file in PATH", "nonexistent-file"),
        ("a folder", "/etc"),
        ("a file without permission", "/etc/passwd"),
        ("COMMAND in PATH", "true"),
        ("a file that is no program", "@script a"),
    ];
    let files = files.map(|(name, words)| {
        tini(name).words(words).arrange(|start, scene| {
            let _ = scene.file("script", "exit 3\n", 0o755);
            start
        })
    });
    let reports = [
        tini("COMMAND finds").plays("report"),
        tini("COMMAND finds below process 1").place(Place::Two).words("-s").plays("report"),
        tini("COMMAND finds a blocked signal")
            .arrange(|start, _| start.block(Signal::SIGTERM))
            .plays("report"),
        tini("COMMAND finds every signal blocked")
            .arrange(|start, _| start.block_all())
            .plays("report")
            .differs(&THREADS, ["said: SigBlk fffffffe7ffbfeff"], ["said: SigBlk fffffffffffbfeff"]),
        tini("COMMAND finds ignored signals").plays("report").arrange(|start, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(start, mote_tests::Start::ignore)
        }),
        tini("COMMAND finds its variables")
            .env("LISTEN_PID", "2")
            .env("TINI_SUBREAPER", "1")
            .env("TINI_VERBOSITY", "1")
            .plays("report"),
        tini("COMMAND finds the folder").arrange(|start, scene| start.cwd(scene.folder())).plays("report"),
        tini("COMMAND finds descriptors").plays("report").arrange(|start, scene| {
            let _ = scene.file("file", "", 0o600);
            start.open(3, &scene.path("file")).open(700, &scene.path("file"))
        }),
        tini("COMMAND finds the terminal").input(Input::Terminal).plays("report"),
        tini("COMMAND finds the terminal below process 1")
            .input(Input::Terminal)
            .place(Place::Two)
            .words("-s")
            .plays("report"),
        tini("COMMAND finds the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .words("-s")
            .plays("report"),
        tini("COMMAND finds another session's terminal").input(Input::Foreign).plays("report"),
        tini("COMMAND finds closed outputs").arrange(|start, _| start.close(1).close(2)).plays("report"),
        tini("an ordinary user").arrange(|start, _| start.uid(65534)).plays("exit=7"),
        tini("COMMAND is an empty word").word(""),
        tini("a path through a file").words("/etc/passwd/file").differs(
            &PATHS,
            ["end: 1", "stderr: [FATAL tini (2)] exec /etc/passwd/file failed: ENOTDIR"],
            ["end: 127", "stderr: [FATAL tini (2)] exec /etc/passwd/file failed: ENOENT"],
        ),
        tini("COMMAND speaks").words("echo a b"),
        tini("the terminal is COMMAND's").input(Input::Terminal).plays("say=ready await=@go exit=7").acts([
            Act::Until("ready"),
            Act::LookAtTerminal,
            Act::Touch("go"),
        ]),
    ];
    statuses.into_iter().chain(ends).chain(files).chain(reports).collect()
}
