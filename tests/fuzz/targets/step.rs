//! Ways through the engine's decisions, in the world that its model has and by its rules.
//!
//! The first line of an input says how the init is: `l` with a limit, `h` in haste, `1` PID 1, `m` that the clock
//! rings meanwhile, `a` that it waits for all, `q` that SIGQUIT is a stop signal. The second says who there is beside
//! COMMAND: `m` the meek, `s` the stubborn, `t` the stopped, `h` the hidden. The third has numbers of signals that may
//! come, the fourth pairs of them, the second in place of the first. Each further byte is a choice of what happens
//! next.

use anyhow::{Result, anyhow, bail};
use mote_init::decide::Rules;
use mote_rt::{Signal, SignalSet};

use crate::kernel::Role;
use crate::world::{Case, Kind, World};

pub(super) const DICTIONARY: &[&str] =
    &["l1m", "la1", "aq", "h", "msth", "1 3 14 15 17 28", "1:0 3:10", "15", "aaaaaaaa", "0123456789"];

/// How many processes there are.
const PROCESSES: usize = 6;

/// The most that happens after the choices until it ends, if nothing else comes.
const REST: usize = 200;

pub(super) fn check(input: &[u8]) -> Result<()> {
    let mut lines = input.splitn(5, |byte| *byte == b'\n');
    let [ways, roles, arrivals, pairs, choices] = [(); 5].map(|()| lines.next().unwrap_or_default());
    let case = Case {
        roles: processes(roles),
        rules: rules(ways),
        is_first: ways.contains(&b'1'),
        arrivals: words(arrivals).filter_map(signal).take(6).collect(),
        rewrite: words(pairs).filter_map(pair).take(4).collect(),
        rings_meanwhile: ways.contains(&b'm'),
    };
    walk(&case, choices).map_err(|rule| anyhow!("{rule}, in {case:?}"))
}

/// Without orphan termination there is no timeout, and no orphan is waited for.
fn rules(ways: &[u8]) -> Rules {
    let terminates_orphans = !ways.contains(&b'h');
    let mut stop_signals = SignalSet::of(&[Signal::TERM, Signal::INT]);
    if ways.contains(&b'q') {
        stop_signals.insert(Signal::QUIT);
    }
    Rules {
        has_timeout: terminates_orphans && ways.contains(&b'l'),
        terminates_orphans,
        waits_for_orphans: terminates_orphans && ways.contains(&b'a'),
        stop_signals,
    }
}

fn processes(letters: &[u8]) -> [Role; PROCESSES] {
    let mut roles = [Role::Meek; PROCESSES];
    roles[0] = Role::Command;
    for (role, letter) in roles[1..].iter_mut().zip(letters) {
        *role = match letter {
            b's' => Role::Stubborn,
            b't' => Role::Stopped,
            b'h' => Role::Hidden,
            _ => Role::Meek,
        };
    }
    roles
}

fn words(line: &[u8]) -> impl Iterator<Item = &str> {
    std::str::from_utf8(line).unwrap_or_default().split_ascii_whitespace()
}

fn signal(word: &str) -> Option<Signal> {
    word.parse().ok().and_then(Signal::new)
}

fn pair(word: &str) -> Option<(Signal, Option<Signal>)> {
    let (from, to) = word.split_once(':')?;
    Some((signal(from)?, if to == "0" { None } else { Some(signal(to)?) }))
}

/// Goes where the choices lead, anew after each end, and on to where it ends by itself.
fn walk(case: &Case<PROCESSES>, choices: &[u8]) -> Result<()> {
    let mut world = World::start(case);
    for choice in choices {
        let next = world.next(case).map_err(|rule| anyhow!(rule))?;
        let Some((_, then)) = next.get(usize::from(*choice) % next.len().max(1)) else { break };
        world = if then.has_ended() { World::start(case) } else { *then };
    }
    for _ in 0..REST {
        let next = world.next(case).map_err(|rule| anyhow!(rule))?;
        let Some((_, then)) = next.into_iter().find(|(kind, _)| *kind == Kind::Forced) else { break };
        world = then;
    }
    if !world.has_ended() && !world.may_wait(case) {
        bail!("no end");
    }
    Ok(())
}
