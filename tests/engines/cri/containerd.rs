//! containerd, started for these tests alone, with the example's configuration.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use mote_tests::daemon::Daemon;
use mote_tests::{command, require};
use toml::{Table, Value};
use xtask::workspace;

use super::client::Client;
use super::messages::{Id, Nothing};

/// Directory of the CNI plugins in Debian's package.
const PLUGINS: &str = "/usr/lib/cni";

/// A network of pods with addresses for documentation (RFC 5737).
const NETWORK: &str = r#"{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [{ "type": "ptp", "ipam": { "type": "host-local", "subnet": "192.0.2.0/24", "dataDir": "FOLDER/addresses" } }]
}"#;

/// Where things lie, and that a machine may refuse to change the score and have no profiles to load.
const CRI: &str = r#"
restrict_oom_score_adj = true
disable_apparmor = true
netns_mounts_under_state_dir = true
cni = { bin_dir = "PLUGINS", conf_dir = "FOLDER/networks" }
[containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
options = { Root = "FOLDER/runc" }
"#;

/// The same for requests outside of CRI.
const OTHERS: &str = r#"
"io.containerd.internal.v1.opt" = { path = "FOLDER/opt" }
"#;

/// A containerd that answers, and a client of its CRI.
pub(crate) struct Containerd {
    pub(crate) client: Client,
    pub(crate) daemon: Daemon,
}

impl Containerd {
    /// # Errors
    /// [`require::Missing`] if none can be started.
    pub(crate) fn start() -> Result<Self> {
        require::tool("runc", "runc")?;
        if !Path::new(PLUGINS).join("ptp").is_file() {
            return Err(require::Missing("ptp (Debian package containernetworking-plugins)".into()).into());
        }
        let mut daemon = Daemon::start("containerd", "containerd", |directory| {
            let path = |name: &str| directory.join(name).into_os_string();
            configure(directory)?;
            Ok([
                ["--config".into(), path("config.toml")],
                ["--root".into(), path("root")],
                ["--state".into(), path("state")],
                ["--address".into(), path("socket")],
            ]
            .concat())
        })?;
        let answers = |client: Client| client.call::<_, Nothing>("Status", Nothing {}).is_ok();
        daemon.until_it(|daemon| Client::connect(&daemon.path("socket")).is_ok_and(answers))?;
        Ok(Self { client: Client::connect(&daemon.path("socket"))?, daemon })
    }

    /// Loads an archive, and calls the image that it calls `old` by the name `new` as well.
    pub(crate) fn load(&self, archive: &Path, old: &str, new: &str) -> Result<()> {
        command::stdout(self.ctr(&["import", "--no-unpack"])?.arg(archive))?;
        if old != new {
            command::stdout(&mut self.ctr(&["tag", "--force", old, new])?)?;
        }
        Ok(())
    }

    /// The command `ctr images` for this containerd, in the namespace of its CRI.
    pub(crate) fn ctr(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(require::tool("ctr", "containerd")?);
        command.arg("--address").arg(self.daemon.path("socket"));
        command.args(["--namespace", "k8s.io", "images"]).args(words);
        Ok(command)
    }

    /// Calls a method that makes something, and returns its identity.
    pub(crate) fn make(&self, method: &str, request: impl prost::Message + 'static) -> Result<String> {
        Ok(self.client.call::<_, Id>(method, request)?.id)
    }

    /// Calls a method that returns nothing about one sandbox or container.
    pub(crate) fn tell(&self, method: &str, id: &str) -> Result<()> {
        self.client.call::<_, Nothing>(method, Id { id: id.to_owned() }).map(drop)
    }
}

/// The example's configuration, with everything else in `directory`.
fn configure(directory: &Path) -> Result<()> {
    let text = |text: &str| text.replace("FOLDER", &directory.to_string_lossy()).replace("PLUGINS", PLUGINS);
    let mut config = example()?;
    let plugins = table(&mut config, "plugins")?;
    table(plugins, "io.containerd.grpc.v1.cri")?.extend(text(CRI).parse::<Table>()?);
    plugins.extend(text(OTHERS).parse::<Table>()?);
    fs::write(directory.join("config.toml"), toml::to_string(&config)?)?;
    fs::create_dir(directory.join("networks"))?;
    fs::write(directory.join("networks/pods.conflist"), text(NETWORK))?;
    Ok(())
}

fn example() -> Result<Table> {
    let path = workspace::root().join("examples/kubernetes/config.toml");
    Ok(fs::read_to_string(path).context("config.toml")?.parse()?)
}

/// The name of the example's sandbox image.
pub(crate) fn sandbox_image() -> Result<String> {
    let mut config = example()?;
    let cri = table(table(&mut config, "plugins")?, "io.containerd.grpc.v1.cri")?;
    let image = cri.get("sandbox_image").and_then(Value::as_str).context("no sandbox_image")?;
    Ok(image.to_owned())
}

fn table<'a>(table: &'a mut Table, key: &str) -> Result<&'a mut Table> {
    table.get_mut(key).and_then(Value::as_table_mut).with_context(|| format!("no {key}"))
}
