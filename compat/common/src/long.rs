//! Long options.

use mote_rt::ThinCStr;

/// Returns whether `word`, up to a `=`, is the beginning of the name of a long option. The name ends at a blank, too.
pub fn is_abbreviation(word: ThinCStr<'_>, name: ThinCStr<'_>) -> bool {
    let (mut word, mut name) = (word, name);
    loop {
        match (word.split_first(), name.split_first()) {
            (None | Some((b'=', _)), _) => return true,
            (Some((byte, rest)), Some((expected, name_rest))) if byte == expected && byte != b' ' => {
                (word, name) = (rest, name_rest);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_name_is_enough() {
        for word in [c"", c"v", c"verb", c"verbose", c"verbose=", c"v=1", c"="] {
            assert!(is_abbreviation(word.into(), c"verbose".into()), "{word:?}");
            assert!(is_abbreviation(word.into(), c"verbose V=version".into()), "{word:?}");
        }
        for word in [c"x", c"verboses", c"verbose ", c"verbose V", c"erbose", c"versio", c"-verbose"] {
            assert!(!is_abbreviation(word.into(), c"verbose V=version".into()), "{word:?}");
        }
    }
}
