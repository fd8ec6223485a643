//! `pid1`, `tini`, `dumb-init` and `catatonit` on every platform: each runs a child and is a complete PID 1 for it.
//!
//! The program under test runs inside a PID namespace, as PID 1 or as a process below it: a wrong `kill(-1)`
//! then reaches what the test made, and not the machine.

mod alarm;
mod below;
mod catatonit;
mod command_line;
mod copy;
mod dumb_init;
mod ending;
mod environment;
mod exec;
mod exec_error;
mod failure;
mod figures;
mod fixture;
mod flood;
mod forward;
mod getopt;
mod group;
mod handover;
mod inherited;
mod init;
mod keep_tty;
mod lines;
mod lookup;
mod map_exit;
mod memory;
mod orphans;
mod parent;
mod reaping;
mod refusals;
mod rewrite;
mod status;
mod stop_signal;
mod stopped;
mod systemd;
mod terminal;
mod tini;
mod unread;
mod user;
mod verbose;
mod wait_all;
mod waiting;

use std::process::ExitCode;

use mote_tests::Suite;

fn main() -> ExitCode {
    // Most of the time is spent waiting.
    let suite = Suite::new().threads(8);
    let suite = command_line::add(suite);
    let suite = copy::add(suite);
    let suite = status::add(suite);
    let suite = lookup::add(suite);
    let suite = exec::add(suite);
    let suite = inherited::add(suite);
    let suite = environment::add(suite);
    let suite = forward::add(suite);
    let suite = reaping::add(suite);
    let suite = ending::add(suite);
    let suite = below::add(suite);
    let suite = refusals::add(suite);
    let suite = user::add(suite);
    let suite = parent::add(suite);
    let suite = verbose::add(suite);
    let suite = figures::add(suite);
    let suite = terminal::add(suite);
    let suite = flood::add(suite);
    let suite = group::add(suite);
    let suite = handover::add(suite);
    let suite = keep_tty::add(suite);
    let suite = lines::add(suite);
    let suite = orphans::add(suite);
    let suite = stop_signal::add(suite);
    let suite = stopped::add(suite);
    let suite = unread::add(suite);
    let suite = wait_all::add(suite);
    let suite = waiting::add(suite);
    let suite = alarm::add(suite);
    let suite = catatonit::add(suite);
    let suite = dumb_init::add(suite);
    let suite = getopt::add(suite);
    let suite = map_exit::add(suite);
    let suite = memory::add(suite);
    let suite = rewrite::add(suite);
    let suite = systemd::add(suite);
    let suite = tini::add(suite);
    suite.run()
}
