//! The verdict about a file.

use std::fmt;

use super::claim::Claim;

/// Whether a file comes from this source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does.
    Equal,
    /// It does not, for this reason.
    Differs(String),
    /// It can't be told, for this reason.
    Unknown(String),
}

/// Compares a file with the checksum of the one that was rebuilt, if there is such. `obstacles` say in what the
/// rebuilding differed from the building, so that other bytes prove nothing.
pub(super) fn judge(claim: &Claim, rebuilt: Option<&str>, obstacles: &[String]) -> Verdict {
    let Some(rebuilt) = rebuilt else {
        return Verdict::Unknown("this source makes no file of this name".to_owned());
    };
    let Claim { here, published, .. } = claim;
    if let (Some(here), Some(published)) = (here, published)
        && here != published
    {
        return Verdict::Differs(match rebuilt {
            _ if rebuilt == published => {
                "SHA256SUMS has what this source gives, but the file is another one: get it again".to_owned()
            }
            _ if rebuilt == here => "it is what this source gives, but SHA256SUMS has another sum".to_owned(),
            _ => format!("it is {here}, SHA256SUMS has {published}, and this source gives {rebuilt}"),
        });
    }
    match here.as_ref().or(published.as_ref()) {
        None => Verdict::Unknown("there is neither a file nor a checksum".to_owned()),
        Some(claimed) if claimed == rebuilt => Verdict::Equal,
        Some(claimed) if obstacles.is_empty() => {
            Verdict::Differs(format!("it is {claimed}, and this source gives {rebuilt}"))
        }
        Some(_) => Verdict::Unknown(format!("other bytes, which prove nothing: {}", obstacles.join("; "))),
    }
}

/// How many files got which verdict.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) equal: usize,
    pub(super) differing: usize,
    pub(super) unknown: usize,
}

impl Tally {
    /// Prints a verdict and counts it.
    pub(super) fn say(&mut self, name: &str, verdict: &Verdict) {
        let (count, word, reason) = match verdict {
            Verdict::Equal => (&mut self.equal, "equal", None),
            Verdict::Differs(reason) => (&mut self.differing, "differs", Some(reason)),
            Verdict::Unknown(reason) => (&mut self.unknown, "unknown", Some(reason)),
        };
        *count += 1;
        match reason {
            None => println!("{word:<8} {name}"),
            Some(reason) => println!("{word:<8} {name}: {reason}"),
        }
    }

    /// What the unknown ones come to.
    pub(super) fn doubt(&self) -> String {
        let doubted = match (self.unknown, self.equal + self.differing) {
            (1, 0) => "the file comes".to_owned(),
            (1, _) => "one of the files comes".to_owned(),
            (_, 0) => "the files come".to_owned(),
            (unknown, _) => format!("{unknown} of the files come"),
        };
        format!("it can't be told whether {doubted} from this source, for the reasons above")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { equal, differing, unknown } = self;
        write!(f, "{equal} equal, {differing} differing, {unknown} unknown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPILER: &str = "another compiler";

    /// The verdict where `a` is rebuilt.
    fn verdict(here: Option<&str>, published: Option<&str>, obstacles: &[&str]) -> Verdict {
        let [here, published] = [here, published].map(|sum| sum.map(str::to_owned));
        let claim = Claim { name: "x".to_owned(), product: "x".to_owned(), here, published };
        let obstacles: Vec<String> = obstacles.iter().map(|&text| text.to_owned()).collect();
        judge(&claim, Some("a"), &obstacles)
    }

    #[test]
    fn what_is_rebuilt_is_equal_whatever_it_is_rebuilt_with() {
        for obstacles in [&[][..], &[COMPILER]] {
            assert_eq!(verdict(Some("a"), Some("a"), obstacles), Verdict::Equal);
            assert_eq!(verdict(Some("a"), None, obstacles), Verdict::Equal);
            assert_eq!(verdict(None, Some("a"), obstacles), Verdict::Equal);
        }
    }

    #[test]
    fn other_bytes_differ_only_if_they_were_built_alike() {
        for (here, published) in [(Some("b"), Some("b")), (Some("b"), None), (None, Some("b"))] {
            assert!(matches!(verdict(here, published, &[]), Verdict::Differs(_)));
            let Verdict::Unknown(reason) = verdict(here, published, &[COMPILER]) else {
                panic!("{here:?} {published:?}");
            };
            assert!(reason.ends_with(COMPILER), "{reason}");
        }
    }

    #[test]
    fn a_file_that_is_not_what_was_published_differs_in_any_case() {
        for (here, published, reason) in [
            ("b", "a", "get it again"),
            ("a", "b", "SHA256SUMS has another sum"),
            ("b", "c", "it is b, SHA256SUMS has c, and this source gives a"),
        ] {
            let Verdict::Differs(text) = verdict(Some(here), Some(published), &[COMPILER]) else {
                panic!("{here} {published}");
            };
            assert!(text.contains(reason), "{text}");
        }
    }

    #[test]
    fn a_doubt_is_about_the_unknown_ones() {
        let doubt = |equal, unknown| Tally { equal, differing: 0, unknown }.doubt();
        for (equal, unknown, words) in [
            (0, 1, "whether the file comes"),
            (4, 1, "whether one of the files comes"),
            (0, 2, "whether the files come"),
            (4, 2, "whether 2 of the files come"),
        ] {
            assert!(
                doubt(equal, unknown).contains(&format!("{words} from this source")),
                "{equal} {unknown}"
            );
        }
    }

    #[test]
    fn without_a_file_or_a_counterpart_nothing_is_known() {
        assert!(matches!(verdict(None, None, &[]), Verdict::Unknown(_)));
        let claim = Claim {
            name: "x".to_owned(),
            product: "x".to_owned(),
            here: Some("a".to_owned()),
            published: None,
        };
        assert!(matches!(judge(&claim, None, &[]), Verdict::Unknown(_)));
    }
}
