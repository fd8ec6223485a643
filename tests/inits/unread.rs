//! Lines that standard error does not take at once: they are dropped, and everything else goes on.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Instant;

use anyhow::{Context, Result};
use mote_tests::outcome::{End, same};
use mote_tests::terminal::Terminal;
use mote_tests::{Suite, Target, process, until};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc::{SIGCONT, SIGPIPE, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ};

use crate::ending::SLACK;
use crate::fixture::{TestDir, pid1, send};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    suite
        .each("pid1::a_full_pipe_holds_nothing_up", &all, |target| full_pipe(target, ""))
        .each("pid1::v_into_a_full_pipe_holds_nothing_up", &all, |target| full_pipe(target, "-v"))
        .each("pid1::a_stopped_terminal_holds_nothing_up", &all, |target| stopped_terminal(target, ""))
        .each("pid1::v_into_a_stopped_terminal_holds_nothing_up", &all, |target| {
            stopped_terminal(target, "-v")
        })
        .each("pid1::a_full_terminal_holds_nothing_up", &all, |target| full_terminal(target, ""))
        .each("pid1::v_into_a_full_terminal_holds_nothing_up", &all, |target| full_terminal(target, "-v"))
        .each("pid1::v_into_a_terminal_with_little_room_holds_nothing_up", &all, little_room)
        .each("pid1::v_into_a_broken_pipe_loses_no_sigpipe_of_another_process", &all, sigpipe)
        .each("pid1::v_into_a_file_of_maximum_size_loses_no_sigxfsz_of_another_process", &all, sigxfsz)
        .each("pid1::a_refused_start_into_a_full_pipe_holds_nothing_up", &all, refused_start)
}

/// Signals are forwarded, an orphan is reaped, and both steps come in time. `count` signals bring a line each with `-v`.
fn goes_on(target: Target, options: &str, stderr: OwnedFd, count: usize) -> Result<()> {
    let dir = TestDir::new()?;
    let options = format!("{options} -t 1");
    let steps = dir.resolve("daemon [ await=@end ] block say=ready hear");
    let running = dir.start(pid1(target).stderr(stderr), &options, &steps)?;
    for round in 1..=count {
        send(running.pid(), SIGUSR1)?;
        dir.until_signals("", &vec![SIGUSR1; round])?;
    }
    fs::write(dir.join("end"), "")?;
    until("the orphan to be reaped", || Ok((process::children(running.pid())?.len() == 1).then_some(())))?;
    let start = Instant::now();
    send(running.pid(), SIGTERM)?;
    let outcome = running.wait()?;
    let elapsed = start.elapsed().as_secs_f64();
    same(outcome.end, End::Exited(137))?;
    anyhow::ensure!((2.0..2.0 + SLACK).contains(&elapsed), "{elapsed:.3} s");
    let mut expected = vec![SIGUSR1; count];
    expected.extend([SIGTERM, SIGCONT, SIGTERM, SIGCONT]);
    same(dir.signals("", 1)?, expected)
}

/// Writes until a byte more would block, or `limit` bytes. Returns their number.
fn fill(side: &OwnedFd, limit: usize) -> Result<usize> {
    let flags = OFlag::from_bits_retain(fcntl(side, FcntlArg::F_GETFL)?);
    fcntl(side, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    let mut file = File::from(side.as_fd().try_clone_to_owned()?);
    let mut written = 0;
    let mut in_vain = 0;
    // The kernel hands bytes from one buffer of a terminal to the next meanwhile.
    while written < limit && in_vain < 20 {
        match file.write(&vec![b'x'; (limit - written).min(512)]) {
            Ok(count) => (written, in_vain) = (written + count, 0),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                in_vain += 1;
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Err(error) => return Err(error).context("write"),
        }
    }
    fcntl(side, FcntlArg::F_SETFL(flags))?;
    Ok(written)
}

fn full_pipe(target: Target, options: &str) -> Result<()> {
    let (_reader, writer) = std::io::pipe()?;
    let writer = OwnedFd::from(writer);
    fill(&writer, usize::MAX)?;
    goes_on(target, options, writer, 20)
}

/// Ctrl-S.
fn stopped_terminal(target: Target, options: &str) -> Result<()> {
    let (mut terminal, side) = Terminal::new()?;
    terminal.types("\x13")?;
    goes_on(target, options, side, 20)
}

fn full_terminal(target: Target, options: &str) -> Result<()> {
    let (_terminal, side) = Terminal::new()?;
    fill(&side, usize::MAX)?;
    goes_on(target, options, side, 20)
}

/// The last of these lines fit in part, or not at all.
fn little_room(target: Target) -> Result<()> {
    let capacity = fill(&Terminal::new()?.1, usize::MAX)?;
    let (_terminal, side) = Terminal::new()?;
    fill(&side, capacity.saturating_sub(1500))?;
    goes_on(target, "-v", side, 150)
}

/// The kernel sends pid1 a SIGPIPE for each line that it writes nonetheless. That one is not forwarded.
fn sigpipe(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let steps = format!("block say=ready hear={SIGUSR2} exit=3");
    let running = dir.start(pid1(target).stderr(writer), "-v", &steps)?;
    for round in 1..=50 {
        send(running.pid(), SIGPIPE)?;
        dir.until_signals("", &vec![SIGPIPE; round])?;
    }
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn sigxfsz(target: Target) -> Result<()> {
    let dir = TestDir::new()?;
    let size = 1 << 16;
    let file = dir.file("errors", vec![b'\n'; size], 0o666)?;
    let start = pid1(target).stderr(File::options().append(true).open(file)?).file_limit(size as u64);
    let running = dir.start(start, "-v", &format!("block say=ready hear={SIGUSR2} exit=3"))?;
    for round in 1..=50 {
        send(running.pid(), SIGXFSZ)?;
        dir.until_signals("", &vec![SIGXFSZ; round])?;
    }
    send(running.pid(), SIGUSR2)?;
    same(running.wait()?.end, End::Exited(3))
}

fn refused_start(target: Target) -> Result<()> {
    for (option, status) in [("--no-such-option", 125), ("/no/such/command", 127)] {
        let (_reader, writer) = std::io::pipe()?;
        let writer = OwnedFd::from(writer);
        fill(&writer, usize::MAX)?;
        same(pid1(target).stderr(writer).argument(option).run()?.end, End::Exited(status))?;
    }
    Ok(())
}
