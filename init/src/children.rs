//! The children of the init.

use mote_rt::{
    Pid, Standalone,
    sys::{self, Fd, WaitId},
    text,
};

/// The children of the caller, zombies included, as the kernel lists them. There are none where it has no such list
/// (`CONFIG_PROC_CHILDREN`), or where `/proc` is not mounted or belongs to another PID namespace.
pub(crate) struct Children {
    standalone: Standalone,
    /// The list: numbers, each with a blank behind it.
    file: Option<Fd>,
}

impl Children {
    /// Opens the list.
    pub(crate) fn of_caller(standalone: Standalone) -> Self {
        Self { standalone, file: sys::open(text!("/proc/thread-self/children")).ok() }
    }
}

impl Iterator for Children {
    type Item = Pid;

    #[inline(never)]
    fn next(&mut self) -> Option<Pid> {
        let file = self.file?;
        let (mut number, mut byte) = (0_i32, 0);
        // One byte at a time: this happens once or twice in a life, and the kernel has the list in memory.
        while sys::read(file, core::slice::from_mut(&mut byte)) == Ok(1) {
            if byte != b' ' {
                number = number.wrapping_mul(10).wrapping_add(i32::from(byte.wrapping_sub(b'0')));
                continue;
            }
            if let Some(pid) = Pid::new(number)
                // In another PID namespace, to which `/proc` may belong, the number is another process's.
                && sys::waitid_nowait(WaitId::Pid(pid)).is_ok()
            {
                return Some(pid);
            }
            number = 0;
        }
        sys::close(self.standalone, file);
        self.file = None;
        None
    }
}
