//! What only catatonit has, beside `-P`.

use super::catatonit;
use super::differences::{REFUSED_KILL, REFUSED_READ, SYSTEMD};
use crate::scenario::{Scenario, Text};

pub(super) fn table() -> Vec<Scenario> {
    let listen = ["1", "2", "0", "10", "x", ""].map(|value| {
        let entry = catatonit(format!("LISTEN_PID={value}")).env("LISTEN_PID", value);
        entry.words("-- /bin/sh -c").word("echo $LISTEN_PID of $$")
    });
    let systemd = |variables: [(&'static str, &'static str); 2]| {
        let entry = catatonit(variables.map(|(name, value)| format!("{name}={value}")).join(" and "));
        let entry = variables.into_iter().fold(entry, |entry, (name, value)| entry.env(name, value));
        entry.words("-- /bin/sh -c").word("echo $LISTEN_PID $LISTEN_PIDFDID $WATCHDOG_PID of $$")
    };
    let others = [
        systemd([("WATCHDOG_PID", "1"), ("WATCHDOG_USEC", "7")]).differs(
            &SYSTEMD,
            ["stdout: 1 of 2"],
            ["stdout: 2 of 2"],
        ),
        systemd([("WATCHDOG_PID", "3"), ("WATCHDOG_USEC", "7")]),
        systemd([("LISTEN_PID", "1"), ("LISTEN_PIDFDID", "5")]).differs(
            &SYSTEMD,
            ["stdout: 2 5 of 2"],
            ["stdout: 2 of 2"],
        ),
        systemd([("LISTEN_PID", "3"), ("LISTEN_PIDFDID", "5")]),
        super::with_mask(catatonit("COMMAND's initial state with -g").words("-g").plays("report")),
        catatonit("kill is refused without CAP_KILL")
            .plays("say=ready await=@go exit=7")
            .arrange(|start, _| start.drop_capability(5))
            .acts("until ready, SIGUSR1, taken, touch go"),
        catatonit("kill is refused by seccomp")
            .arrange(|start, _| start.refuse("kill", "EPERM"))
            .plays("exit=7")
            .differs(
                &REFUSED_KILL,
                ["end: 1", "stderr: ERROR (catatonit:1): self-check that pid1 (2) was spawned failed: EPERM"],
                ["end: 7"],
            ),
        // COMMAND can read no library then, and ends.
        catatonit("read is refused by seccomp")
            .arrange(|start, _| start.refuse("read", "EPERM"))
            .words("true")
            .may_hang()
            .text(Text::Presence)
            .differs(&REFUSED_READ, ["end: none, it spins"], ["end: 127", "stderr: some text"]),
    ];
    listen.into_iter().chain(others).collect()
}
