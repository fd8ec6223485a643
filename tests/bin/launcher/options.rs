//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};
use mote_tests::Signal;
use nix::errno::Errno;

/// Arranges the state that PROGRAM is started with, then becomes PROGRAM.
#[derive(Parser)]
pub(crate) struct Options {
    /// Become PID 1 of a new PID namespace; a process outside waits for it and ends as it does
    #[arg(long)]
    pub(crate) pid_namespace: bool,
    /// Become PID 2 of a new PID namespace; PID 1 waits for it and ends as it does
    #[arg(long)]
    pub(crate) process_2: bool,
    /// Have PID 1 write how PID 2 ended to FILE.status, and stay until FILE is there
    #[arg(long, value_name = "FILE", requires = "process_2")]
    pub(crate) linger: Option<PathBuf>,
    /// Have a /proc of the PID namespace that PROGRAM is in
    #[arg(long)]
    pub(crate) own_proc: bool,
    /// Mount SOURCE over TARGET, for PROGRAM alone
    #[arg(long, value_name = "SOURCE=TARGET")]
    pub(crate) bind: Vec<Pair>,
    /// Lead a new session, with the terminal on standard input as its own
    #[arg(long)]
    pub(crate) session: bool,
    /// Have this file open for writing under this number
    #[arg(long, value_name = "FD=FILE")]
    pub(crate) open: Vec<Pair>,
    /// Drop this capability, also for root
    #[arg(long, value_name = "NUMBER")]
    pub(crate) drop_capability: Vec<u8>,
    /// Have a timer that sends SIGALRM after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) alarm: u32,
    /// Block SIGALRM, and have one pending of a timer that has expired
    #[arg(long)]
    pub(crate) expired_alarm: bool,
    /// Block all signals, real-time ones included
    #[arg(long)]
    pub(crate) block_all: bool,
    /// Ignore all signals, real-time ones included
    #[arg(long)]
    pub(crate) ignore_all: bool,
    /// Have this many zombies as children
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) zombies: u32,
    /// Have this many zombies as children whose exit has sent no signal
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) unusual_zombies: u32,
    /// Have this many orphans as children, which exit when standard input ends
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) orphans: u32,
    /// Have this many children of its own that exit when standard input ends
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) children: u32,
    /// Start in this directory
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) cwd: Option<PathBuf>,
    /// Close this file descriptor
    #[arg(long, value_name = "FD")]
    pub(crate) close: Vec<i32>,
    /// Ignore this signal
    #[arg(long, value_name = "SIGNAL")]
    pub(crate) ignore: Vec<Signal>,
    /// Block this signal
    #[arg(long, value_name = "SIGNAL")]
    pub(crate) block: Vec<Signal>,
    /// Block this signal, and have it pending
    #[arg(long, value_name = "SIGNAL")]
    pub(crate) pending: Vec<Signal>,
    /// Let no file grow beyond this size
    #[arg(long, value_name = "BYTES")]
    pub(crate) file_limit: Option<u64>,
    /// Run as this user and group, without supplementary groups
    #[arg(long, value_name = "ID")]
    pub(crate) uid: Option<u32>,
    /// The table that `--refuse` and `--only` take system calls from
    #[arg(long, value_enum, default_value_t = Abi::Amd64)]
    pub(crate) abi: Abi,
    /// Have this system call fail with this error
    #[arg(long, value_name = "CALL=ERRNO")]
    pub(crate) refuse: Vec<Refusal>,
    /// Be killed for any system call except these and the `execve` of PROGRAM
    #[arg(long, value_name = "CALL")]
    pub(crate) only: Vec<String>,
    /// Pass no argument at all, not even the program's name
    #[arg(long)]
    pub(crate) no_arguments: bool,
    /// The path of PROGRAM, and its arguments
    #[arg(last = true, required = true)]
    pub(crate) command: Vec<OsString>,
}

/// The strings on both sides of the first `=`.
#[derive(Clone)]
pub(crate) struct Pair(pub(crate) String, pub(crate) PathBuf);

impl FromStr for Pair {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (left, right) = text.split_once('=').context("expected A=B")?;
        Ok(Self(left.to_owned(), right.into()))
    }
}

/// A table of system calls.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Abi {
    /// That of x86_64
    Amd64,
    /// That of i686
    #[value(name = "386")]
    I386,
}

/// A system call, and the error that it fails with.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) call: String,
    pub(crate) errno: Errno,
}

impl FromStr for Refusal {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (call, errno) = text.split_once('=').context("expected CALL=ERRNO")?;
        let errno = match errno {
            "ENOSYS" => Errno::ENOSYS,
            "EPERM" => Errno::EPERM,
            other => bail!("unknown error {other}: ENOSYS or EPERM"),
        };
        Ok(Self { call: call.to_owned(), errno })
    }
}
