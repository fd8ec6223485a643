//! Messages that standard output and error do not take at once: they are dropped, and everything else goes on.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use mote_tests::outcome::{End, same};
use mote_tests::signal::{SIGCONT, SIGPIPE, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ, Signal};
use mote_tests::terminal::Terminal;
use mote_tests::test_dir::{TestDir, send, with};
use mote_tests::{Launcher, Suite, Target};
use nix::fcntl::{FcntlArg, OFlag, fcntl};

use crate::ending::SLACK;
use crate::exec_error::Reason;
use crate::init::{DUMB_INIT, INITS, Init, PID1, TINI, tests};
use crate::reaping::only_child;

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    let verbose = [PID1, TINI, DUMB_INIT];
    tests!(suite;
        verbose, all => v_into_a_full_pipe_holds_nothing_up, v_into_a_stopped_terminal_holds_nothing_up,
            v_into_a_full_terminal_holds_nothing_up, v_into_a_terminal_with_little_room_holds_nothing_up,
            v_into_a_broken_pipe_loses_no_sigpipe_of_another_process,
            v_into_a_file_of_maximum_size_loses_no_sigxfsz_of_another_process,
            v_without_a_reader_is_no_error;
        [PID1], all => shutdown_messages_into_a_full_pipe_hold_nothing_up,
            shutdown_messages_into_a_stopped_terminal_hold_nothing_up,
            shutdown_messages_into_a_full_terminal_hold_nothing_up;
        INITS, all => an_error_into_a_full_pipe_holds_nothing_up;
        [PID1, DUMB_INIT], all => an_invalid_option_into_a_full_pipe_holds_nothing_up;
    )
}

/// Has both streams in one file: tini writes most messages to standard output.
fn into(launcher: Launcher, side: OwnedFd) -> Result<Launcher> {
    Ok(launcher.stdout(side.try_clone()?).stderr(side))
}

/// Expects that `count` signals are forwarded, each of which brings a line with `-v`, that an orphan is reaped, and that
/// the init exits with the child. pid1 also has to escalate in time, and to say so.
fn goes_on(target: Target, init: Init, options: &str, side: OwnedFd, count: usize) -> Result<()> {
    let dir = TestDir::new()?;
    let escalates = init.name == "pid1";
    let (options, end) =
        if escalates { (format!("{options} -t 1"), "") } else { (options.to_owned(), "=SIGUSR2 exit=3") };
    let steps = dir.resolve(&format!("orphans=1 [ await=@end ] block say=ready hear{end}"));
    let running = dir.start(into(init.start(target), side)?, &options, &steps)?;
    let mut expected = Vec::new();
    for _ in 0..count {
        send(running.pid(), SIGUSR1)?;
        expected.push(SIGUSR1);
        dir.until_received("", 1, &expected)?;
    }
    fs::write(dir.join("end"), "")?;
    only_child(&running)?;
    if escalates {
        let start = Instant::now();
        send(running.pid(), SIGTERM)?;
        expected.extend([SIGTERM, SIGCONT, SIGTERM, SIGCONT]);
        same(running.wait()?.end, End::Exited(137))?;
        let elapsed = start.elapsed().as_secs_f64();
        anyhow::ensure!((2.0..2.0 + SLACK).contains(&elapsed), "{elapsed:.3} s");
    } else {
        send(running.pid(), SIGUSR2)?;
        expected.push(SIGUSR2);
        same(running.wait()?.end, End::Exited(3))?;
    }
    same(dir.received("", 1)?, expected)
}

/// Writes until a byte more would block, or `limit` bytes. Returns their number.
fn fill(side: &OwnedFd, limit: usize) -> Result<usize> {
    let flags = OFlag::from_bits_retain(fcntl(side, FcntlArg::F_GETFL)?);
    fcntl(side, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    let mut file = File::from(side.as_fd().try_clone_to_owned()?);
    let mut written = 0;
    let mut in_vain = 0;
    // The kernel moves bytes from one buffer of a terminal to the next meanwhile.
    while written < limit && in_vain < 20 {
        match file.write(&vec![b'x'; (limit - written).min(512)]) {
            Ok(count) => (written, in_vain) = (written + count, 0),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                in_vain += 1;
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error).context("write"),
        }
    }
    fcntl(side, FcntlArg::F_SETFL(flags))?;
    Ok(written)
}

/// Expects that nothing is added to a full pipe.
fn full_pipe(target: Target, init: Init, options: &str) -> Result<()> {
    let (mut reader, writer) = std::io::pipe()?;
    let writer = OwnedFd::from(writer);
    let written = fill(&writer, usize::MAX)?;
    goes_on(target, init, options, writer, 20)?;
    let mut content = Vec::new();
    reader.read_to_end(&mut content)?;
    same(content.len(), written)
}

/// Ctrl-S.
fn stopped_terminal(target: Target, init: Init, options: &str) -> Result<()> {
    let (mut terminal, side) = Terminal::new()?;
    terminal.types("\x13")?;
    goes_on(target, init, options, side, 20)
}

fn full_terminal(target: Target, init: Init, options: &str) -> Result<()> {
    let (_terminal, side) = Terminal::new()?;
    fill(&side, usize::MAX)?;
    goes_on(target, init, options, side, 20)
}

fn verbose(init: Init) -> &'static str {
    init.verbose.unwrap_or_default()
}

fn v_into_a_full_pipe_holds_nothing_up(target: Target, init: Init) -> Result<()> {
    full_pipe(target, init, verbose(init))
}

fn v_into_a_stopped_terminal_holds_nothing_up(target: Target, init: Init) -> Result<()> {
    stopped_terminal(target, init, verbose(init))
}

fn v_into_a_full_terminal_holds_nothing_up(target: Target, init: Init) -> Result<()> {
    full_terminal(target, init, verbose(init))
}

fn shutdown_messages_into_a_full_pipe_hold_nothing_up(target: Target, init: Init) -> Result<()> {
    full_pipe(target, init, "")
}

fn shutdown_messages_into_a_stopped_terminal_hold_nothing_up(target: Target, init: Init) -> Result<()> {
    stopped_terminal(target, init, "")
}

fn shutdown_messages_into_a_full_terminal_hold_nothing_up(target: Target, init: Init) -> Result<()> {
    full_terminal(target, init, "")
}

/// The last of these lines fit in part, or not at all.
fn v_into_a_terminal_with_little_room_holds_nothing_up(target: Target, init: Init) -> Result<()> {
    let capacity = fill(&Terminal::new()?.1, usize::MAX)?;
    let (_terminal, side) = Terminal::new()?;
    fill(&side, capacity.saturating_sub(1500))?;
    goes_on(target, init, verbose(init), side, 150)
}

/// For each line that can't be written the kernel sends the init this signal, which must not be forwarded, while those of
/// another process must be.
fn loses_no_signal(target: Target, init: Init, launcher: Launcher, signal: Signal) -> Result<()> {
    let dir = TestDir::new()?;
    let steps = "orphans=1 [ ] block say=ready hear=SIGUSR2 exit=3";
    let running = dir.start(launcher, &format!("{} {}", verbose(init), init.alone), steps)?;
    let mut expected = Vec::new();
    for _ in 0..50 {
        send(running.pid(), signal)?;
        expected.push(signal);
        dir.until_received("", 1, &expected).with_context(|| target.to_string())?;
    }
    send(running.pid(), SIGUSR2)?;
    expected.push(SIGUSR2);
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.received("", 1)?, expected)
}

fn broken_pipe() -> Result<OwnedFd> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    Ok(writer.into())
}

fn v_into_a_broken_pipe_loses_no_sigpipe_of_another_process(target: Target, init: Init) -> Result<()> {
    loses_no_signal(target, init, into(init.start(target), broken_pipe()?)?, SIGPIPE)
}

fn v_into_a_file_of_maximum_size_loses_no_sigxfsz_of_another_process(
    target: Target,
    init: Init,
) -> Result<()> {
    let dir = TestDir::new()?;
    let size = 1 << 16;
    let file = dir.file("errors", vec![b'\n'; size], 0o666)?;
    let file = File::options().append(true).open(file)?;
    let launcher = into(init.start(target), file.into())?.file_limit(size as u64);
    loses_no_signal(target, init, launcher, SIGXFSZ)
}

fn v_without_a_reader_is_no_error(target: Target, init: Init) -> Result<()> {
    let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
    for launcher in [
        into(init.start(target), broken_pipe()?)?,
        into(init.start(target), full.into())?,
        init.start(target).close(1).close(2),
    ] {
        let launcher = with(launcher, [verbose(init), "--", "sh", "-c", "exit 7"]);
        same(launcher.run()?.end, End::Exited(7))?;
    }
    Ok(())
}

fn an_error_into_a_full_pipe_holds_nothing_up(target: Target, init: Init) -> Result<()> {
    let (_, status) = init.exec_error("/no/such/command", Reason::NotFound);
    refuses_to_start(init, target, "/no/such/command", status)
}

/// tini and catatonit write a usage text after the message, for which they wait.
fn an_invalid_option_into_a_full_pipe_holds_nothing_up(target: Target, init: Init) -> Result<()> {
    refuses_to_start(init, target, "-?", if init.name == "pid1" { 125 } else { 1 })
}

fn refuses_to_start(init: Init, target: Target, argument: &str, status: i32) -> Result<()> {
    let (_reader, writer) = std::io::pipe()?;
    let writer = OwnedFd::from(writer);
    fill(&writer, usize::MAX)?;
    let launcher = into(init.start(target), writer)?;
    same(launcher.argument(argument).run()?.end, End::Exited(status))
}
