//! Inputs of the normal run: files of the corpus, and edits of them.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;

use anyhow::{Context, Result};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use xtask::workspace;

/// Bytes with a meaning in some input, and bytes that may confuse a parser.
const SPECIAL: &[u8] = b"\n::==--,,#%+ \t\r019azASV_.\x01\x7f\x80\xc3\xff";

/// An input, which is shown as text.
#[derive(Clone)]
pub struct Input(pub Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_ascii())
    }
}

/// Returns the names and the contents of the files in a directory of the corpus.
///
/// # Errors
/// If there is none, or it can't be read.
pub fn corpus(directory: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let directory = workspace::root().join("tests/fuzz/corpus").join(directory);
    let mut files = Vec::new();
    for entry in fs::read_dir(&directory).with_context(|| directory.display().to_string())? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    files.sort();
    Ok(files)
}

/// Makes inputs of a corpus, by a few edits of one of its files with lines of all files and random bytes.
pub fn edited(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    let lines = corpus.iter().flat_map(|input| input.split(|byte| *byte == b'\n')).map(<[u8]>::to_vec);
    let lines: BTreeSet<Vec<u8>> = lines.collect();
    let piece = prop_oneof![
        6 => select(lines.into_iter().collect::<Vec<_>>()),
        3 => vec(select(SPECIAL), 0..4),
        1 => vec(any::<u8>(), 0..4),
    ];
    let edits = vec((any::<[Index; 2]>(), 0..6_u8, piece), 1..6);
    (select(corpus), edits).prop_map(|(input, edits)| {
        let mut lines: Vec<Vec<u8>> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        for ([line, byte], edit, piece) in edits {
            let at = line.index(lines.len());
            let line = &mut lines[at];
            let byte = byte.index(line.len() + 1);
            match edit {
                0 => *line = piece,
                1 => drop(line.splice(byte.., piece)),
                2 => drop(line.splice(byte..line.len().min(byte + piece.len()), piece)),
                3 => drop(line.splice(byte..byte, piece)),
                _ => lines.insert(at, piece),
            }
        }
        Input(lines.join(&b'\n'))
    })
}
