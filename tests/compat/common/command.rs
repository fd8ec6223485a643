//! The files that COMMAND can be, its state at the start, and its end.

use mote_tests::Launcher;
use mote_tests::test_dir::TestDir;
use nix::sys::signal::Signal;

use crate::files;
use crate::peer::{DUMB_INIT, Peer, TINI};
use crate::scenario::{Input, Place, Scenario, Text};

/// Files that need no arrangement, and how they are named.
const FILES: [(&str, &str); 8] = [
    ("COMMAND does not exist", "/nonexistent/file"),
    ("COMMAND is not in PATH", "nonexistent-file"),
    ("COMMAND is a directory", "/etc"),
    ("COMMAND is not executable", "/etc/passwd"),
    ("COMMAND is in PATH", "true"),
    ("COMMAND is a script without a shebang", "@script a"),
    ("COMMAND writes to stdout", "echo a b"),
    ("COMMAND's path has a regular file as a directory", "/etc/passwd/file"),
];

pub(super) fn table(peer: &'static Peer) -> Vec<Scenario> {
    let of = |name: String| Scenario::of(peer, name);
    let statuses = [0, 1, 2, 77, 125, 126, 127, 128, 143, 254, 255]
        .map(|status| of(format!("COMMAND exits with {status}")).plays(&format!("exit={status}")));
    let ends = [1, 2, 3, 9, 11, 15, 34, 64]
        .map(|number| of(format!("COMMAND is killed by signal {number}")).plays(&format!("die={number}")));
    let files = FILES.map(|(name, words)| of(name.to_owned()).words(words).arrange(files::write));
    let missing =
        files::WITHOUT_INTERPRETER.map(|(name, file)| of(name.to_owned()).words(file).arrange(files::write));
    let others = [
        of("COMMAND is an ELF file of another architecture".to_owned())
            .words("@foreign")
            .arrange(files::write)
            .text(Text::Presence),
        of("COMMAND is an empty string".to_owned()).word(""),
    ];
    let parts = statuses.into_iter().chain(ends).chain(files).chain(missing).chain(others);
    parts.chain(states(peer)).chain(terminals(peer)).collect()
}

/// COMMAND's state at the start.
fn states(peer: &'static Peer) -> Vec<Scenario> {
    let reports = |name: &str| Scenario::of(peer, name);
    let mut states = vec![
        reports("COMMAND's initial state"),
        reports("COMMAND's initial state when not PID 1").place(Place::Two).words(peer.subreaper),
        reports("COMMAND's initial state if a signal is blocked")
            .arrange(|launcher, _| launcher.block(Signal::SIGTERM)),
        reports("COMMAND's initial state if signals are ignored").arrange(|launcher, _| {
            let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGPIPE, Signal::SIGTTIN, Signal::SIGTTOU];
            signals.into_iter().fold(launcher, Launcher::ignore)
        }),
        reports("COMMAND inherits the working directory").arrange(|launcher, dir| launcher.cwd(dir.path())),
        reports("COMMAND inherits file descriptors")
            .arrange(|launcher, dir| with_file(launcher, dir, &[3, 700])),
        reports("COMMAND's initial state on a terminal").input(Input::Terminal),
        reports("COMMAND's initial state on the terminal of a shell")
            .input(Input::Terminal)
            .place(Place::Shell)
            .words(peer.subreaper),
        reports("COMMAND's initial state on a terminal without a session").input(Input::Foreign),
        reports("COMMAND's initial state with stdout and stderr closed")
            .arrange(|launcher, _| launcher.close(1).close(2)),
    ];
    if *peer != TINI {
        states.push(
            reports("COMMAND's initial state with stdin closed").arrange(|launcher, _| launcher.close(0)),
        );
    }
    if *peer != DUMB_INIT {
        states.push(
            reports("COMMAND's initial state if all signals are blocked")
                .arrange(|launcher, _| launcher.block_all()),
        );
    }
    states.into_iter().map(|entry| entry.plays("report")).collect()
}

/// Opens a file at these descriptors.
pub(super) fn with_file(launcher: Launcher, dir: &TestDir, descriptors: &[i32]) -> Launcher {
    let _ = dir.file("file", "", 0o600);
    descriptors.iter().fold(launcher, |launcher, descriptor| launcher.open(*descriptor, &dir.join("file")))
}

/// The foreground process group of the terminal.
fn terminals(peer: &'static Peer) -> Vec<Scenario> {
    let of = |name: &str, options: &str| {
        Scenario::of(peer, name)
            .input(Input::Terminal)
            .words(options)
            .plays("say=ready await=@go exit=7")
            .acts("until ready")
    };
    let mut terminals =
        vec![of("COMMAND's group is the foreground process group", "").acts("look at terminal, touch go")];
    if *peer != DUMB_INIT {
        terminals.extend([
            of("COMMAND's group is the foreground process group with stdin closed", "")
                .arrange(|launcher, _| launcher.close(0))
                .acts("look at terminal, touch go"),
            of("a start in the background of a shell", peer.subreaper)
                .place(Place::Background)
                .acts("look at terminal, touch go, gone, touch leave"),
            of("the terminal after COMMAND's end below a shell", peer.subreaper)
                .place(Place::Foreground)
                .acts("touch go, gone, look at terminal, touch leave"),
        ]);
    }
    terminals
}
