//! Inputs as words of a command line.

/// What may stand in a word from its first slash on. Whatever else has a slash could be a path of something.
const PATHS: [&[u8]; 5] = [b"/", b"/proc", b"/usr/", b"/dev/null", b"/nonexistent/directory"];

/// The most words.
const MOST: usize = 100;

/// One for each line, without zeros, and with no path that something could be executed by.
pub(super) fn words(input: &[u8]) -> Vec<Vec<u8>> {
    let input = input.strip_suffix(b"\n").unwrap_or(input);
    let is_empty = input.is_empty();
    input.split(|byte| *byte == b'\n').filter(|_| !is_empty).take(MOST).map(harmless).collect()
}

/// A word without zeros and paths.
pub(super) fn harmless(word: &[u8]) -> Vec<u8> {
    let mut word = without_zeros(word);
    let slash = word.iter().position(|byte| *byte == b'/').unwrap_or(word.len());
    if !PATHS.contains(&&word[slash..]) {
        word.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'_');
    }
    word
}

/// What can be a word or a variable.
pub(super) fn without_zeros(word: &[u8]) -> Vec<u8> {
    word.iter().copied().filter(|byte| *byte != 0).collect()
}

/// Bytes as characters of the same numbers: the models take texts apart, which inputs need not be.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The same for words.
pub(super) fn texts(words: &[Vec<u8>]) -> Vec<String> {
    words.iter().map(|word| text(word)).collect()
}
