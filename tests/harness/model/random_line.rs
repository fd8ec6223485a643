//! Random command lines and values of `PID1_OPTS`, in the form of the fuzz targets' inputs. They are valid or have few
//! errors, which edits of a corpus seldom are.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;

/// Options with a value: the letter, the long name, valid values, and invalid values, with bars between them.
const OPTIONS: [[&str; 4]; 9] = [
    ["e", "env", "M_A=1|M_A=2|M_A=|M_A==x=|M_AB=x y|M_=-k|M_B=\u{fc}|HOME=else", "NOVALUE||=x"],
    [
        "u",
        "user",
        "0|5|0077|7:|:5|1000:1001|4294967294:4294967294",
        "|:|4294967296|5:no-such-group|:-1|5:4294967295|-1|no-such-user",
    ],
    ["g", "group", "0|5|0077|4294967294", "|4294967295|+1|no-such-group"],
    ["w", "workdir", "/|/proc|/usr/", "|/nonexistent/directory|/dev/null"],
    ["t", "timeout", "0|5|007|86400", "soon|-1|1.5|5s| 5||4294967297|99999999999999999999"],
    ["s", "stop", "QUIT|SIGUSR1|1|RTMIN+3", "NOPE|0|65|TERM:1|RTMIN+31|"],
    [
        "r",
        "rewrite",
        "TERM:INT|SIGHUP:0|15:2|RTMIN+3:USR1|USR2:SIGRTMIN+30|64:1|USR1:KILL|2:CHLD",
        "TERM|TERM:|:TERM|NOPE:1|1:NOPE|65:1|0:1|RTMIN+31:1|1:2:3|TERMX:1||CHLD:1|SIGKILL:1|19:0",
    ],
    [
        "x",
        "map-exit",
        "7|7:9|9:7|0:3|007:1|143|137:1|129:255|255:0|1:2|2:1|125:126",
        "256|1:256|256:1|1:|:1|x|1:x|1:2:3|-1||4294967297",
    ],
    ["p", "parent-death", "TERM|SIGKILL|9|RTMIN+1", "NOPE|0|65|TERM:1|"],
];

const FLAGS: &str = "-k|-v|-kv|-vkk|-a|-Tka|--kill-group|--wait-all|--keep-tty|--verbose";

/// Unknown options, superfluous and missing values, and requests of a text.
const ODD: &str = "-z|-kz|-E|-k-|-t=5|---|--=|--nonsense|--nonsense=1|--envX=1|--ver|--verbosely|--verbose=1|--kill-group=|\
     --wait-all=1|-t|-kvx|--env|--map-exit|--rewrite=|-V|-kV|--version|-h|--help";

/// Chooses one of the strings between bars.
pub(super) fn one_of(strings: &'static str) -> impl Strategy<Value = String> {
    select(strings.split('|').map(str::to_owned).collect::<Vec<_>>())
}

/// Makes at most `most` options. For 40 with a value, `wrong` arguments are odd; for 16 valid values, `wrong` are invalid.
fn options(wrong: u32, most: usize) -> impl Strategy<Value = Vec<String>> {
    let value = move |[letter, long, valid, invalid]: [&'static str; 4]| {
        let value = prop_oneof![16 => one_of(valid), wrong => one_of(invalid)];
        (value, one_of("||k|v|kk"), 0..4_u8).prop_map(move |(value, flags, form)| match form {
            0 => vec![format!("-{flags}{letter}"), value],
            1 => vec![format!("-{flags}{letter}{value}")],
            2 => vec![format!("--{long}"), value],
            _ => vec![format!("--{long}={value}")],
        })
    };
    let option = prop_oneof![
        40 => select(&OPTIONS[..]).prop_flat_map(value),
        12 => one_of(FLAGS).prop_map(|flag| vec![flag]),
        wrong => one_of(ODD).prop_map(|odd| vec![odd]),
    ];
    vec(option, 0..=most).prop_map(|options| options.concat())
}

/// Makes inputs with few invalid parts, and inputs with more.
pub(super) fn with_errors<S: Strategy<Value = Vec<u8>>>(
    inputs: fn(u32) -> S,
) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![inputs(1), inputs(4)]
}

/// Makes command lines, an argument in each line. The command is `probe`, which exits with its first argument.
pub fn command_lines() -> impl Strategy<Value = Vec<u8>> {
    with_errors(|wrong| {
        let status =
            prop_oneof![one_of("0|1|2|7|9|125|255"), any::<u8>().prop_map(|status| status.to_string())];
        let arguments = vec(one_of("-V|--||a b|\u{fc}|--nonsense|-"), 0..4);
        (options(wrong, 6), any::<bool>(), status, arguments).prop_map(
            |(options, has_dashes, status, arguments)| {
                let command =
                    has_dashes.then(|| "--".to_owned()).into_iter().chain(["probe".to_owned(), status]);
                options.into_iter().chain(command).chain(arguments).collect::<Vec<_>>().join("\n").into()
            },
        )
    })
}

/// Makes values of `PID1_OPTS`. A blank inside of a value separates words, too.
pub fn opts() -> impl Strategy<Value = Vec<u8>> {
    with_errors(|wrong| {
        let operand = one_of("nonsense|x=1").prop_map(|operand| vec![operand]);
        let words = prop_oneof![40 => options(wrong, 3), wrong => operand];
        (one_of("| "), words, vec(one_of(" |  |\t"), 12)).prop_map(|(first, words, blanks)| {
            let words = words.into_iter().zip(blanks).map(|(word, blank)| word + &blank);
            (first + &words.collect::<String>()).into()
        })
    })
}
