//! Inputs as arguments.

/// The only endings of an argument from its first slash on. An argument with another could be the path of a program.
const PATHS: [&[u8]; 5] = [b"/", b"/proc", b"/usr/", b"/dev/null", b"/nonexistent/directory"];

/// The maximum number of arguments.
const MAX: usize = 100;

/// Returns the lines of an input as arguments that execute nothing on this machine.
pub(crate) fn arguments(input: &[u8]) -> Vec<Vec<u8>> {
    let input = input.strip_suffix(b"\n").unwrap_or(input);
    let is_empty = input.is_empty();
    input.split(|byte| *byte == b'\n').filter(|_| !is_empty).take(MAX).map(harmless).collect()
}

/// Returns an argument without NUL, and with underscores instead of the slashes of a path.
pub(crate) fn harmless(argument: &[u8]) -> Vec<u8> {
    let mut argument = without_nul(argument);
    let slash = argument.iter().position(|byte| *byte == b'/').unwrap_or(argument.len());
    if !PATHS.contains(&&argument[slash..]) {
        argument.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'_');
    }
    argument
}

/// Returns the bytes other than NUL, which ends an argument and a variable.
pub(crate) fn without_nul(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != 0).collect()
}

/// Returns a string whose characters have the values of the bytes, since the models parse strings and an input need not
/// be UTF-8.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Returns the strings of arguments.
pub(crate) fn texts(arguments: &[Vec<u8>]) -> Vec<String> {
    arguments.iter().map(|argument| text(argument)).collect()
}
