//! Orders of events, in the world and by the rules of the engine's model.
//!
//! The first line of an input has the settings: `l` a timeout, `h` no orphan termination, `1` PID 1, `m` a timer that
//! expires meanwhile, `a` that the init waits for orphans, `q` that SIGQUIT is a stop signal. The second has the processes
//! beside the child: `m` ends at SIGTERM, `s` ignores it, `t` is stopped, `h` is a grandchild. The third has the numbers of
//! signals that arrive, the fourth pairs of them, the second replacing the first. Each further byte selects the next
//! event.

use anyhow::{Result, anyhow};
use mote_init::decide::Rules;
use mote_rt::{Signal, SignalSet};

use crate::kernel::Role;
use crate::walk::walk;
use crate::world::Case;

/// The number of processes.
const PROCESSES: usize = 6;

pub(crate) fn check(input: &[u8]) -> Result<()> {
    let mut lines = input.splitn(5, |byte| *byte == b'\n');
    let [settings, roles, arrivals, pairs, choices] = [(); 5].map(|()| lines.next().unwrap_or_default());
    let case = Case {
        roles: processes(roles),
        rules: rules(settings),
        is_pid_1: settings.contains(&b'1'),
        arrivals: words(arrivals).filter_map(signal).take(6).collect(),
        rewrite: words(pairs).filter_map(pair).take(4).collect(),
        expires_meanwhile: settings.contains(&b'm'),
    };
    let choices: Vec<usize> = choices.iter().copied().map(usize::from).collect();
    walk(&case, &choices).map(drop).map_err(|rule| anyhow!("{rule}, in {case:?}"))
}

/// Without orphan termination there is no timeout, and the init waits for no orphan.
fn rules(settings: &[u8]) -> Rules {
    let terminates_orphans = !settings.contains(&b'h');
    let quit = if settings.contains(&b'q') { Signal::QUIT } else { Signal::TERM };
    Rules {
        has_timeout: terminates_orphans && settings.contains(&b'l'),
        terminates_orphans,
        waits_for_orphans: terminates_orphans && settings.contains(&b'a'),
        stop_signals: SignalSet::of(&[Signal::TERM, Signal::INT, quit]),
    }
}

fn processes(letters: &[u8]) -> [Role; PROCESSES] {
    let mut roles = [Role::Orphan; PROCESSES];
    roles[0] = Role::Child;
    for (role, letter) in roles[1..].iter_mut().zip(letters) {
        *role = match letter {
            b's' => Role::IgnoresTerm,
            b't' => Role::Stopped,
            b'h' => Role::Grandchild,
            _ => Role::Orphan,
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
