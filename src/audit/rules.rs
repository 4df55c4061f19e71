//! The rules that come with the program, as data: what a build has no business with. A policy can change their
//! actions, silence them, or leave all of them out.
//!
//! They are the union of what people who watch builds look for: credentials by family, ways to stay on a machine,
//! workflow files, execution from temporary directories and from memory, sockets that rule the machine. Patterns are
//! those of [`super::glob`] and hosts those of [`super::policy`]. `unless` names programs whose business it is.

use super::finding::Level;

/// A shipped rule.
#[derive(Debug)]
pub struct Shipped {
    /// Its name.
    pub id: &'static str,
    /// What it means, as a sentence without a full stop.
    pub about: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// Paths that are not to be read.
    pub read: &'static [&'static str],
    /// Paths that are not to be written, made, deleted or renamed.
    pub write: &'static [&'static str],
    /// Programs that are not to be run.
    pub execute: &'static [&'static str],
    /// Peers that are not to be talked to.
    pub connect: &'static [&'static str],
    /// Paths to which it does not apply.
    pub except: &'static [&'static str],
    /// Programs to which it does not apply.
    pub unless: &'static [&'static str],
}

const NONE: Shipped = Shipped {
    id: "",
    about: "",
    level: Level::Fail,
    read: &[],
    write: &[],
    execute: &[],
    connect: &[],
    except: &[],
    unless: &[],
};

const SSH: &[&str] = &[
    "/usr/bin/ssh",
    "/usr/bin/scp",
    "/usr/bin/sftp",
    "/usr/bin/ssh-add",
    "/usr/bin/ssh-agent",
    "/usr/bin/ssh-keygen",
    "/usr/sbin/sshd",
    "/usr/lib/openssh/",
];
const GIT: &[&str] = &["/usr/bin/git", "/usr/lib/git-core/", "/usr/libexec/git-core/"];

/// Every shipped rule.
#[rustfmt::skip]
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        id: "read-ssh-keys",
        about: "keys and settings of SSH are read",
        read: &["<home>/.ssh/", "/etc/ssh/ssh_host_*"],
        except: &["<home>/.ssh/known_hosts", "<home>/.ssh/config"],
        unless: SSH,
        ..NONE
    },
    Shipped {
        id: "read-cloud-credentials",
        about: "credentials of clouds and clusters are read",
        read: &[
            "<home>/.aws/", "<home>/.azure/", "<home>/.config/gcloud/", "<home>/.config/doctl/", "<home>/.oci/",
            "<home>/.kube/", "<home>/.docker/config.json", "<home>/.vault-token", "<home>/.terraform.d/credentials.tfrc.json",
            "/var/run/secrets/", "/run/secrets/", "/etc/kubernetes/",
        ],
        unless: &["/usr/bin/docker", "/usr/bin/kubectl", "/usr/local/bin/kubectl"],
        ..NONE
    },
    Shipped {
        id: "read-forge-tokens",
        about: "passwords and tokens of code forges are read",
        read: &["<home>/.git-credentials", "<home>/.config/git/credentials", "<home>/.config/gh/", "<home>/.config/glab-cli/", "<home>/.config/hub", "<home>/.netrc"],
        unless: &["/usr/bin/git", "/usr/lib/git-core/", "/usr/bin/gh", "/usr/bin/curl"],
        ..NONE
    },
    Shipped {
        id: "read-registry-tokens",
        about: "tokens for publishing packages are read",
        read: &[
            "<home>/.pypirc", "<home>/.cargo/credentials", "<home>/.cargo/credentials.toml", "<home>/.gem/credentials",
            "<home>/.config/composer/auth.json", "<home>/.config/rubygems/credentials",
        ],
        unless: &["**/bin/cargo"],
        ..NONE
    },
    Shipped {
        id: "read-gpg-keys",
        about: "keys of GnuPG are read",
        read: &["<home>/.gnupg/"],
        unless: &["/usr/bin/gpg", "/usr/bin/gpg-agent", "/usr/bin/gpgsm", "/usr/bin/gpgconf", "/usr/lib/gnupg/"],
        ..NONE
    },
    Shipped {
        id: "read-history",
        about: "the history of a shell or console is read",
        read: &[
            "<home>/.bash_history", "<home>/.zsh_history", "<home>/.local/share/fish/fish_history", "<home>/.python_history",
            "<home>/.node_repl_history", "<home>/.psql_history", "<home>/.mysql_history", "<home>/.sqlite_history",
        ],
        ..NONE
    },
    Shipped {
        id: "read-browser-data",
        about: "data of browsers and keyrings is read",
        read: &[
            "<home>/.mozilla/", "<home>/.config/google-chrome/", "<home>/.config/chromium/", "<home>/.config/BraveSoftware/",
            "<home>/.local/share/keyrings/", "<home>/.password-store/",
        ],
        ..NONE
    },
    Shipped {
        id: "read-dotenv",
        about: "a file of secret variables is read",
        level: Level::Warn,
        read: &["**/.env", "**/.env.local", "**/.env.production"],
        ..NONE
    },
    Shipped {
        id: "read-passwords",
        about: "passwords of the system are read",
        read: &["/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-"],
        unless: &["/usr/bin/sudo", "/usr/bin/su", "/usr/bin/passwd", "/usr/sbin/", "/sbin/"],
        ..NONE
    },
    Shipped {
        id: "read-other-process",
        about: "memory or environment of another process is read",
        read: &["/proc/<pid>/environ", "/proc/<pid>/mem", "/proc/<pid>/task/<pid>/environ", "/proc/<pid>/task/<pid>/mem", "/dev/mem", "/dev/kmem", "/proc/kcore"],
        write: &["/proc/<pid>/mem", "/proc/<pid>/task/<pid>/mem", "/dev/mem", "/dev/kmem"],
        ..NONE
    },
    Shipped {
        id: "write-workflow",
        about: "a workflow of continuous integration is changed",
        write: &[
            "**/.github/workflows/", "**/.github/actions/", "**/.gitlab-ci.yml", "**/.circleci/", "**/.travis.yml",
            "**/Jenkinsfile", "**/azure-pipelines.yml", "**/bitbucket-pipelines.yml", "**/.woodpecker/", "**/.drone.yml",
        ],
        unless: GIT,
        ..NONE
    },
    Shipped {
        id: "write-git",
        about: "hooks or settings of a repository are changed",
        write: &["**/.git/hooks/", "**/.git/config", "<home>/.gitconfig", "<home>/.config/git/", "/etc/gitconfig"],
        unless: GIT,
        ..NONE
    },
    Shipped {
        id: "write-shell-start",
        about: "what shells run at their start is changed",
        write: &[
            "<home>/.bashrc", "<home>/.bash_profile", "<home>/.bash_login", "<home>/.bash_logout", "<home>/.bash_aliases",
            "<home>/.profile", "<home>/.zshrc", "<home>/.zshenv", "<home>/.zprofile", "<home>/.zlogin", "<home>/.config/fish/",
            "<home>/.inputrc", "<home>/.pam_environment", "<home>/.xprofile", "<home>/.xinitrc",
            "/etc/profile", "/etc/profile.d/", "/etc/bash.bashrc", "/etc/zsh/", "/etc/environment",
        ],
        ..NONE
    },
    Shipped {
        id: "write-ssh",
        about: "who may log in by SSH is changed",
        write: &["<home>/.ssh/", "**/.ssh/authorized_keys", "**/.ssh/authorized_keys2", "/etc/ssh/"],
        except: &["<home>/.ssh/known_hosts", "<home>/.ssh/known_hosts.old"],
        unless: &["/usr/bin/ssh-keygen"],
        ..NONE
    },
    Shipped {
        id: "write-cron",
        about: "a job for cron or at is made",
        write: &["/etc/crontab", "/etc/cron*", "/etc/cron.d/", "/etc/cron.hourly/", "/etc/cron.daily/", "/etc/cron.weekly/", "/etc/cron.monthly/", "/var/spool/cron/", "/etc/anacrontab"],
        ..NONE
    },
    Shipped {
        id: "write-service",
        about: "a service or a program that starts with the machine or a login is made",
        write: &[
            "/etc/systemd/", "/run/systemd/system/", "/run/systemd/user/", "/usr/lib/systemd/", "/lib/systemd/", "/usr/local/lib/systemd/",
            "<home>/.config/systemd/", "<home>/.local/share/systemd/", "<home>/.config/autostart/", "/etc/xdg/autostart/",
            "/etc/init.d/", "/etc/rc.local", "/etc/udev/rules.d/", "/etc/sudoers", "/etc/sudoers.d/", "/etc/passwd", "/etc/shadow",
            "/etc/modules-load.d/", "/etc/pam.d/",
        ],
        ..NONE
    },
    Shipped {
        id: "write-preload",
        about: "libraries are put into every program",
        write: &["/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/ld.so.conf.d/"],
        ..NONE
    },
    Shipped {
        id: "write-python-start",
        about: "what Python runs at its start is changed",
        level: Level::Warn,
        write: &["**/sitecustomize.py", "**/usercustomize.py", "**/*.pth"],
        ..NONE
    },
    Shipped {
        id: "write-kernel-hook",
        about: "a file is written by which the kernel starts programs or lets containers go",
        write: &["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "**/release_agent", "/sys/kernel/uevent_helper", "/proc/sys/fs/binfmt_misc/"],
        ..NONE
    },
    Shipped {
        id: "write-system",
        about: "a file of the system is changed",
        level: Level::Warn,
        write: &["/etc/", "/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/boot/"],
        except: &["**/__pycache__/**"],
        ..NONE
    },
    Shipped {
        id: "run-from-tmp",
        about: "a program in a temporary directory is run",
        execute: &["<tmp>/**"],
        except: &["<dir>/**", "<home>/**"],
        ..NONE
    },
    Shipped {
        id: "run-from-memory",
        about: "a program without a file is run",
        execute: &["/memfd:*"],
        ..NONE
    },
    Shipped {
        id: "connect-machine",
        about: "a socket is used that rules the machine",
        connect: &[
            "unix:/run/docker.sock", "unix:/var/run/docker.sock", "unix:/run/containerd/", "unix:/run/podman/", "unix:/run/crio/",
            "unix:/run/systemd/private", "unix:/run/dbus/system_bus_socket", "unix:/var/lib/lxd/unix.socket",
        ],
        unless: &["/usr/bin/docker", "/usr/bin/podman", "/usr/bin/systemctl"],
        ..NONE
    },
    Shipped {
        id: "connect-metadata",
        about: "the cloud's metadata service is asked, which gives out credentials",
        connect: &["169.254.169.254", "169.254.170.2", "[fd00:ec2::254]", "100.100.100.200", "metadata.google.internal"],
        ..NONE
    },
    Shipped {
        id: "connect-by-number",
        about: "a public address is talked to that no name was asked for",
        level: Level::Warn,
        connect: &["<ip>"],
        ..NONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_something() {
        let mut seen = HashSet::new();
        for rule in SHIPPED {
            assert!(seen.insert(rule.id), "{}", rule.id);
            let any = [rule.read, rule.write, rule.execute, rule.connect].iter().any(|list| !list.is_empty());
            assert!(any && !rule.about.is_empty() && !rule.about.ends_with('.'), "{}", rule.id);
        }
    }
}
