//! Making one input of another: lines are what inputs are made of.

use fastrand::Rng;

/// The longest input that is made. The kernel takes longer command lines; what is in them is no different.
const LONGEST: usize = 4096;

/// Bytes that something depends on, beside letters.
const SPECIAL: &[u8] = b"\n\n\n::==--,,#%+ \t\r019azASV_.\x01\x7f\x80\xc3\xff";

/// An input made of `input` by a few changes, with words of the dictionary and parts of `other`.
pub(crate) fn mutated(rng: &mut Rng, input: &[u8], other: &[u8], dictionary: &[&str]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    loop {
        change(rng, &mut bytes, other, dictionary);
        if rng.u8(..4) == 0 {
            break;
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(rng: &mut Rng, bytes: &mut Vec<u8>, other: &[u8], dictionary: &[&str]) {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..10) {
        0 => drop(bytes.drain(range(rng, bytes))),
        1 => {
            let copy = bytes[range(rng, bytes)].to_vec();
            bytes.splice(at..at, copy);
        }
        2 => *bytes = lines(rng, bytes, other),
        3 => {
            let part = other[range(rng, other)].to_vec();
            bytes.splice(at..at, part);
        }
        4 if at < bytes.len() => bytes[at] = special(rng),
        5 if at < bytes.len() => bytes[at] = rng.u8(..),
        6 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
        4..=7 => {
            let count = rng.usize(1..4);
            bytes.splice(at..at, (0..count).map(|_| special(rng)).collect::<Vec<_>>());
        }
        _ => {
            let word = rng.choice(dictionary).map(|word| word.as_bytes()).unwrap_or_default();
            // A line of its own, at the end of one, or in the place of something.
            match rng.u8(..3) {
                0 => {
                    let at = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
                    bytes.splice(at..at, word.iter().copied().chain([b'\n']));
                }
                1 => drop(bytes.splice(at..at, word.iter().copied())),
                _ => drop(bytes.splice(range(rng, bytes), word.iter().copied())),
            }
        }
    }
}

/// A few bytes, somewhere.
fn range(rng: &mut Rng, bytes: &[u8]) -> std::ops::Range<usize> {
    let start = rng.usize(..=bytes.len());
    let most = (bytes.len() - start).min(if rng.bool() { 4 } else { 64 });
    start..start + rng.usize(..=most)
}

fn special(rng: &mut Rng) -> u8 {
    rng.choice(SPECIAL).copied().unwrap_or_default()
}

/// Lines of both, or the same in another order.
fn lines(rng: &mut Rng, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    if rng.bool() {
        let (one, two) = (rng.usize(..lines.len()), rng.usize(..lines.len()));
        lines.swap(one, two);
    } else {
        let others: Vec<&[u8]> = other.split(|byte| *byte == b'\n').collect();
        lines.truncate(rng.usize(..=lines.len()));
        lines.extend(&others[rng.usize(..others.len())..]);
    }
    lines.join(&b'\n')
}
