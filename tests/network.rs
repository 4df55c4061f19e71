//! Veth pairs on a real kernel: what the program inside sees, that packets flow, that nothing stays.
//!
//! Every test has names and subnets of its own and touches no interface that it did not make.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::TempDir;
use support::procfs::{state, wait_until};
use trace::spawn::network::{Error, Step, Strategy, Veth, attach, create, create_named, initialize};

const LIMIT: Duration = Duration::from_secs(10);

/// CAP_NET_ADMIN and CAP_SYS_ADMIN of linux/capability.h.
const WANTED: u64 = 1 << 12 | 1 << 21;

/// The effective capabilities of this process.
fn capabilities() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap()
}

/// Whether the test may make interfaces; says what is missing otherwise.
fn may_run(test: &str) -> bool {
    if capabilities() & WANTED != WANTED {
        support::missing(test, "CAP_NET_ADMIN and CAP_SYS_ADMIN (run the tests as root)");
        return false;
    }
    for (tool, package) in [("ip", "iproute2"), ("nsenter", "util-linux"), ("unshare", "util-linux")] {
        if !support::has_tool(tool) {
            support::missing(test, &format!("{tool} (package {package})"));
            return false;
        }
    }
    true
}

/// A process that sleeps in a network namespace of its own; ended on drop.
struct Sleeper(Child);

impl Sleeper {
    fn start(unshare: &str) -> Self {
        let mut command = Command::new("unshare");
        command.args([unshare, "sleep", "60"]).stdout(Stdio::null());
        let child = Sleeper(command.spawn().unwrap());
        let comm = format!("/proc/{}/comm", child.pid());
        assert!(wait_until(LIMIT, || fs::read_to_string(&comm).is_ok_and(|comm| comm.trim() == "sleep")));
        child
    }

    fn pid(&self) -> i32 {
        self.0.id() as i32
    }

    /// What a command prints inside.
    fn run(&self, command: &[&str]) -> String {
        output(Command::new("nsenter").arg("-n").arg("-t").arg(self.pid().to_string()).args(command))
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn ip(arguments: &str) -> String {
    output(Command::new("ip").args(arguments.split(' ')))
}

fn exists(name: &str) -> bool {
    Path::new("/sys/class/net").join(name).exists()
}

/// A number that differs between tests and between runs at one time.
fn unique() -> u32 {
    std::process::id() * 16 + support::serial()
}

/// An interface name nobody else uses.
fn name(prefix: &str) -> String {
    format!("{prefix}{}", unique())
}

/// The first three bytes of a subnet of one's own, as text.
fn subnet() -> String {
    let n = unique();
    format!("10.{}.{}", 100 + n / 256 % 100, n % 256)
}

fn veth(text: &str) -> Veth {
    match Strategy::parse(&format!("veth:{text}")) {
        Ok(Strategy::Veth(veth)) => veth,
        other => panic!("{text}: {other:?}"),
    }
}

/// Removes interfaces that a test made by hand.
struct Made(String);

impl Made {
    fn new(name: &str, kind: &str) -> Self {
        ip(&format!("link add {name} type {kind}"));
        Made(name.to_owned())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        Command::new("ip").args(["link", "del", &self.0]).output().ok();
    }
}

/// Sends a line from inside to a listener at `addr` and gets it back in capitals.
fn talks(sleeper: &Sleeper, addr: &str) {
    let addr: IpAddr = addr.parse().unwrap();
    let listener = TcpListener::bind(SocketAddr::new(addr, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::scope(|scope| {
        let server = scope.spawn(move || {
            listener.set_nonblocking(true).unwrap();
            let mut accepted = None;
            assert!(wait_until(LIMIT, || {
                accepted = listener.accept().ok();
                accepted.is_some()
            }));
            let (mut stream, peer) = accepted.unwrap();
            stream.set_nonblocking(false).unwrap();
            let mut line = [0; 6];
            stream.read_exact(&mut line).unwrap();
            stream.write_all(&line.to_ascii_uppercase()).unwrap();
            peer
        });
        let script = format!("exec 3<>/dev/tcp/{addr}/{port}; echo hello >&3; read -r line <&3; echo $line");
        assert_eq!(sleeper.run(&["timeout", "10", "bash", "-c", &script]), "HELLO\n");
        assert_ne!(server.join().unwrap().ip(), addr);
    });
}

#[test]
fn row_37_everything_arrives_inside() {
    if !may_run("row_37_everything_arrives_inside") {
        return;
    }
    let (net, bridge, host) = (subnet(), name("tb"), name("th"));
    let sleeper = Sleeper::start("-n");
    let net6 = format!("fd00:{:x}", unique() % 65536);
    let plan = veth(&format!(
        "bridge={bridge},create,host={host},host-address={net}.1/24,host-address={net6}::1/64,\
         mac=02:00:00:00:00:09,address={net}.2/24,address={net6}::2/64,gateway={net}.1,gateway={net6}::1,\
         mtu=1400,txqlen=77"
    ));
    let link = create(&plan, sleeper.pid()).unwrap();
    assert_eq!(link.host_name(), host);
    assert!(!sleeper.run(&["cat", "/proc/net/dev"]).contains("eth0"), "named by initialize");
    initialize(&plan, &link).unwrap();

    let dev = sleeper.run(&["cat", "/proc/net/dev"]);
    let names: Vec<&str> = dev.lines().filter_map(|line| Some(line.split_once(':')?.0.trim())).collect();
    assert!(names.contains(&"eth0") && names.contains(&"lo") && !names.contains(&host.as_str()), "{names:?}");
    let shown = sleeper.run(&["ip", "-o", "link", "show", "eth0"]);
    for want in ["mtu 1400", "qlen 77", "link/ether 02:00:00:00:00:09", ",UP", "LOWER_UP"] {
        assert!(shown.contains(want), "{want}: {shown}");
    }
    assert!(sleeper.run(&["ip", "-o", "link", "show", "lo"]).contains("LOOPBACK,UP"));
    let addresses = sleeper.run(&["ip", "-o", "address", "show", "eth0"]);
    for net in &plan.addresses {
        assert!(addresses.contains(&format!("{net} ")), "{net}: {addresses}");
    }
    assert!(!addresses.contains("tentative") || addresses.contains("fe80"), "{addresses}");
    let routes = sleeper.run(&["ip", "route"]) + &sleeper.run(&["ip", "-6", "route"]);
    for gateway in &plan.gateways {
        assert!(routes.contains(&format!("default via {gateway} dev eth0")), "{gateway}: {routes}");
    }
    let shown = ip(&format!("-o link show {host}"));
    for want in [&format!("master {bridge}") as &str, "mtu 1400", "qlen 77", ",UP"] {
        assert!(shown.contains(want), "{want}: {shown}");
    }

    for net in &plan.host_addresses {
        talks(&sleeper, &net.addr.to_string());
    }
    link.remove().unwrap();
    assert!(!exists(&host) && !exists(&bridge));
    assert!(!sleeper.run(&["cat", "/proc/net/dev"]).contains("eth0"));
}

#[test]
fn row_37_without_a_bridge_the_host_end_has_the_address() {
    if !may_run("row_37_without_a_bridge_the_host_end_has_the_address") {
        return;
    }
    let net = subnet();
    let sleeper = Sleeper::start("-n");
    let link =
        attach(&veth(&format!("host-address={net}.1/30,address={net}.2/30,name=inside")), sleeper.pid())
            .unwrap();
    let host = link.host_name().to_owned();
    assert!(host.len() == 8 && host.starts_with("tr") && exists(&host), "{host}");
    assert!(sleeper.run(&["cat", "/proc/net/dev"]).contains("inside:"));
    talks(&sleeper, &format!("{net}.1"));
    drop(link);
    assert!(!exists(&host), "drop removes");
}

#[test]
fn row_37_a_dead_namespace_is_no_error() {
    if !may_run("row_37_a_dead_namespace_is_no_error") {
        return;
    }
    let (net, bridge) = (subnet(), name("tb"));
    for waits in [false, true] {
        let sleeper = Sleeper::start("-n");
        let plan = veth(&format!("bridge={bridge},create,host-address={net}.1/24,address={net}.2/24"));
        let link = attach(&plan, sleeper.pid()).unwrap();
        let (host, pid) = (link.host_name().to_owned(), sleeper.pid());
        drop(sleeper);
        if waits {
            assert!(wait_until(LIMIT, || !exists(&host)), "the kernel takes the pair with the namespace");
        }
        assert!(matches!(initialize(&plan, &link), Err(Error::Gone(gone)) if gone == pid));
        link.remove().unwrap();
        assert!(!exists(&host) && !exists(&bridge));
        let error = create(&plan, pid).unwrap_err();
        assert_eq!(error.to_string(), format!("process {pid} ended before its network was made"));
        assert!(!exists(&bridge));
    }
}

#[test]
fn row_37_taken_names_are_retried() {
    if !may_run("row_37_taken_names_are_retried") {
        return;
    }
    let (net, taken, free) = (subnet(), name("tt"), name("tf"));
    let _taken = Made::new(&taken, "bridge");
    let sleeper = Sleeper::start("-n");
    let plan = veth(&format!("address={net}.2/24"));
    let mut asked = 0;
    let link = create_named(&plan, sleeper.pid(), || {
        asked += 1;
        if asked < 10 { taken.clone() } else { free.clone() }
    });
    assert_eq!((link.unwrap().host_name(), asked), (free.as_str(), 10));
    asked = 0;
    let error = create_named(&plan, sleeper.pid(), || {
        asked += 1;
        taken.clone()
    });
    assert_eq!(
        (error.unwrap_err().to_string().as_str(), asked),
        ("ten random names for the host end were all taken: name it with host=", 10)
    );
    let error = create(&veth(&format!("host={taken},address={net}.2/24")), sleeper.pid()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "there is an interface '{taken}' already: give another host= name, or leave it out for a random one"
        )
    );
    assert!(exists(&taken) && !exists(&free), "what was there stays, what was made goes");
}

#[test]
fn row_37_bridges_must_be_bridges() {
    if !may_run("row_37_bridges_must_be_bridges") {
        return;
    }
    let (net, bridge) = (subnet(), name("tb"));
    let sleeper = Sleeper::start("-n");
    let plan = veth(&format!("bridge={bridge},address={net}.2/24"));
    assert_eq!(
        create(&plan, sleeper.pid()).unwrap_err().to_string(),
        format!(
            "there is no bridge '{bridge}': make it with 'ip link add {bridge} type bridge', or add the veth option create"
        )
    );
    let pair = Made::new(&bridge, "veth");
    assert_eq!(
        create(&plan, sleeper.pid()).unwrap_err().to_string(),
        format!("the interface '{bridge}' is no bridge: name one that 'ip link show type bridge' lists")
    );
    drop(pair);
    let _bridge = Made::new(&bridge, "bridge");
    let shared = veth(&format!("bridge={bridge},create,host-address={net}.1/24,address={net}.2/24"));
    for plan in [plan, shared] {
        let link = attach(&plan, sleeper.pid()).unwrap();
        assert!(ip(&format!("-o link show {}", link.host_name())).contains(&format!("master {bridge}")));
        link.remove().unwrap();
        assert!(exists(&bridge), "a bridge that was there stays");
        assert!(!ip(&format!("-o address show {bridge}")).contains(&net), "and gets no address");
    }
}

#[test]
fn row_37_a_shared_bridge_outlives_its_maker() {
    if !may_run("row_37_a_shared_bridge_outlives_its_maker") {
        return;
    }
    let (net, bridge) = (subnet(), name("tb"));
    let (first, second) = (Sleeper::start("-n"), Sleeper::start("-n"));
    let plan = |n: u8| veth(&format!("bridge={bridge},create,host-address={net}.1/24,address={net}.{n}/24"));
    let made = attach(&plan(2), first.pid()).unwrap();
    let _bridge = Made(bridge.clone());
    let joined = attach(&plan(3), second.pid()).unwrap();
    made.remove().unwrap();
    assert!(exists(&bridge));
    talks(&second, &format!("{net}.1"));
    joined.remove().unwrap();
}

#[test]
fn row_37_an_error_in_the_middle_leaves_nothing() {
    if !may_run("row_37_an_error_in_the_middle_leaves_nothing") {
        return;
    }
    let (net, bridge, host) = (subnet(), name("tb"), name("th"));
    let sleeper = Sleeper::start("-n");
    sleeper.run(&["ip", "link", "add", "eth0", "type", "bridge"]);
    let plan =
        veth(&format!("bridge={bridge},create,host={host},host-address={net}.1/24,address={net}.2/24"));
    let error = attach(&plan, sleeper.pid()).unwrap_err();
    assert!(matches!(&error, Error::Kernel { step: Step::Rename, errno: libc::EEXIST, .. }), "{error:?}");
    assert_eq!(error.to_string(), "renaming to eth0: File exists");
    assert!(!exists(&host) && !exists(&bridge));
    let mut impossible = plan.clone();
    impossible.name = "a name that is too long".to_owned();
    assert!(matches!(create(&impossible, sleeper.pid()), Err(Error::Plan(_))));
    // A namespace without IPv6 refuses the second address, after the name and the first were set.
    let other = veth(&format!("name=other,address={net}.2/24,gateway=fe80::1,address=fd00::2/128"));
    sleeper.run(&["bash", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"]);
    let error = attach(&other, sleeper.pid()).unwrap_err();
    assert!(matches!(&error, Error::Kernel { step: Step::Address, .. }), "{error:?}");
    assert!(error.to_string().starts_with("adding the address fd00::2/128: "), "{error}");
    assert!(!sleeper.run(&["cat", "/proc/net/dev"]).contains("other"));
}

#[test]
fn row_37_the_hosts_own_namespace_is_never_touched() {
    if !may_run("row_37_the_hosts_own_namespace_is_never_touched") {
        return;
    }
    let pid = std::process::id() as i32;
    let error = attach(&veth(&format!("address={}.2/24", subnet())), pid).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("process {pid} shares the network namespace of the tracer: it needs one of its own for veth")
    );
}

#[test]
fn row_37_a_stopped_process_can_be_served() {
    if !may_run("row_37_a_stopped_process_can_be_served") {
        return;
    }
    let sleeper = Sleeper::start("-n");
    assert!(support::procfs::kill(sleeper.pid(), libc::SIGSTOP));
    assert!(wait_until(LIMIT, || state(sleeper.pid()) == Some('T')));
    let link = attach(&veth(&format!("address={}.2/24", subnet())), sleeper.pid()).unwrap();
    assert!(sleeper.run(&["cat", "/proc/net/dev"]).contains("eth0:"));
    assert_eq!(state(sleeper.pid()), Some('T'));
    link.remove().unwrap();
}

/// As root this runs itself as nobody; as anybody else it asks for a pair.
#[test]
fn row_37_without_privilege_one_sentence() {
    let test = "row_37_without_privilege_one_sentence";
    if capabilities() & WANTED == 0 {
        if !Command::new("unshare").args(["-Urn", "true"]).status().is_ok_and(|status| status.success()) {
            support::missing(test, "user namespaces for everybody");
            return;
        }
        let sleeper = Sleeper::start("-Urn");
        let error = attach(&veth("address=10.99.99.2/24"), sleeper.pid()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "veth needs CAP_NET_ADMIN on the host (making the veth pair was refused): run as root, or use the network strategy loopback or none"
        );
        return;
    }
    if !may_run(test) {
        return;
    }
    let dir = TempDir::new("network");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = dir.join("network");
    support::copy_program(std::env::current_exe().unwrap(), &copy);
    let mut nobody = Command::new("setpriv");
    nobody.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
    let text = output(nobody.arg(&copy).args(["--exact", test, "--nocapture"]).current_dir("/"));
    assert!(text.contains("1 passed"), "{text}");
}
