//! `tini`, `dumb-init` and `catatonit` on every platform: what their users rely on.
//!
//! That they are like the programs that they replace is another suite's matter, which runs those as well. This one
//! says what ours do, to the byte, natively and in emulators.

mod catatonit;
mod dumb_init;
mod exec;
mod forward;
mod inherited;
mod reaping;
mod status;
mod terminal;
mod tini;
mod unread;
mod usage;

use mote_tests::Suite;

pub(crate) fn add(suite: Suite) -> Suite {
    let suite = usage::add(suite);
    let suite = exec::add(suite);
    let suite = status::add(suite);
    let suite = forward::add(suite);
    let suite = reaping::add(suite);
    let suite = inherited::add(suite);
    let suite = unread::add(suite);
    let suite = tini::add(suite);
    let suite = dumb_init::add(suite);
    let suite = catatonit::add(suite);
    terminal::add(suite)
}
