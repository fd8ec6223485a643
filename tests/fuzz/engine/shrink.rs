//! Making an input smaller as long as it stays what it is.

/// The most that is tried.
const TRIES: u32 = 3000;

/// The smallest input that is found for which `is_still` holds.
pub(crate) fn shrunk(input: &[u8], mut is_still: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let (mut best, mut tries) = (input.to_vec(), 0);
    loop {
        let before = best.clone();
        // Lines first, then fewer and fewer bytes.
        let mut line = 0;
        while tries < TRIES {
            let lines: Vec<&[u8]> = best.split(|byte| *byte == b'\n').collect();
            if line >= lines.len() {
                break;
            }
            let without = [&lines[..line], &lines[line + 1..]].concat().join(&b'\n');
            tries += 1;
            if without.len() < best.len() && is_still(&without) { best = without } else { line += 1 }
        }
        let mut size = best.len().next_power_of_two();
        while size > 0 && tries < TRIES {
            let mut at = 0;
            while at < best.len() && tries < TRIES {
                let without = [&best[..at], best.get(at + size..).unwrap_or_default()].concat();
                tries += 1;
                if is_still(&without) { best = without } else { at += size }
            }
            size /= 2;
        }
        for at in 0..best.len() {
            for simple in [b'a', b'0'] {
                let mut simpler = best.clone();
                simpler[at] = simple;
                if tries < TRIES && best[at] != b'\n' && !best[at].is_ascii_alphanumeric() {
                    tries += 1;
                    if is_still(&simpler) {
                        best = simpler;
                    }
                }
            }
        }
        if best == before || tries >= TRIES {
            return best;
        }
    }
}
