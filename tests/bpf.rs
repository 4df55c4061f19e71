//! The BPF rooms against a naive reading of the rules, and against the kernel.
#![allow(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use syscall_tables::abi::{Abi, numbers};
use trace::bpf::check::check;
use trace::bpf::compile::{Cmp, Cond, Rule, Rules, Table, X32, compile};
use trace::bpf::run::run;
use trace::bpf::{Action, Data, Insn, Program, disassemble::disassemble, op};
use trace::profile::{Host, load};

use proptest::prelude::*;

use live::Call;
use random::Random;

#[path = "bpf/live.rs"]
mod live;
#[path = "bpf/random.rs"]
mod random;

const ENOSYS: i64 = 38;

/// What rules say, read word by word.
fn expected(rules: &Rules, data: &Data) -> Action {
    let nr = data.nr as u32;
    let Some(table) = rules.tables.iter().find(|t| t.abi.audit_arch() == data.arch) else {
        return rules.bad_arch;
    };
    let holds = |cond: &Cond| {
        let arg = data.args[usize::from(cond.arg)];
        match cond.cmp {
            Cmp::Eq => arg == cond.value,
            Cmp::Ne => arg != cond.value,
            Cmp::Lt => arg < cond.value,
            Cmp::Le => arg <= cond.value,
            Cmp::Gt => arg > cond.value,
            Cmp::Ge => arg >= cond.value,
            Cmp::MaskedEq(mask) => arg & mask == cond.value,
        }
    };
    let matches = |rule: &&Rule| rule.nr == nr && rule.conditions.iter().all(holds);
    if let Some(rule) = table.rules.iter().find(matches) {
        return rule.action;
    }
    if nr == u32::MAX {
        return rules.default;
    }
    if table.abi == Abi::X86_64 && nr >= 0x4000_0000 {
        return if rules.x32 == X32::BadArch { rules.bad_arch } else { rules.default };
    }
    match table.beyond {
        Some((above, action)) if nr > above => action,
        _ => rules.default,
    }
}

fn word() -> impl Strategy<Value = u64> {
    let half = || prop_oneof![0..4u64, Just(0x7fff_ffff), Just(0x8000_0000), 0xffff_fffc..=0xffff_ffffu64];
    prop_oneof![any::<u64>(), half(), (half(), half()).prop_map(|(high, low)| high << 32 | low)]
}

fn number() -> impl Strategy<Value = u32> {
    let near = |at: u32| (0..4u32).prop_map(move |by| at.wrapping_add(by).wrapping_sub(2));
    prop_oneof![3 => 0..12u32, 1 => 300..700u32, 1 => near(0x4000_0000), 1 => near(0), 1 => any::<u32>()]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::KillProcess),
        Just(Action::Allow),
        Just(Action::Log),
        (0..3u16).prop_map(Action::Errno),
        (0..2u16).prop_map(Action::Trace)
    ]
}

fn cond() -> impl Strategy<Value = Cond> {
    let cmp = prop_oneof![
        Just(Cmp::Eq),
        Just(Cmp::Ne),
        Just(Cmp::Lt),
        Just(Cmp::Le),
        Just(Cmp::Gt),
        Just(Cmp::Ge),
        word().prop_map(Cmp::MaskedEq),
        (0..64u32).prop_map(|bit| Cmp::MaskedEq(1 << bit)),
    ];
    (0..6u8, cmp, word(), 0..8).prop_map(|(arg, cmp, value, odd)| match cmp {
        Cmp::MaskedEq(mask) if odd != 0 => Cond { arg, cmp, value: value & mask },
        _ => Cond { arg, cmp, value },
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let rule = (number(), prop::collection::vec(cond(), 0..4), action());
    let rule = rule.prop_map(|(nr, conditions, action)| Rule { nr, conditions, action }).boxed();
    let list = || prop::collection::vec(rule.clone(), 0..120);
    let beyond = || prop::option::of((0..600u32, action()));
    let x32 = prop_oneof![Just(X32::BadArch), Just(X32::Default)];
    (action(), action(), x32, list(), list(), beyond(), beyond(), 0..4).prop_map(
        |(default, bad_arch, x32, first, second, b1, b2, which)| {
            let first = Table { abi: Abi::X86_64, rules: first, beyond: b1 };
            let second = Table { abi: Abi::I386, rules: second, beyond: b2 };
            let tables = match which {
                0 => vec![first],
                1 => vec![second],
                2 => vec![second, first],
                _ => vec![first, second],
            };
            Rules { default, bad_arch, x32, tables }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn programs_say_what_their_rules_say(
        rules in rules(),
        probes in prop::collection::vec((number(), 0..5usize, [word(), word(), word(), word(), word(), word()],
            any::<prop::sample::Index>(), 0..3u64), 200),
    ) {
        let program = compile(&rules).unwrap();
        check(&program).unwrap();
        let conditional: Vec<(u32, Cond)> = rules.tables.iter().flat_map(|t| &t.rules)
            .flat_map(|rule| rule.conditions.iter().map(|cond| (rule.nr, *cond))).collect();
        for (nr, arch, mut args, index, by) in probes {
            let mut nr = nr;
            if !conditional.is_empty() && by != 2 {
                // On the edge of a condition that exists.
                let (its_nr, cond) = *index.get(&conditional);
                nr = its_nr;
                args[usize::from(cond.arg)] = cond.value.wrapping_add(by).wrapping_sub(u64::from(by == 1) * 2);
            }
            let abi = [Abi::X86_64, Abi::X86_64, Abi::I386, Abi::I386, Abi::Aarch64][arch];
            if abi == Abi::I386 {
                args = args.map(|arg| arg & 0xffff_ffff);
            }
            let data = Data { nr: nr as i32, arch: abi.audit_arch(), ip: args[0], args };
            let outcome = run(&program, &data).unwrap();
            prop_assert_eq!(Action::from_ret(outcome.ret), expected(&rules, &data),
                "{:?}\n{}", data, disassemble(&program));
        }
    }
}

/// What the interpreter says the kernel will answer; none if the caller dies.
fn foretold(program: &Program, call: &Call) -> Option<i64> {
    match Action::from_ret(run(program, &call.data()).unwrap().ret) {
        Action::Errno(errno) => Some(-i64::from(errno)),
        Action::Allow => Some(-ENOSYS),
        _ => None,
    }
}

/// Makes the calls live and holds the results against the interpreter's.
fn hold_against_kernel(program: &Program, calls: &[Call]) {
    let report = live::run(program, calls);
    assert_eq!(report.load, 0, "{}", disassemble(program));
    for (call, result) in calls.iter().zip(&report.results) {
        let expected = foretold(program, call);
        assert_eq!(*result, expected, "{call:x?}\n{}", disassemble(program));
        if expected.is_none() {
            assert_eq!(report.signal, libc::SIGSYS);
            return;
        }
    }
    assert_eq!(report.signal, libc::SIGILL);
}

#[test]
fn the_kernel_answers_as_foretold() {
    let mut random = Random(0x5eed);
    let mut abis = vec![Abi::X86_64];
    if live::takes_i386() {
        abis.push(Abi::I386);
    } else {
        println!("32-bit calls left out: the kernel lacks CONFIG_IA32_EMULATION");
    }
    for round in 0..150 {
        let rules = random.rules(&abis[..1 + round % abis.len()]);
        let call = |random: &mut Random| {
            let abi = random.of(&abis);
            let narrow = abi == Abi::I386;
            let args = [0; 6].map(|_| random.value() & if narrow { 0xffff_ffff } else { u64::MAX });
            let [a, b, c, d, e, f] = args;
            let args = if narrow { [a, b, c, d, e, 0] } else { [a, b, c, d, e, f] };
            Call { abi, nr: random.number(), args }
        };
        // The sixth argument of a 32-bit call is in ebp, which the child leaves alone; no rule looks at it.
        let calls: Vec<Call> = (0..200).map(|_| call(&mut random)).collect();
        hold_against_kernel(&compile(&rules).unwrap(), &calls);
    }
}

#[test]
fn arguments_beyond_32_bits() {
    let nr = numbers::number(Abi::X86_64, "getppid").unwrap() as u32;
    let cond = |arg, cmp, value| Cond { arg, cmp, value };
    let rule = |conditions, errno| Rule { nr, conditions, action: Action::Errno(errno) };
    let rules = Rules {
        default: Action::Allow,
        bad_arch: Action::KillProcess,
        x32: X32::BadArch,
        tables: vec![Table {
            abi: Abi::X86_64,
            rules: vec![
                rule(vec![cond(0, Cmp::Eq, 0x12_3456_789a)], 71),
                rule(vec![cond(0, Cmp::Gt, 0xffff_ffff_0000_0000)], 72),
                rule(vec![cond(5, Cmp::MaskedEq(0xf000_0000_0000_0001), 0x1000_0000_0000_0001)], 73),
            ],
            beyond: None,
        }],
    };
    let call = |a, f| Call { abi: Abi::X86_64, nr, args: [a, 0, 0, 0, 0, f] };
    let calls = [
        call(0x12_3456_789a, 0),
        call(0x3456_789a, 0),
        call(u64::MAX, 0),
        call(0, 0x1fff_0000_0000_0001),
        call(0, 1),
    ];
    let report = live::run(&compile(&rules).unwrap(), &calls);
    let parent = Some(i64::from(std::process::id()));
    assert_eq!(report.results, [Some(-71), parent, Some(-72), Some(-73), parent]);
}

#[test]
fn the_interpreter_computes_as_the_kernel() {
    let mut random = Random(0xbeef);
    let (mut legal, mut deadly) = (0, 0);
    while legal < 1500 {
        let program = random.soup();
        if check(&program).is_err() {
            continue;
        }
        legal += 1;
        let calls: Vec<Call> = (0..4)
            .map(|_| Call { abi: Abi::X86_64, nr: random.number(), args: [0; 6].map(|_| random.value()) })
            .collect();
        deadly += usize::from(calls.iter().any(|call| foretold(&program, call).is_none()));
        hold_against_kernel(&program, &calls);
    }
    println!("{legal} programs, {deadly} of them divide by zero");
    assert!(deadly > 10);
}

#[test]
fn the_checker_agrees_with_the_kernel() {
    let mut random = Random(0xc0ffee);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..4000 {
        let base = if round % 2 == 0 {
            random.soup()
        } else {
            compile(&random.rules(&[Abi::X86_64, Abi::I386])).unwrap()
        };
        let program = random.mutate(&base);
        let report = live::run(&program, &[]);
        let verdict = check(&program);
        match report.load {
            0 => taken += 1,
            load => {
                assert_eq!(load, -i64::from(libc::EINVAL));
                refused += 1;
            }
        }
        assert_eq!(report.load == 0, verdict.is_ok(), "{verdict:?}\n{}", disassemble(&program));
    }
    println!("{taken} programs taken, {refused} refused");
    assert!(taken > 500 && refused > 500, "{taken} taken, {refused} refused");
}

#[test]
fn the_longest_program() {
    let ret = Insn::new(op::RET_K, Action::Allow.to_ret());
    for (len, load) in [(0, -22), (1, 0), (4096, 0), (4097, -22)] {
        let program = Program::new(vec![ret; len]);
        assert_eq!(live::run(&program, &[]).load, load, "{len}");
        assert_eq!(check(&program).is_ok(), load == 0, "{len}");
    }
}

fn call(abi: Abi, name: &str, args: &[u64]) -> Call {
    let mut all = [0; 6];
    all[..args.len()].copy_from_slice(args);
    Call { abi, nr: numbers::number(abi, name).unwrap() as u32, args: all }
}

#[test]
fn a_container_profile_at_work() {
    let json = include_bytes!("bpf/container.json");
    let loaded = load(json, &Host::default()).unwrap();
    assert_eq!(loaded.warnings.len(), 1, "{:?}", loaded.warnings);
    check(&loaded.program).unwrap();
    println!("{}", disassemble(&loaded.program));
    let wide = Abi::X86_64;
    let calls = [
        (call(wide, "getpid", &[]), None),
        (call(wide, "personality", &[0xffff_ffff]), None),
        (call(wide, "personality", &[0x40000]), Some(-1)),
        (call(wide, "mkdir", &[0]), Some(-1)),
        (call(wide, "clone3", &[0, 0]), Some(-38)),
        (call(wide, "socket", &[40, 1, 0]), Some(-97)),
        (call(wide, "socket", &[1, 1, 0]), None),
        (call(wide, "unshare", &[0x1000_0000]), Some(-1)),
        (call(wide, "setns", &[0]), Some(-1)),
        (Call { nr: 2000, ..call(wide, "getpid", &[]) }, Some(-1)),
    ];
    let (made, expected): (Vec<Call>, Vec<_>) = calls.into_iter().unzip();
    let report = live::run(&loaded.program, &made);
    assert_eq!((report.load, report.signal), (0, libc::SIGILL));
    for ((call, result), expected) in made.iter().zip(report.results).zip(expected) {
        let result = result.unwrap();
        assert!(expected.map_or(result >= 0, |errno| result == errno), "{call:?} gave {result}");
    }
    let admin = Host { caps: vec!["CAP_SYS_ADMIN".to_owned()], enosys_beyond: true, ..Host::default() };
    let loaded = load(json, &admin).unwrap();
    let beyond = Call { nr: 2000, ..call(wide, "getpid", &[]) };
    let report = live::run(&loaded.program, &[call(wide, "setns", &[u64::MAX, 0]), beyond]);
    assert_eq!(report.results, [Some(-9), Some(-38)], "EBADF: the call was made");
}

#[test]
fn thirty_two_bit_calls_under_a_profile() {
    if !live::takes_i386() {
        println!("left out: the kernel lacks CONFIG_IA32_EMULATION");
        return;
    }
    let narrow = Abi::I386;
    let loaded = load(include_bytes!("bpf/container.json"), &Host::default()).unwrap();
    let calls = [
        call(narrow, "getpid", &[]),
        call(narrow, "mkdir", &[0]),
        call(narrow, "personality", &[0xffff_ffff]),
        call(narrow, "socket", &[40, 1, 0]),
    ];
    let report = live::run(&loaded.program, &calls);
    assert!(report.results[0].unwrap() > 0);
    assert_eq!(report.results[1], Some(-1));
    assert!(report.results[2].unwrap() >= 0);
    assert_eq!(report.results[3], Some(-97));

    let native = br#"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"]}"#;
    let loaded = load(native, &Host::default()).unwrap();
    let report = live::run(&loaded.program, &[call(Abi::X86_64, "getpid", &[]), call(narrow, "getpid", &[])]);
    assert!(report.results[0].unwrap() > 0);
    assert_eq!((report.results[1], report.signal), (None, libc::SIGSYS));
}

/// Sizes and ways are deterministic where time is not: a change of the compiler shows here.
#[test]
fn what_filters_cost() {
    let wide = Abi::X86_64.audit_arch();
    let steps = |program: &Program, nr: u64| {
        run(program, &Data { nr: nr as i32, arch: wide, ..Data::default() }).unwrap().steps
    };
    // What a tracer loads that wants three calls of either ABI.
    let table = |abi| {
        let wanted = ["openat", "read", "execve"].map(|name| numbers::number(abi, name).unwrap() as u32);
        let rules = wanted.map(|nr| Rule::always(nr, Action::Trace(0))).into();
        Table { abi, rules, beyond: None }
    };
    let tables = vec![table(Abi::X86_64), table(Abi::I386)];
    let rules = Rules { default: Action::Allow, bad_arch: Action::Allow, x32: X32::BadArch, tables };
    let program = compile(&rules).unwrap();
    assert_eq!(program.insns().len(), 13, "{}", disassemble(&program));
    assert!((0..500).all(|nr| steps(&program, nr) <= 7));

    // A profile that names almost every call, on both ABIs.
    let odd = |abi| numbers::names(abi).map(|(_, name)| name).filter(|name| name.len() % 4 != 0);
    let names: Vec<&str> = odd(Abi::X86_64).chain(odd(Abi::I386)).collect();
    let json = format!(
        r#"{{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86"],
            "syscalls":[{{"names":{names:?},"action":"SCMP_ACT_ALLOW"}}]}}"#
    );
    let program = load(json.as_bytes(), &Host::default()).unwrap().program;
    let calls: Vec<usize> = numbers::names(Abi::X86_64).map(|(nr, _)| steps(&program, nr)).collect();
    let mean = calls.iter().sum::<usize>() as f64 / calls.len() as f64;
    println!("{} names: {} instructions, {mean:.1} steps a call", names.len(), program.insns().len());
    assert!(program.insns().len() < 300 && mean < 12.0, "{} {mean}", program.insns().len());
}
