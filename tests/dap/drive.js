// Drives `trace dap` as an editor does; every message that comes back is validated against the protocol's published
// types. Arguments: the binary, a program of values, a program that loops, their sources' directory.
'use strict';
const assert = require('assert');
const path = require('path');
const { spawn } = require('child_process');
const { DebugClient } = require('@vscode/debugadapter-testsupport');
const { createGenerator } = require('ts-json-schema-generator');
const Ajv = require('ajv');

const [trace, values, looping, sources] = process.argv.slice(2);
const source = path.join(sources, 'debug_values.c');
const types = path.join(path.dirname(require.resolve('@vscode/debugprotocol/package.json')), 'lib', 'debugProtocol.d.ts');
const schema = createGenerator({ path: types, type: '*', skipTypeCheck: true, additionalProperties: false, expose: 'all' })
    .createSchema('*');
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(schema, 'dap');
const big = (name) => name[0].toUpperCase() + name.slice(1);
let validated = 0;

function validate(message) {
    let name = message.type === 'event' ? `${big(message.event)}Event` : `${big(message.command)}Response`;
    if (message.type === 'response' && !message.success) name = 'ErrorResponse';
    const check = ajv.getSchema(`dap#/definitions/${encodeURIComponent('DebugProtocol.' + name)}`)
        || ajv.getSchema(`dap#/definitions/DebugProtocol.${name}`);
    assert(check, `no schema of ${name}`);
    assert(check(message), `${name}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(message)}`);
    validated++;
}

function client() {
    const dc = new DebugClient(trace, 'dap', 'trace');
    const dispatch = dc.dispatch.bind(dc);
    dc.last = 0;
    dc.dispatch = (text) => {
        const message = JSON.parse(text);
        try {
            validate(message);
            assert(message.seq > dc.last, 'sequence numbers rise');
            dc.last = message.seq;
        } catch (error) {
            console.error(error.message);
            process.exit(1);
        }
        if (message.event === 'output') dc.printed = (dc.printed || '') + message.body.output;
        dispatch(text);
    };
    dc.defaultTimeout = 60000;
    return dc;
}

async function begin(dc, launch, configure) {
    await dc.initializeRequest();
    const ready = dc.waitForEvent('initialized');
    await dc.launchRequest(launch);
    await ready;
    const result = await configure();
    const stopped = dc.waitForEvent('stopped');
    await dc.configurationDoneRequest();
    return [result, await stopped];
}

async function top(dc, threadId) {
    const { body } = await dc.stackTraceRequest({ threadId, startFrame: 0, levels: 20 });
    return body.stackFrames;
}

async function locals(dc, frameId, name = 'Locals') {
    const { body } = await dc.scopesRequest({ frameId });
    const scope = body.scopes.find((scope) => scope.name === name);
    const { body: { variables } } = await dc.variablesRequest({ variablesReference: scope.variablesReference });
    return [Object.fromEntries(variables.map((variable) => [variable.name, variable])), scope.variablesReference];
}

async function step(dc, how, threadId) {
    const stopped = dc.waitForEvent('stopped');
    await dc[how]({ threadId });
    const event = await stopped;
    return [event, (await top(dc, event.body.threadId))[0]];
}

async function looksAndSteps() {
    const dc = client();
    await dc.start();
    const [set, stopped] = await begin(dc, { program: values }, () =>
        dc.setBreakpointsRequest({ source: { path: source }, breakpoints: [{ line: 69, condition: 'i == 3' }, { line: 100000 }] }));
    assert.deepStrictEqual(set.body.breakpoints.map((b) => b.verified), [true, false]);
    assert.strictEqual(set.body.breakpoints[0].line, 69);
    assert.strictEqual(stopped.body.reason, 'breakpoint');
    assert.deepStrictEqual(stopped.body.hitBreakpointIds, [set.body.breakpoints[0].id]);
    const threadId = stopped.body.threadId;
    assert((await dc.threadsRequest()).body.threads.some((thread) => thread.id === threadId));
    let frames = await top(dc, threadId);
    assert.strictEqual(frames[0].name, 'main');
    assert.strictEqual(frames[0].line, 69);
    assert.strictEqual(frames[0].source.name, 'debug_values.c');
    const [variables, reference] = await locals(dc, frames[0].id);
    assert.strictEqual(variables.i.value, '3');
    assert.strictEqual(variables.p.value, '{x = 3, y = 4}');
    assert.strictEqual(variables.p.type, 'struct point');
    const parts = (await dc.variablesRequest({ variablesReference: variables.p.variablesReference })).body.variables;
    assert.deepStrictEqual(parts.map((part) => [part.name, part.value]), [['x', '3'], ['y', '4']]);
    const some = await dc.variablesRequest({ variablesReference: variables.zeros.variablesReference, start: 10, count: 5 });
    assert.deepStrictEqual(some.body.variables.map((part) => part.name), ['[10]', '[11]', '[12]', '[13]', '[14]']);
    const [registers] = await locals(dc, frames[0].id, 'Registers');
    assert(registers.rip.value.includes('<main+'), registers.rip.value);
    const [args] = await locals(dc, frames[0].id, 'Arguments');
    assert.strictEqual(args.argc.value, '1');
    const evaluated = await dc.evaluateRequest({ expression: 'first.next->value + sum', frameId: frames[0].id });
    assert.strictEqual(evaluated.body.result, '32');
    await assert.rejects(dc.evaluateRequest({ expression: 'nosuch', frameId: frames[0].id }), /No symbol "nosuch"/);
    await assert.rejects(dc.evaluateRequest({ expression: 'sum = 1', frameId: frames[0].id, context: 'hover' }));
    const changed = await dc.send('setVariable', { variablesReference: reference, name: 'sum', value: 'sum + 1000' });
    assert.strictEqual(changed.body.value, '1030');
    const code = await dc.send('disassemble', {
        memoryReference: frames[0].instructionPointerReference, instructionOffset: -2, instructionCount: 6 });
    assert.strictEqual(code.body.instructions.length, 6);
    assert.strictEqual(code.body.instructions[2].address, frames[0].instructionPointerReference);
    let [, frame] = await step(dc, 'nextRequest', threadId);
    assert.strictEqual(frame.line, 67);
    [, frame] = await step(dc, 'nextRequest', threadId);
    assert.strictEqual(frame.line, 68);
    [, frame] = await step(dc, 'stepInRequest', threadId);
    assert.strictEqual(frame.name, 'square');
    frames = await top(dc, threadId);
    assert.deepStrictEqual(frames.map((f) => f.name), ['square', 'main']);
    [, frame] = await step(dc, 'stepOutRequest', threadId);
    assert.strictEqual(frame.name, 'main');
    const ended = dc.waitForEvent('terminated');
    const exited = dc.waitForEvent('exited');
    await dc.continueRequest({ threadId });
    assert.strictEqual((await exited).body.exitCode, 3);
    await ended;
    assert(dc.printed.includes(' hello\n'), dc.printed);
    await dc.disconnectRequest();
}

async function functionsCountsAndLogs() {
    const dc = client();
    await dc.start();
    const [set, stopped] = await begin(dc, { program: values, args: ['a b'], env: { LANG: null } }, async () => {
        await dc.setBreakpointsRequest({ source: { path: source }, breakpoints: [{ line: 69, logMessage: 'i={i} {p.x + 1}' }] });
        return dc.setFunctionBreakpointsRequest({
            breakpoints: [{ name: 'fib', condition: 'n == 1', hitCondition: '2' }, { name: 'nosuch' }] });
    });
    assert.deepStrictEqual(set.body.breakpoints.map((b) => b.verified), [true, false]);
    const frames = await top(dc, stopped.body.threadId);
    assert.strictEqual(frames[0].name, 'fib');
    assert.strictEqual(dc.printed.match(/^i=\d 4$/gm).join(), 'i=0 4,i=1 4,i=2 4,i=3 4,i=4 4');
    await dc.setFunctionBreakpointsRequest({ breakpoints: [] });
    const ended = dc.waitForEvent('terminated');
    await dc.continueRequest({ threadId: stopped.body.threadId });
    await ended;
    await dc.disconnectRequest();
}

async function attachPauseLeave() {
    const child = spawn(looping, ['loop'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data) => { said += data; });
    while (!said.includes('ready')) await new Promise((done) => setTimeout(done, 10));
    const dc = client();
    await dc.start();
    await dc.initializeRequest();
    const ready = dc.waitForEvent('initialized');
    await dc.attachRequest({ pid: child.pid });
    await ready;
    await dc.configurationDoneRequest();
    // Requests are answered while the program runs, and it runs on.
    const { body: { threads } } = await dc.threadsRequest();
    assert.strictEqual(threads.length, 1);
    const paused = dc.waitForEvent('stopped');
    await dc.pauseRequest({ threadId: threads[0].id });
    const event = await paused;
    assert.strictEqual(event.body.reason, 'pause');
    const frames = await top(dc, event.body.threadId);
    assert(frames.some((frame) => frame.name === 'loops'), JSON.stringify(frames));
    const set = await dc.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'visited' }] });
    assert(set.body.breakpoints[0].verified);
    const hit = dc.waitForEvent('stopped');
    await dc.continueRequest({ threadId: event.body.threadId });
    assert.strictEqual((await hit).body.reason, 'breakpoint');
    const inner = await top(dc, event.body.threadId);
    await dc.evaluateRequest({ expression: 'shared = 0', frameId: inner[0].id });
    const exit = new Promise((done) => child.on('exit', (code) => done(code)));
    await dc.disconnectRequest({ terminateDebuggee: false });
    assert.strictEqual(await exit, 5);
    assert(said.includes('released'), said);
}

async function mistakes() {
    const dc = client();
    await dc.start();
    await dc.initializeRequest();
    await assert.rejects(dc.send('frobnicate', {}), /'frobnicate' is not known/);
    await assert.rejects(dc.stackTraceRequest({ threadId: 1 }), /There is no program/);
    await assert.rejects(dc.launchRequest({}), /program/);
    await assert.rejects(dc.launchRequest({ program: '/no/such/program' }), /no\/such\/program/);
    await assert.rejects(dc.launchRequest({ program: source }), /not in executable format/);
    await assert.rejects(dc.attachRequest({ pid: 4194304 }), /4194304/);
    await assert.rejects(dc.continueRequest({ threadId: 1 }), /There is no program/);
    await assert.rejects(dc.variablesRequest({ variablesReference: 77 }), /gone/);
    // What is no message is told and skipped.
    const told = dc.waitForEvent('output');
    dc.outputStream.write('Content-Length: 5\r\n\r\n{bad}');
    await told;
    dc.outputStream.write('nonsense\r\n\r\nContent-Length: 99999999999\r\n\r\n');
    assert((await dc.threadsRequest()).body.threads.length === 0);
    await dc.disconnectRequest();
}

(async () => {
    for (const scene of [looksAndSteps, functionsCountsAndLogs, attachPauseLeave, mistakes]) {
        const before = validated;
        await scene();
        console.log(`${scene.name}: ${validated - before} messages valid`);
    }
    process.exit(0);
})().catch((error) => {
    console.error(error);
    process.exit(1);
});
