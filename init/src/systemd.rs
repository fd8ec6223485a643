//! Variables of systemd that name the process they are meant for.

use mote_rt::{Environment, Errno, Pid, StringBuf, sys, text};

/// The length of the longest variable.
const LONGEST: usize = "WATCHDOG_PID=4294967295".len();

/// Corrects `LISTEN_PID` (sd_listen_fds(3)) and `WATCHDOG_PID` (sd_watchdog_enabled(3)) in the child: if they name the
/// init, they are meant for the command.
///
/// # Errors
/// There is no memory.
pub fn correct_pids(env: &mut Environment, init: Option<Pid>) -> Result<(), Errno> {
    let (Some(init), Some(child)) = (init, sys::getpid()) else { return Ok(()) };
    for name in [text!("LISTEN_PID="), text!("WATCHDOG_PID=")] {
        if env.get(name).and_then(|value| value.parse_u32()) != Some(init.as_raw() as u32) {
            continue;
        }
        let mut variable = StringBuf::with_capacity(LONGEST).ok_or(Errno::ENOMEM)?;
        variable.push_str(name);
        variable.push_decimal(child.as_raw() as u32);
        env.replace(variable.into_c_str());
        // From systemd 258 on, this variable names the process by the inode of a pidfd, here the init's. sd_listen_fds(3)
        // returns no socket if it names another process, and is content with `LISTEN_PID` if it is not set.
        env.remove(text!("LISTEN_PIDFDID"));
    }
    Ok(())
}
