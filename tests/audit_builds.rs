//! Audits of real builds: a Makefile, an npm postinstall script, a pip setup.py and a cargo build script. Of each the
//! clean twin passes again and again, and the evil one (reads a key, changes a workflow, runs a file from a temporary
//! directory, connects) is found out, with exactly those names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/audit.rs"]
mod audit;
mod support;

use std::path::Path;

use audit::{Place, VIOLATION, is_drift, listener, named};
use support::{has_tool, heavy, missing, this_test};

/// A build: its files without and with what is evil, and its command.
struct Build<'a> {
    place: Place,
    command: &'a [&'a str],
    clean: Vec<(&'a str, String)>,
    /// The file that is evil in the other twin.
    file: &'a str,
    evil: String,
    /// The program that does it.
    program: &'a str,
}

impl Build<'_> {
    fn lay_out(&self, evil: bool) {
        let files: Vec<(&str, &str)> = self
            .clean
            .iter()
            .map(|(name, text)| (*name, if evil && *name == self.file { &self.evil[..] } else { &text[..] }))
            .collect();
        self.place.files(&files);
    }

    /// The clean twin is recorded and passes; the evil one does not.
    fn check(&self, connected: &str) {
        let _heavy = heavy();
        // The first run fills caches in the home; what differs between the next ones is learnt.
        self.lay_out(false);
        let bare = self.place.command(self.command);
        assert_eq!(bare.code(), 0, "the build itself: {}{}", bare.stdout, bare.stderr);
        for options in [&[][..], &["--merge"]] {
            self.lay_out(false);
            self.place.record(options, self.command);
        }
        for round in 0..2 {
            self.lay_out(false);
            let (outcome, found) = self.place.check(&[], self.command);
            let told = named(&found, |_| true);
            assert_eq!((outcome.code(), &told[..]), (0, &[][..]), "round {round}: {}", outcome.stderr);
        }
        self.lay_out(true);
        let (outcome, found) = self.place.check(&[], self.command);
        assert_eq!(outcome.code(), VIOLATION, "{}{}", outcome.stdout, outcome.stderr);
        let own = |list: &[(&str, &str, &str)]| -> Vec<(String, String, String)> {
            list.iter().map(|(id, act, name)| ((*id).into(), (*act).into(), (*name).into())).collect()
        };
        let rules = named(&found, |id| !is_drift(id));
        let want = own(&[
            ("read-ssh-keys", "read", "<home>/.ssh/id_rsa"),
            ("run-from-tmp", "execute", "<tmp>/trace-*/payload"),
            ("write-workflow", "create", "<dir>/.github/workflows/"),
            ("write-workflow", "create", "<dir>/.github/workflows/evil.yml"),
        ]);
        assert_eq!(rules, want, "{}", outcome.stderr);
        // What a compiler makes of other source is other objects.
        let mut drift = named(&found, |id| id == "new-connect" || id == "new-create");
        drift.retain(|(_, _, name)| !name.starts_with("<dir>/target/"));
        let want = own(&[
            ("new-connect", "connect", connected),
            ("new-create", "create", "<dir>/.github/"),
            ("new-create", "create", "<tmp>/trace-*/payload"),
        ]);
        assert_eq!(drift, want, "{}", outcome.stderr);
        self.evidence();
    }

    /// Every finding of a rule names who did it and shows the call.
    fn evidence(&self) {
        let report = self.place.json();
        assert_eq!(report["verdict"], "violation");
        for finding in report["findings"].as_array().unwrap() {
            let id = finding["id"].as_str().unwrap();
            if is_drift(id) || finding["level"] != "fail" {
                continue;
            }
            let lineage = finding["lineage"].as_array().unwrap();
            let names: Vec<&str> = lineage.iter().map(|name| name.as_str().unwrap()).collect();
            let base = |name: &str| name.rsplit('/').next().unwrap().to_owned();
            assert!(names.iter().any(|name| base(name).starts_with(self.program)), "{id}: {names:?}");
            assert!(names.len() > 1, "{id}: {names:?}");
            let call = finding["call"]["text"].as_str().unwrap();
            let begins = ["openat(", "mkdir(", "mkdirat(", "execve(", "open("];
            assert!(begins.iter().any(|begin| call.starts_with(begin)), "{id}: {call}");
            assert!(finding["call"]["time"].as_str().unwrap().ends_with('Z'), "{id}");
            assert_eq!(finding["sha256"].as_str().unwrap().len(), 64, "{id}");
            assert_eq!(finding["new"], true, "{id}");
        }
    }
}

fn copy<'a>(files: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    files.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
}

#[test]
fn make() {
    let test = this_test();
    if !has_tool("gcc") || !has_tool("make") || !has_tool("python3") {
        return missing(&test, "make, gcc, python3");
    }
    let (_listener, port, connected) = listener();
    let place = Place::new("audit-make");
    let payload = place.payload();
    let payload = payload.to_str().unwrap();
    let makefile = "all: a.o b.o\n%.o: %.c\n\tgcc -O1 -c -o $@ $<\n";
    let connect = format!("import socket; socket.create_connection((\"127.0.0.1\", {port}))");
    let evil = format!(
        "{makefile}all: evil\nevil:\n\
         \t@cat $(HOME)/.ssh/id_rsa >/dev/null\n\
         \t@mkdir -p .github/workflows && echo on: push >.github/workflows/evil.yml\n\
         \t@cp /bin/true {payload} && {payload}\n\
         \t@/usr/bin/python3 -c '{connect}'\n"
    );
    Build {
        clean: copy(&[("Makefile", makefile), ("a.c", "int a;\n"), ("b.c", "int b;\n")]),
        place,
        command: &["make", "-j2"],
        file: "Makefile",
        evil,
        program: "make",
    }
    .check(&connected);
}

#[test]
fn npm_postinstall() {
    let test = this_test();
    if !has_tool("npm") {
        return missing(&test, "npm");
    }
    let (_listener, port, connected) = listener();
    let place = Place::new("audit-npm");
    let payload = place.payload();
    let script = "const fs = require('fs');\nfs.writeFileSync('built.txt', 'built');\n";
    let evil = format!(
        "{script}fs.readFileSync(process.env.HOME + '/.ssh/id_rsa');\n\
         const app = '../.github/workflows';\n\
         fs.mkdirSync(app, {{ recursive: true }});\n\
         fs.writeFileSync(app + '/evil.yml', 'on: push');\n\
         const payload = '{}';\n\
         fs.writeFileSync(payload, fs.readFileSync('/bin/true'), {{ mode: 0o755 }});\n\
         require('child_process').execFileSync(payload);\n\
         require('net').connect({port}, '127.0.0.1', function () {{ this.destroy(); }});\n",
        payload.display()
    );
    let app = r#"{"name": "app", "version": "1.0.0", "dependencies": {"dep": "file:./dep"}}"#;
    let dep = r#"{"name": "dep", "version": "1.0.0", "scripts": {"postinstall": "node postinstall.js"}}"#;
    Build {
        clean: copy(&[("package.json", app), ("dep/package.json", dep), ("dep/postinstall.js", script)]),
        place,
        command: &[
            "npm",
            "install",
            "--offline",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--foreground-scripts",
        ],
        file: "dep/postinstall.js",
        evil,
        program: "node",
    }
    .check(&connected);
}

#[test]
fn pip_setup() {
    let test = this_test();
    let has = |module: &str| {
        let mut python = std::process::Command::new("/usr/bin/python3");
        python.args(["-c", &format!("import {module}")]).output().is_ok_and(|o| o.status.success())
    };
    if !has("pip") || !has("setuptools") || !has("wheel") {
        return missing(&test, "python3-pip, python3-setuptools, python3-wheel");
    }
    let (_listener, port, connected) = listener();
    // Nothing of the machine's Python is to be written.
    let place = Place::new("audit-pip").env("PYTHONDONTWRITEBYTECODE", "1");
    let payload = place.payload();
    let setup = "from setuptools import setup\nsetup(name='pkg', version='1.0', py_modules=['pkg'])\n";
    let evil = format!(
        "import os, shutil, socket, subprocess\n\
         if not os.path.exists('{payload}'):\n\
         \x20   open(os.path.expanduser('~/.ssh/id_rsa')).read()\n\
         \x20   os.makedirs('{project}/.github/workflows')\n\
         \x20   open('{project}/.github/workflows/evil.yml', 'w').close()\n\
         \x20   shutil.copy('/bin/true', '{payload}')\n\
         \x20   subprocess.check_call(['{payload}'])\n\
         \x20   socket.create_connection(('127.0.0.1', {port})).close()\n{setup}",
        project = place.project().display(),
        payload = payload.display()
    );
    Build {
        clean: copy(&[("pkg/setup.py", setup), ("pkg/pkg.py", "x = 1\n")]),
        place,
        command: &[
            "/usr/bin/python3",
            "-m",
            "pip",
            "install",
            "--no-index",
            "--no-build-isolation",
            "--no-deps",
            "--no-cache-dir",
            "--no-compile",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
            "--target",
            "out",
            "./pkg",
        ],
        file: "pkg/setup.py",
        evil,
        program: "python3",
    }
    .check(&connected);
}

#[test]
fn cargo_build_script() {
    let test = this_test();
    let cargo = std::env::var("CARGO").unwrap_or_default();
    let rustc = Path::new(&cargo).with_file_name("rustc");
    if !rustc.exists() || !has_tool("cc") {
        return missing(&test, "rustc beside cargo, and cc");
    }
    let (_listener, port, connected) = listener();
    let place = Place::new("audit-cargo").env("RUSTC", rustc.to_str().unwrap());
    let payload = place.payload();
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    let script = "fn main() {\n    println!(\"cargo:rerun-if-changed=build.rs\");\n}\n";
    let evil = format!(
        "use std::fs;\nfn main() {{\n\
         \x20   fs::read(std::env::var(\"HOME\").unwrap() + \"/.ssh/id_rsa\").unwrap();\n\
         \x20   fs::create_dir_all(\".github/workflows\").unwrap();\n\
         \x20   fs::write(\".github/workflows/evil.yml\", \"on: push\").unwrap();\n\
         \x20   fs::copy(\"/bin/true\", \"{0}\").unwrap();\n\
         \x20   std::process::Command::new(\"{0}\").status().unwrap();\n\
         \x20   std::net::TcpStream::connect((\"127.0.0.1\", {port})).unwrap();\n}}\n",
        payload.display()
    );
    Build {
        clean: copy(&[("Cargo.toml", manifest), ("build.rs", script), ("src/main.rs", "fn main() {}\n")]),
        place,
        command: &[&cargo, "build", "--offline", "--quiet"],
        file: "build.rs",
        evil,
        program: "build-script-build",
    }
    .check(&connected);
}
