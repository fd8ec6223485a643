//! Random `/etc/passwd` and `/etc/group`.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use anyhow::{Context, Result, ensure};
use mote_tests::model::identity::{Identity, identity};
use mote_tests::outcome::{End, same, text};
use mote_tests::{Outcome, Target};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::{holds, is_refused, without_environment};
use crate::etc::{four, groups_of, with_files};
use crate::fixture::{TestDir, fact, facts, test_child};

/// Names, few enough to meet each other. Some are the beginning of others; some can't be found.
const NAMES: [&[u8]; 20] = [
    b"alice",
    b"alice",
    b"alice",
    b"ali",
    b"alicex",
    b"bob",
    b"bob",
    b"77",
    b"1000",
    b"-",
    b"+",
    b"+alice",
    b"$",
    b"a,b",
    b"\xff\xfe",
    b"#alice",
    b"!",
    b" bob",
    b"\t\r alice",
    b"",
];

/// Fields that are IDs, and fields that are none.
const GOOD: [&[u8]; 6] = [b"0", b"50", b"1000", b"007", b"2147483648", b"4294967294"];
const BAD: [&[u8]; 9] =
    [b"", b"4294967295", b"4294967296", b"18446744073709551616", b"-1", b"+1", b"1 ", b"0x1", b"x"];

/// Bytes with a meaning in these files, and bytes that may confuse a reader. Colons come first.
const NOISE: [u8; 12] = [b':', b':', b',', b'#', b'0', b'1', b'a', b' ', b'\t', b'\r', 0x80, 0xff];

/// Ends of a list of members.
const MEMBERS_ENDS: [&[u8]; 6] = [b"", b"", b"", b",", b":", b":x"];

/// The HOME that pid1 is started with, and the one that `-e` may set.
const HOME: &str = "/started/with";
const OTHER_HOME: &str = "/set/by/e";

/// The input of pid1.
#[derive(Clone, Debug)]
struct Input {
    passwd: Bytes,
    group: Bytes,
    /// Value of `-u`.
    user: Option<Bytes>,
    /// Value of `-g`.
    own_group: Option<Bytes>,
    /// Whether there is a `-e HOME=…`.
    sets_home: bool,
}

/// Bytes that are shown as text.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_ascii())
    }
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    select(&NAMES[..]).prop_map(<[u8]>::to_vec)
}

/// Makes an ID; for 16 valid ones there are `wrong` invalid ones.
fn number(wrong: u32) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![16 => select(&GOOD[..]), wrong => select(&BAD[..])].prop_map(<[u8]>::to_vec)
}

/// Makes a field that is not read, sometimes longer than any buffer.
fn any_field() -> impl Strategy<Value = Vec<u8>> {
    let noise = vec(select(&NOISE[2..]), 0..4);
    prop_oneof![8 => noise, 1 => (0..9000_usize).prop_map(|length| vec![b'y'; length])]
}

/// Makes lines most of which have these fields, all or some of them.
fn file(wrong: u32, fields: BoxedStrategy<Vec<Vec<u8>>>) -> impl Strategy<Value = Bytes> {
    let whole = fields.clone().prop_map(|fields| fields.join(&b':'));
    let short = (fields.clone(), 0..7_usize)
        .prop_map(|(fields, count)| fields.into_iter().take(count).collect::<Vec<_>>().join(&b':'));
    let comment = fields.prop_map(|fields| [b"#", fields.join(&b':').as_slice()].concat());
    let noise = vec(select(&NOISE[..]), 0..30);
    let zero = name().prop_map(|name| [&name, b"\0:x:1:1::/:".as_slice()].concat());
    let line = prop_oneof![60 => whole, 5 => short, 5 => comment, 10 => noise, wrong => zero];
    (vec(line, 0..8), any::<bool>()).prop_map(|(lines, has_end)| {
        let mut file = lines.join(&b'\n');
        file.extend(has_end.then_some(b'\n'));
        Bytes(file)
    })
}

fn passwd(wrong: u32) -> impl Strategy<Value = Bytes> {
    let fields = (name(), any_field(), number(wrong), number(wrong), any_field(), any_field(), any_field());
    file(wrong, fields.prop_map(|(a, b, c, d, e, f, g)| vec![a, b, c, d, e, f, g]).boxed())
}

fn group(wrong: u32) -> impl Strategy<Value = Bytes> {
    let members = (vec(name(), 0..5), select(&MEMBERS_ENDS[..]))
        .prop_map(|(names, end)| [names.join(&b','), end.to_vec()].concat());
    file(
        wrong,
        (name(), any_field(), number(wrong), members).prop_map(|(a, b, c, d)| vec![a, b, c, d]).boxed(),
    )
}

/// Makes the name of a user or a group, in most targets one in the file.
fn who(wrong: u32, file: &Bytes) -> impl Strategy<Value = Vec<u8>> + use<> {
    let beginnings = file
        .0
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split(|byte| b":\0".contains(byte)).next());
    let known: Vec<Vec<u8>> = beginnings.chain([&b"alice"[..]]).map(<[u8]>::to_vec).collect();
    prop_oneof![12 => select(known), 4 => name(), 4 => number(wrong)]
}

fn input(wrong: u32) -> impl Strategy<Value = Input> {
    (passwd(wrong), group(wrong)).prop_flat_map(move |(passwd, group)| {
        let user = (who(wrong, &passwd), option::weighted(0.3, who(wrong, &group)), any::<bool>());
        let user = user.prop_map(|(user, group, has_colon)| {
            let colon = (has_colon || group.is_some()).then_some(b':');
            Bytes(user.into_iter().chain(colon).chain(group.unwrap_or_default()).collect())
        });
        let own_group = option::weighted(0.2, who(wrong, &group).prop_map(Bytes));
        (option::weighted(0.9, user), own_group, any::<bool>()).prop_map(
            move |(user, own_group, sets_home)| Input {
                passwd: passwd.clone(),
                group: group.clone(),
                user,
                own_group,
                sets_home,
            },
        )
    })
}

pub(super) fn property(target: Target) -> Result<()> {
    holds(target, input, |input| check(target, &input))
}

fn check(target: Target, input: &Input) -> Result<bool> {
    let dir = TestDir::new()?;
    let start = with_files(&dir, target, &input.passwd.0, &input.group.0)?;
    let mut start = without_environment(start).env("HOME", HOME);
    for (option, value) in [("-u", &input.user), ("-g", &input.own_group)] {
        if let Some(Bytes(value)) = value {
            start = start.argument(option).argument(OsStr::from_bytes(value));
        }
    }
    if input.sets_home {
        start = start.argument("-e").argument(format!("HOME={OTHER_HOME}"));
    }
    let outcome = start.argument("--").argument(test_child()?).argument("report").run()?;
    let word = |option: &'_ Option<Bytes>| option.clone().map(|Bytes(word)| word);
    let (user, own_group) = (word(&input.user), word(&input.own_group));
    let expected = identity(&input.passwd.0, &input.group.0, user.as_deref(), own_group.as_deref());
    match &expected {
        None => is_refused(&outcome),
        Some(identity) => is(&outcome, identity, input).map(|()| true),
    }
    .with_context(|| format!("the rules say {expected:?}"))
}

fn is(outcome: &Outcome, identity: &Identity, input: &Input) -> Result<()> {
    ensure!(outcome.end == End::Exited(0) && outcome.stderr.is_empty(), "{outcome:?}");
    let lines: Vec<String> = text(&outcome.stdout)?.split('\n').map(str::to_owned).collect();
    same(fact(&lines, "Uid")?, &*four(identity.user)).context("user")?;
    same(fact(&lines, "Gid")?, &*four(identity.group)).context("group")?;
    if (identity.user, identity.group) != (0, 0) {
        same(groups_of(&lines)?, identity.groups.clone()).context("groups")?;
    }
    let home = match &identity.home {
        _ if input.sets_home => OTHER_HOME.into(),
        Some(home) => String::from_utf8_lossy(home),
        None => HOME.into(),
    };
    let found: Vec<&str> = facts(&lines, "env").filter_map(|env| env.strip_prefix("HOME=")).collect();
    same(found, vec![&*home]).context("home")
}
