//! Random users, groups, `/etc/passwd` and `/etc/group`, in the form of the fuzz target's inputs.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::random_line::{one_of, with_errors};

/// Names, few enough to meet each other. Some are the beginning of others; some can't be found.
const NAMES: [&[u8]; 18] = [
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
    b"a,b",
    b"\xff\xfe",
    b"#alice",
    b" bob",
    b"\t\r alice",
    b"",
];

/// Bytes with a meaning in these files, and bytes that may confuse a parser. Colons come first.
const NOISE: &[u8] = b"::,#01a \t\r\x80\xff";

fn name() -> impl Strategy<Value = Vec<u8>> {
    select(&NAMES[..]).prop_map(<[u8]>::to_vec)
}

/// Makes IDs. For 16 valid ones, `wrong` are invalid.
fn id(wrong: u32) -> impl Strategy<Value = Vec<u8>> {
    let valid = one_of("0|50|1000|007|2147483648|4294967294");
    let invalid = one_of("|4294967295|4294967296|18446744073709551616|-1|+1|1 |0x1|x");
    prop_oneof![16 => valid, wrong => invalid].prop_map(String::into_bytes)
}

/// Makes fields that are not read, some of which are longer than any buffer.
fn field() -> impl Strategy<Value = Vec<u8>> {
    let noise = vec(select(&NOISE[2..]), 0..4);
    prop_oneof![8 => noise, 1 => (0..9000_usize).prop_map(|length| vec![b'y'; length])]
}

/// Makes lines, most of which have these fields, all or some of them.
fn file(wrong: u32, fields: BoxedStrategy<Vec<Vec<u8>>>) -> BoxedStrategy<Vec<u8>> {
    let entry = fields.clone().prop_map(|fields| fields.join(&b':'));
    let short = (fields, 0..7_usize)
        .prop_map(|(fields, count)| fields.into_iter().take(count).collect::<Vec<_>>().join(&b':'));
    let comment = entry.clone().prop_map(|entry| [b"#", entry.as_slice()].concat());
    let noise = vec(select(NOISE), 0..30);
    let nul = name().prop_map(|name| [&name, b"\0:x:1:1::/:".as_slice()].concat());
    let line = prop_oneof![60 => entry, 5 => short, 5 => comment, 10 => noise, wrong => nul];
    (vec(line, 0..8), one_of("|\n"))
        .prop_map(|(lines, end)| [lines.join(&b'\n'), end.into()].concat())
        .boxed()
}

fn passwd(wrong: u32) -> BoxedStrategy<Vec<u8>> {
    let fields = (name(), field(), id(wrong), id(wrong), field(), field(), field());
    file(wrong, fields.prop_map(|(a, b, c, d, e, f, g)| vec![a, b, c, d, e, f, g]).boxed())
}

fn group(wrong: u32) -> BoxedStrategy<Vec<u8>> {
    let members = (vec(name(), 0..5), one_of("|||,|:|:x"))
        .prop_map(|(names, end)| [names.join(&b','), end.into()].concat());
    file(wrong, (name(), field(), id(wrong), members).prop_map(|(a, b, c, d)| vec![a, b, c, d]).boxed())
}

/// Makes the name of a user or a group, most often one in the file.
fn of(file: &[u8], wrong: u32) -> impl Strategy<Value = Vec<u8>> + use<> {
    let known = file
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split(|byte| b":\0".contains(byte)).next())
        .chain([&b"alice"[..]])
        .map(<[u8]>::to_vec)
        .collect::<Vec<_>>();
    prop_oneof![12 => select(known), 4 => name(), 4 => id(wrong)]
}

/// Makes the values of `-u` and `-g`, and both files.
pub fn files() -> impl Strategy<Value = Vec<u8>> {
    with_errors(|wrong| {
        (passwd(wrong), group(wrong)).prop_flat_map(move |(passwd, group)| {
            let user = (of(&passwd, wrong), option::weighted(0.3, of(&group, wrong)), any::<bool>())
                .prop_map(|(user, group, has_colon)| {
                    let colon = (has_colon || group.is_some()).then_some(b':');
                    user.into_iter().chain(colon).chain(group.unwrap_or_default()).collect::<Vec<u8>>()
                });
            let options = (option::weighted(0.9, user), option::weighted(0.2, of(&group, wrong)));
            options.prop_map(move |(user, own_group)| {
                let [user, own_group] = [user, own_group].map(Option::unwrap_or_default);
                [user, own_group, passwd.clone(), b"%%".to_vec(), group.clone()].join(&b'\n')
            })
        })
    })
}
