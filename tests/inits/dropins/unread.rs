//! What an init says, where nobody can read it: the kernel answers each line with a signal to the init, and takes that
//! before those which came earlier.

use std::fs::File;
use std::io::{Read, Write};
use std::iter;

use anyhow::Result;
use mote_tests::outcome::{End, same};
use mote_tests::test_dir::{TestDir, send};
use mote_tests::{Launcher, Suite, Target};
use nix::fcntl::{FcntlArg, OFlag, fcntl};

use crate::init::{DUMB_INIT, Init, TINI, of};

pub(crate) fn add(suite: Suite) -> Suite {
    let all = Target::all();
    // Catatonit says nothing but what went wrong.
    [TINI, DUMB_INIT].into_iter().fold(suite, |suite, init| {
        let suite = of(suite, init, "v_that_nobody_reads_is_no_problem", &all, nobody);
        let suite = of(suite, init, "v_into_a_full_pipe_drops_lines", &all, full_pipe);
        of(suite, init, "v_into_a_file_that_may_not_grow_is_no_problem", &all, full)
    })
}

fn nobody(target: Target, init: Init) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let launcher = init.start(target).stdout(writer.try_clone()?).stderr(writer);
    goes_on(&TestDir::new()?, launcher, init)
}

/// A log that nobody reads delays nothing.
fn full_pipe(target: Target, init: Init) -> Result<()> {
    let (reader, mut writer) = std::io::pipe()?;
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    let written = iter::from_fn(|| writer.write(&[b'x'; 4096]).ok()).sum::<usize>();
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::empty()))?;
    let launcher = init.start(target).stdout(writer.try_clone()?).stderr(writer).env("DUMB_INIT_DEBUG", "1");
    goes_on(&TestDir::new()?, launcher, init)?;
    let mut text = Vec::new();
    (&reader).read_to_end(&mut text)?;
    same(text.len(), written)
}

fn full(target: Target, init: Init) -> Result<()> {
    let dir = TestDir::new()?;
    let size = 1 << 16;
    let file = dir.file("said", vec![b'\n'; size], 0o666)?;
    let file = File::options().append(true).open(file)?;
    let launcher = init.start(target).stdout(file.try_clone()?).stderr(file).file_limit(size as u64);
    goes_on(&dir, launcher, init)
}

/// COMMAND hears what it is sent and nothing else, and its end is noticed.
fn goes_on(dir: &TestDir, launcher: Launcher, init: Init) -> Result<()> {
    let options = format!("-vvv {}", init.alone);
    let running = dir.start(launcher, &options, "block orphans=1 [ ] say=ready hear=12 exit=3")?;
    send(running.pid(), 10)?;
    dir.until_signals("", &[10])?;
    send(running.pid(), 12)?;
    same(running.wait()?.end, End::Exited(3))?;
    same(dir.signals("", 1)?, vec![10, 12])
}
