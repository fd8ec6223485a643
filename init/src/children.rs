//! The children of the init, where it is not PID 1.

use mote_rt::{
    Pid, Standalone,
    sys::{self, WaitId},
    text,
};

/// Calls `act` for every child of the caller, zombies included. There are none to call it for where the kernel has no
/// such list (`CONFIG_PROC_CHILDREN`), or where `/proc` is not mounted or belongs to another PID namespace.
pub(crate) fn for_each_child(standalone: Standalone, mut act: impl FnMut(Pid)) {
    let Ok(file) = sys::open(text!("/proc/thread-self/children")) else { return };
    let (mut number, mut byte) = (0_i32, 0);
    // One byte at a time: this happens once or twice in a life, and the kernel has the list in memory.
    while sys::read(file, core::slice::from_mut(&mut byte)) == Ok(1) {
        // A blank follows each number.
        if byte != b' ' {
            number = number.wrapping_mul(10).wrapping_add(i32::from(byte.wrapping_sub(b'0')));
            continue;
        }
        if let Some(pid) = Pid::new(number)
            // In another PID namespace, to which `/proc` may belong, the number is another process's.
            && sys::waitid_nowait(WaitId::Pid(pid)).is_ok()
        {
            act(pid);
        }
        number = 0;
    }
    sys::close(standalone, file);
}
