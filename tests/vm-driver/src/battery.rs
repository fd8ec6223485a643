//! The role of the kernel's init's child: it runs all cases.

use mote_rt::{Pid, sys};

use crate::{
    call, holders,
    inits::{DRIVER, INITS},
    listen, orphans,
    process::{exits, fork, getpid},
    refusals,
    report::{case, ensure, same},
    shutdown,
    start::Environment,
    terminal, users,
};

/// Exit status of the child, which the kernel's panic message shows.
const STATUS: i32 = 42;

/// Runs all cases, and leaves an orphan for the init to end.
pub(crate) fn boot(environment: Environment) -> i32 {
    kernel(environment);
    listen::all("init", listen::Habits::of("pid1"));
    orphans::all("init");
    for init in &INITS {
        init.play();
    }
    case(format_args!("pid1/status/not-found"), exits(&[c"/pid1", c"/nothing"], 127));
    case(format_args!("pid1/status/not-executable"), exits(&[c"/pid1", c"/etc/passwd"], 126));
    case(format_args!("pid1/status/mapped"), exits(&[c"/pid1", c"-x", c"7:9", DRIVER, c"exit", c"7"], 9));
    shutdown::all();
    users::all();
    terminal::all();
    holders::all();
    refusals::all();
    case(format_args!("init/end/battery"), fork(shutdown::last_orphan).map(drop));
    STATUS
}

/// Checks how the child was started: the kernel passes its command line as arguments and as a variable.
fn kernel(environment: Environment) {
    case(format_args!("init/start/pages-of-{}", environment.page_size()), Ok(()));
    case(format_args!("init/start/parent"), same("parent", sys::getppid(), Some(Pid::INIT)));
    case(format_args!("init/start/group"), same("group", sys::getpgid(None), Some(getpid())));
    case(format_args!("init/start/words"), {
        let given = environment.has(c"GIVEN=by words");
        given.then_some(()).ok_or_else(|| crate::report::Text::of(format_args!("-e is lost")))
    });
    case(format_args!("init/start/variable"), variable(environment));
    case(format_args!("init/start/directory"), {
        let passwd = call::open(c"passwd", 0).map(call::close);
        same("a file in it", passwd.is_ok(), true)
    });
    let mounted = call::mount(c"devpts", c"/dev/pts");
    case(format_args!("init/start/devpts"), same("mount", mounted, Ok(())));
}

fn variable(environment: Environment) -> crate::report::Check {
    ensure!(environment.has(c"FOUND=in-PID1_OPTS"), "PID1_OPTS is not read");
    ensure!(!environment.has_name("PID1_OPTS="), "PID1_OPTS is passed on");
    Ok(())
}
