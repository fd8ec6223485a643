//! What an entry of the table says.

use mote_tests::Launcher;
use mote_tests::test_dir::TestDir;

use crate::peer::Peer;

/// Which process the init is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// PID 1 of a PID namespace.
    One,
    /// Process 2, below one that reaps and does nothing else.
    Two,
    /// Process 2, and what it leaves behind is looked at.
    Survived,
    /// Process 2, below a shell, which leads the session if there is one.
    Shell,
    /// A process of a background process group, below a test child that leads the session as PID 1. The test child ends when the
    /// file `leave` is there. How the init ends is not looked at.
    Background,
    /// The same in the process group of the test child.
    Foreground,
    /// Below a test child that ends when the file `end` is there. How the init ends is not looked at.
    Orphaned,
    /// Process 2, below strace, which delays this call of the init and its child until the signals that wait for the
    /// init are taken.
    Delayed(&'static str),
}

/// What is on standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A pipe that no process writes to.
    Pipe,
    /// The terminal of the session, which the init leads.
    Terminal,
    /// Such a terminal, and it is the standard output and error as well.
    Console,
    /// A terminal of no session.
    Foreign,
}

/// How far two texts must be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// In every byte.
    Exact,
    /// In the set of lines: several processes wrote at once, or some lines depend on the time.
    Lines,
    /// Up to the first line of the usage; after it, in the options and variables that are named.
    Usage,
    /// In being there, or not.
    Presence,
}

/// Why ours is another way, and where that can be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) title: &'static str,
    pub(crate) reason: &'static str,
    /// The place in the source of each peer.
    pub(crate) links: &'static [&'static str],
}

/// An entry of the table.
pub(crate) struct Scenario {
    pub(crate) peer: &'static Peer,
    pub(crate) name: String,
    /// The name that the program is called by, if it is not its own.
    pub(crate) alias: Option<&'static str>,
    pub(crate) place: Place,
    pub(crate) input: Input,
    pub(crate) words: Vec<String>,
    pub(crate) environment: Vec<(&'static str, &'static str)>,
    pub(crate) arrange: fn(Launcher, &TestDir) -> Launcher,
    pub(crate) acts: Vec<String>,
    pub(crate) text: Text,
    /// The init may sleep or run forever; that is an end like others.
    pub(crate) may_hang: bool,
    /// Why it differs, the lines of the observation that only the peer has, and those that only ours has.
    pub(crate) difference: Option<(&'static Difference, Vec<String>, Vec<String>)>,
}

impl Scenario {
    /// The init as PID 1, with a pipe as its standard input.
    pub(crate) fn of(peer: &'static Peer, name: impl Into<String>) -> Self {
        Self {
            peer,
            name: name.into(),
            alias: None,
            place: Place::One,
            input: Input::Pipe,
            words: Vec::new(),
            environment: Vec::new(),
            arrange: |launcher, _| launcher,
            acts: Vec::new(),
            text: Text::Exact,
            may_hang: false,
            difference: None,
        }
    }

    /// Adds words to the command line, which are given with blanks between them. `@` stands for the directory.
    pub(crate) fn words(mut self, line: &str) -> Self {
        self.words.extend(line.split_whitespace().map(str::to_owned));
        self
    }

    /// Adds one word, with blanks in it or empty.
    pub(crate) fn word(mut self, word: &str) -> Self {
        self.words.push(word.to_owned());
        self
    }

    /// Adds the test child as COMMAND with these steps.
    pub(crate) fn plays(self, steps: &str) -> Self {
        self.words("-- ACTOR log=@log").words(steps)
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// Calls the program by another name.
    pub(crate) fn alias(self, name: &'static str) -> Self {
        Self { alias: Some(name), ..self }
    }

    pub(crate) fn place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    pub(crate) fn input(self, input: Input) -> Self {
        Self { input, ..self }
    }

    /// Arranges something more before the start.
    pub(crate) fn arrange(self, arrange: fn(Launcher, &TestDir) -> Launcher) -> Self {
        Self { arrange, ..self }
    }

    /// Adds what happens from outside, with a comma after each:
    ///
    /// - `SIGTERM`, `last`: sends this signal, or the last one, to the init.
    /// - `taken`: waits until no signal is pending for the init.
    /// - `until LINE`: waits until COMMAND or one of its children has written this line.
    /// - `touch FILE`: creates a file in the test directory.
    /// - `type TEXT`, `shows TEXT`, `hang up`: types on the terminal, waits for its output, hangs up.
    /// - `init stops`, `COMMAND stops`, `COMMAND runs`: waits until it is stopped, or is not.
    /// - `COMMAND traced`: waits until it is stopped by being traced, or the init has ended for that.
    /// - `gone`, `asleep`: waits until the init has ended, or sleeps.
    /// - `adopted`: waits until the init's parent is PID 1 of the namespace.
    /// - `children N`: waits until the init has so many children.
    /// - `terminal taken`: waits until the terminal is a job's, and not COMMAND's any more.
    /// - `look at init`, `count children`, `look at terminal`: records the init's working directory and inherited
    ///   descriptors, the number of its children, or the foreground process group of the terminal.
    /// - `watch sleep`: records whether the init wakes up within a few seconds.
    pub(crate) fn acts(mut self, script: impl AsRef<str>) -> Self {
        self.acts.extend(script.as_ref().split(", ").map(str::to_owned));
        self
    }

    pub(crate) fn text(self, text: Text) -> Self {
        Self { text, ..self }
    }

    pub(crate) fn may_hang(self) -> Self {
        Self { may_hang: true, ..self }
    }

    /// Ours differs in these lines of the observation, and in no other.
    pub(crate) fn differs<'a>(
        self,
        difference: &'static Difference,
        theirs: impl IntoIterator<Item = &'a str>,
        ours: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let theirs = theirs.into_iter().map(str::to_owned).collect();
        let ours = ours.into_iter().map(str::to_owned).collect();
        Self { difference: Some((difference, theirs, ours)), ..self }
    }

    /// The name of its test.
    pub(crate) fn test(&self) -> String {
        format!("{}::{}", self.peer.name, self.name.replace(' ', "_"))
    }
}
