'use strict';
// The page of `trace export --format html`. All of the traced program's bytes come from the data element and go
// into the document as text only.
const D = JSON.parse(document.getElementById('data').textContent);
const ROWS = 400;

function el(tag, props, ...kids) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (key === 'class') node.className = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...kids.filter(kid => kid !== undefined && kid !== null));
  return node;
}
const digits = v => v < 9.995 ? v.toFixed(2) : v < 99.95 ? v.toFixed(1) : v.toFixed(0);
function dur(ns) {
  if (ns < 1e3) return ns + ' ns';
  if (ns < 999500) return digits(ns / 1e3) + ' µs';
  if (ns < 999.5e6) return digits(ns / 1e6) + ' ms';
  if (ns < 60e9) return digits(ns / 1e9) + ' s';
  return Math.floor(ns / 60e9) + ' min ' + Math.floor(ns % 60e9 / 1e9) + ' s';
}
const count = n => n.toLocaleString('en-US');
function bytes(n) {
  if (n < 1e5) return count(n);
  for (const [size, unit] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) if (n >= size) return digits(n / size) + ' ' + unit + 'B';
}
const secs = ns => (ns / 1e9).toFixed(6);
const zero = show => n => n ? show(n) : '';
const plural = (n, one, more) => count(n) + ' ' + (n === 1 ? one : more || one + 's');

// ---- search -------------------------------------------------------------------------------------------------------
let words = [];
const fits = text => words.every(word => text.includes(word));

// ---- tables -------------------------------------------------------------------------------------------------------
// A column: [head, class, show]. A row: an array of values; `text` makes what is searched.
function table(section, { columns, rows, note, sort, rising, text, bad, empty }) {
  const texts = rows.map(row => (text ? text(row) : row.join('\t')).toLowerCase());
  let order = rows.map((_, at) => at), by = sort ?? -1, up = !!rising, shown = ROWS;
  const body = el('tbody'), more = el('button', { class: 'more', onclick: () => { shown += 10 * ROWS; draw(); } });
  const heads = columns.map(([head, kind], at) => el('th', {
    class: kind, title: 'sort',
    onclick: () => { up = by === at ? !up : !/num/.test(kind); by = at; arrange(); draw(); },
  }, head));
  const nothing = el('p', { class: 'note' });
  function arrange() {
    if (by < 0) return;
    const value = at => rows[at][by];
    order.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const less = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
      return (up ? less : -less) || a - b;
    });
  }
  function draw() {
    heads.forEach((head, at) => at === by ? head.dataset.dir = up ? 'up' : 'down' : delete head.dataset.dir);
    const found = words.length ? order.filter(at => fits(texts[at])) : order;
    const lines = found.slice(0, shown).map(at => el('tr', {}, ...columns.map(([, kind, show], place) => {
      const value = rows[at][place];
      const cell = show ? show(value, rows[at]) : String(value);
      return el('td', { class: kind + (bad && bad(rows[at], place) ? ' bad' : '') }, cell);
    })));
    body.replaceChildren(...lines);
    more.hidden = found.length <= shown;
    more.textContent = `show more (${count(Math.min(shown, found.length))} of ${count(found.length)} shown)`;
    nothing.textContent = found.length ? '' : rows.length ? 'Nothing fits the search.' : empty || 'There is nothing to show.';
  }
  section.append(el('p', { class: 'note' }, note || ''), el('table', {}, el('thead', {}, el('tr', {}, ...heads)), body), nothing, more);
  arrange();
  draw();
  return draw;
}

// ---- processes ----------------------------------------------------------------------------------------------------
// Rows of D.tree: [depth, children, pid, lines, chips, start, wall, calls, errors, files, read, written, conns, end, bad]
function tree(section) {
  const folded = new Set();
  const texts = D.tree.map(row => [row[2], ...row[3], ...row[4], row[13]].join(' ').toLowerCase());
  const heads = [['process', ''], ['start', 'num'], ['time', 'num'], ['calls', 'num'], ['failed', 'num'], ['files', 'num'],
    ['read', 'num'], ['written', 'num'], ['conns', 'num'], ['end', 'num']];
  const body = el('tbody'), nothing = el('p', { class: 'note' });
  function draw() {
    const keep = new Uint8Array(D.tree.length);
    D.tree.forEach((row, at) => {
      if (!fits(texts[at])) return;
      keep[at] = 1;
      for (let depth = row[0], up = at - 1; depth > 0 && up >= 0; up--) if (D.tree[up][0] < depth) { keep[up] = 1; depth = D.tree[up][0]; }
    });
    const lines = [];
    let hide = Infinity;
    D.tree.forEach((row, at) => {
      const [depth, children, pid, names, chips, start, wall, calls, errors, files, read, written, conns, end, bad] = row;
      if (depth > hide || !keep[at]) return;
      hide = folded.has(at) ? depth : Infinity;
      if (lines.length >= 4000) return;
      const flip = () => { folded.has(at) ? folded.delete(at) : folded.add(at); draw(); };
      const cell = el('td', { class: 'tree', style: `padding-left:calc(${8 + Math.min(depth, 30) * 20}px + 1.2em)` },
        el('span', { class: 'fold', onclick: flip }, children ? folded.has(at) ? '▸' : '▾' : ''),
        el('span', { class: 'dim' }, pid ? pid + ' ' : ''), names[0], ...chips.map(chip => el('span', { class: 'chip' }, chip)),
        ...names.slice(1).flatMap(name => [el('br'), el('span', { class: 'fold' }), el('span', { class: 'became' }, '⇒ ' + name)]));
      lines.push(el('tr', {}, cell,
        ...[secs(start), dur(wall), zero(count)(calls), zero(count)(errors), zero(count)(files), zero(bytes)(read), zero(bytes)(written),
          zero(count)(conns)].map((text, place) => el('td', { class: 'num' + (place === 3 && errors ? ' dim' : '') }, text)),
        el('td', { class: 'num' + (bad ? ' bad' : '') }, end)));
    });
    body.replaceChildren(...lines);
    nothing.textContent = lines.length ? '' : 'Nothing fits the search.';
  }
  section.append(el('p', { class: 'note' }, D.left.processes ? plural(D.left.processes, 'process is', 'processes are') + ' not listed. ' : '',
    'Who started whom. Siblings that are the same are one line (×); ⇒ is what a process became by a further execve.'),
    el('table', {}, el('thead', {}, el('tr', {}, ...heads.map(([head, kind]) => el('th', { class: kind, style: 'cursor:default' }, head)))), body), nothing);
  draw();
  return draw;
}

// ---- timeline -----------------------------------------------------------------------------------------------------
const C = D.calls, N = C.task.length;
// Starts and lengths are kept as differences to be small.
for (let at = 1; at < N; at++) C.start[at] += C.start[at - 1];
const CLASSES = ['file', 'desc', 'network', 'process', 'memory', 'wait', 'signal', 'other'];
const callText = at => `${D.names[C.name[at]]}(${C.args[at]}) = ${C.ret[at]}`;
let lower;
function callTexts() {
  return lower ||= Array.from({ length: N }, (_, at) => `${callText(at)} ${D.tasks[C.task[at]].name} ${D.tasks[C.task[at]].tid}`.toLowerCase());
}

function timeline(section) {
  const LANE = 24, AXIS = 26, GUTTER = 230;
  const lanes = D.tasks.map(task => ({ task, calls: [], programs: [] }));
  for (let at = 0; at < N; at++) lanes[C.task[at]].calls.push(at);
  for (const lane of lanes) lane.calls.sort((a, b) => C.start[a] - C.start[b]);
  for (const [task, from, to, name] of D.programs) lanes[task].programs.push({ from, to, name });
  const whole = Math.max(D.length, 1000);
  let t0 = 0, t1 = whole, chosen = -1, matched = null;
  const canvas = el('canvas'), spacer = el('div'), tip = el('div', { class: 'tip', hidden: true });
  const box = el('div', { class: 'lanes' }, canvas, spacer), detail = el('div', { class: 'detail' });
  const button = (text, title, act) => el('button', { title, onclick: () => { act(); draw(); } }, text);
  const zoom = (factor, at = (t0 + t1) / 2) => {
    const span = Math.min(Math.max((t1 - t0) * factor, 200), whole * 1.1);
    const part = (at - t0) / (t1 - t0);
    t0 = at - part * span; t1 = t0 + span; clamp();
  };
  const pan = by => { t0 += by; t1 += by; clamp(); };
  function clamp() {
    const span = t1 - t0, least = Math.min(0, whole - span), most = Math.max(whole - span, 0);
    t0 = Math.min(Math.max(t0, least), most); t1 = t0 + span;
  }
  section.append(el('div', { class: 'tools' },
    button('+', 'zoom in (w)', () => zoom(.5)), button('−', 'zoom out (s)', () => zoom(2)),
    button('◂', 'left (a)', () => pan((t0 - t1) / 3)), button('▸', 'right (d)', () => pan((t1 - t0) / 3)),
    button('all', 'whole run (0)', () => { t0 = 0; t1 = whole; }),
    ...CLASSES.map(name => el('span', { class: 'key' }, el('i', { style: `background:var(--${name})` }), name)),
    el('span', { class: 'key' }, el('i', { style: 'background:linear-gradient(var(--wait) 60%, var(--bad) 60%)' }), 'failed'),
    el('span', {}, D.left.calls ? `${count(N)} longest calls; ${plural(D.left.calls, 'call')} of less than ${dur(D.left.under)} left out` : '')),
    box, detail, tip);
  detail.append(el('span', { class: 'dim' }, 'Drag to move, Ctrl and wheel to zoom, click a call for its details.'));
  const first = (list, t) => {
    let low = 0, high = list.length;
    while (low < high) { const mid = low + high >> 1; C.start[list[mid]] <= t ? low = mid + 1 : high = mid; }
    return low;
  };
  function draw() {
    const width = box.clientWidth, height = box.clientHeight, scale = window.devicePixelRatio || 1;
    if (!width) return;
    spacer.style.height = Math.max(0, AXIS + lanes.length * LANE + 8 - height) + 'px';
    canvas.width = width * scale; canvas.height = height * scale;
    canvas.style.width = width + 'px'; canvas.style.height = height + 'px';
    const style = getComputedStyle(document.documentElement), color = name => style.getPropertyValue('--' + name).trim();
    const g = canvas.getContext('2d');
    g.scale(scale, scale);
    g.fillStyle = color('bg'); g.fillRect(0, 0, width, height);
    const x = t => GUTTER + (t - t0) / (t1 - t0) * (width - GUTTER);
    const colors = D.classes.map(name => color(name)), bad = color('bad'), text = color('text'), dim = color('dim'), line = color('line');
    const top = box.scrollTop, from = Math.max(0, Math.floor((top - AXIS) / LANE)), to = Math.min(lanes.length, Math.ceil((top + height) / LANE));
    g.save();
    g.beginPath(); g.rect(GUTTER, AXIS, width - GUTTER, height - AXIS); g.clip();
    ticks(g, x, width, height, line, null);
    for (let at = from; at < to; at++) lane(g, lanes[at], AXIS + at * LANE - top, x, width, { colors, bad, text, dim, panel: color('panel'), line, accent: color('accent') });
    g.restore();
    g.fillStyle = color('panel'); g.fillRect(0, 0, GUTTER, height); g.fillRect(0, 0, width, AXIS);
    g.strokeStyle = line; g.strokeRect(GUTTER - .5, -1, width, height + 2); g.strokeRect(-1, AXIS - .5, width + 2, height);
    ticks(g, x, width, AXIS, line, dim);
    g.save();
    g.beginPath(); g.rect(0, AXIS, GUTTER - 4, height); g.clip();
    g.textBaseline = 'middle';
    for (let at = from; at < to; at++) {
      const y = AXIS + at * LANE - top + LANE / 2, { task } = lanes[at];
      g.font = '12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';
      const inset = 10 + Math.min(task.depth, 6) * 9;
      g.fillStyle = task.tid === task.pid ? text : dim;
      g.fillText(task.name, inset, y);
      const shift = g.measureText(task.name).width + 7;
      g.font = '10.5px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';
      g.fillStyle = dim; g.fillText(String(task.tid), inset + shift, y + .5);
    }
    g.restore();
  }
  function ticks(g, x, width, height, line, dim) {
    const span = t1 - t0, rough = span / Math.max(2, (width - GUTTER) / 110), power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
    g.strokeStyle = line; g.lineWidth = 1; g.font = '11px system-ui, sans-serif'; g.textBaseline = 'middle';
    for (let t = Math.ceil(t0 / step) * step; t <= t1; t += step) {
      const at = Math.round(x(t)) + .5;
      if (dim) { g.fillStyle = dim; if (at < width - 40) g.fillText(t ? dur(t) : '0', at + 4, AXIS / 2); }
      g.beginPath(); g.moveTo(at, dim ? AXIS - 6 : 0); g.lineTo(at, height); g.stroke();
    }
  }
  function lane(g, lane, y, x, width, look) {
    for (const { from, to, name } of lane.programs) {
      const a = Math.max(x(from), GUTTER), b = Math.min(x(to), width);
      if (b < GUTTER || a > width) continue;
      g.fillStyle = look.panel; g.fillRect(a, y + 2, Math.max(b - a, 1), LANE - 4);
      g.fillStyle = look.line; g.fillRect(a, y + LANE - 3, Math.max(b - a, 1), 1); g.fillRect(a, y + 2, 1, LANE - 5);
    }
    let last = -1, lastMatters = false;
    for (let place = Math.max(0, first(lane.calls, t0) - 1); place < lane.calls.length; place++) {
      const at = lane.calls[place];
      if (C.start[at] > t1) break;
      const a = Math.max(x(C.start[at]), GUTTER), b = x(C.start[at] + C.length[at]);
      if (b < GUTTER) continue;
      const failed = C.failed[at] === 1, w = Math.max(b - a, 1);
      // What would be drawn on the same pixel is drawn once: first what is looked for, else what failed.
      const matters = matched ? matched[at] === 1 : failed;
      if (w <= 1.01 && a < last + .8 && (lastMatters || !matters)) continue;
      last = a; lastMatters = matters;
      g.globalAlpha = matched && !matched[at] ? .12 : 1;
      g.fillStyle = look.colors[C.name[at]];
      g.fillRect(a, y + 4, w > 3 ? w - .5 : w, LANE - 8);
      if (failed) { g.fillStyle = look.bad; g.fillRect(a, y + LANE - 8, w > 3 ? w - .5 : w, 4); }
      if (at === chosen) { g.globalAlpha = 1; g.strokeStyle = look.text; g.lineWidth = 2; g.strokeRect(a - 1, y + 3, Math.max(w, 3) + 2, LANE - 6); }
      if (w > 34) {
        g.font = '11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace'; g.textBaseline = 'middle'; g.fillStyle = '#fff';
        g.save(); g.beginPath(); g.rect(a, y, w - 4, LANE); g.clip(); g.fillText(D.names[C.name[at]], a + 4, y + LANE / 2 + .5); g.restore();
      }
      g.globalAlpha = 1;
    }
  }
  function under(event) {
    const { left, top } = canvas.getBoundingClientRect(), px = event.clientX - left, py = event.clientY - top;
    const at = Math.floor((py - AXIS + box.scrollTop) / LANE);
    if (px < GUTTER || py < AXIS || !lanes[at]) return -1;
    const width = box.clientWidth, per = (t1 - t0) / (width - GUTTER), t = t0 + (px - GUTTER) * per, list = lanes[at].calls;
    let best = -1, near = 3 * per;
    for (let place = first(list, t + near) - 1, tries = 0; place >= 0 && tries < 50; place--, tries++) {
      const call = list[place], off = t < C.start[call] ? C.start[call] - t : Math.max(0, t - C.start[call] - C.length[call]);
      if (off < near || off === 0) { best = call; near = off; if (!off) break; }
    }
    return best;
  }
  function program(event) {
    const { left, top } = canvas.getBoundingClientRect(), px = event.clientX - left;
    const lane = lanes[Math.floor((event.clientY - top - AXIS + box.scrollTop) / LANE)];
    const t = t0 + (px - GUTTER) * (t1 - t0) / (box.clientWidth - GUTTER);
    return px >= GUTTER && lane ? lane.programs.find(ran => ran.from <= t && t <= ran.to) : undefined;
  }
  const described = at => [el('code', {}, callText(at)), el('br'), el('span', { class: 'dim' },
    `${D.tasks[C.task[at]].name} ${D.tasks[C.task[at]].tid} · at ${secs(C.start[at])} s · took ${dur(C.length[at])}`)];
  let held = null;
  canvas.addEventListener('mousedown', event => { held = { x: event.clientX, y: event.clientY, top: box.scrollTop, moved: false }; });
  window.addEventListener('mouseup', () => { held = null; canvas.style.cursor = 'grab'; });
  canvas.addEventListener('mousemove', event => {
    if (held && event.buttons) {
      held.moved ||= Math.abs(event.clientX - held.x) + Math.abs(event.clientY - held.y) > 3;
      if (held.moved) {
        canvas.style.cursor = 'grabbing'; tip.hidden = true;
        pan(-(event.movementX) * (t1 - t0) / (box.clientWidth - GUTTER));
        box.scrollTop -= event.movementY; draw();
      }
      return;
    }
    const at = under(event), ran = at < 0 ? program(event) : null;
    tip.hidden = at < 0 && !ran;
    if (!tip.hidden) {
      tip.replaceChildren(...ran ? [ran.name, el('br'), el('span', { class: 'dim' }, `from ${secs(ran.from)} s for ${dur(ran.to - ran.from)}`)] : described(at));
      tip.style.left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8) + 'px';
      tip.style.top = (event.clientY + 20 + tip.offsetHeight > window.innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18) + 'px';
    }
  });
  canvas.addEventListener('mouseleave', () => { tip.hidden = true; });
  canvas.addEventListener('click', event => { const at = under(event); if (at >= 0) { chosen = at; detail.replaceChildren(...described(at)); draw(); } });
  box.addEventListener('wheel', event => {
    const { left } = canvas.getBoundingClientRect(), t = t0 + (event.clientX - left - GUTTER) * (t1 - t0) / (box.clientWidth - GUTTER);
    if (event.ctrlKey || event.metaKey) zoom(event.deltaY > 0 ? 1.25 : .8, t);
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(event.deltaX * (t1 - t0) / 1000);
    else return;
    event.preventDefault(); draw();
  }, { passive: false });
  box.addEventListener('scroll', draw);
  window.addEventListener('resize', draw);
  window.addEventListener('keydown', event => {
    if (section.hidden || event.target.tagName === 'INPUT' || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { w: () => zoom(.7), s: () => zoom(1.4), a: () => pan((t0 - t1) / 5), d: () => pan((t1 - t0) / 5), 0: () => { t0 = 0; t1 = whole; } }[event.key];
    if (act) { act(); draw(); }
  });
  return () => {
    if (words.length) { const texts = callTexts(); matched = Uint8Array.from(texts, text => fits(text) ? 1 : 0); } else matched = null;
    draw();
  };
}

// ---- the page -----------------------------------------------------------------------------------------------------
const share = rows => { const most = Math.max(1, ...rows.map(row => row[3])); return ns => el('span', { class: 'bar', style: `width:${Math.max(1, 100 * ns / most)}px` }); };
const callRows = list => list.map(at => [C.start[at], C.length[at], D.tasks[C.task[at]].name + ' ' + D.tasks[C.task[at]].tid, callText(at), C.failed[at]]);
const callColumns = [['at (s)', 'num', secs], ['took', 'num', dur], ['task', 'dim'], ['call', 'wide']];
const leftCalls = () => D.left.calls ? `${plural(D.left.calls, 'call')} of less than ${dur(D.left.under)} left out: the ${count(N)} longest are here. ` : '';
const leftRows = n => n ? `${plural(n, 'row')} more left out. ` : '';
const VIEWS = [
  ['processes', 'Processes', D.total.processes, tree],
  ['timeline', 'Timeline', undefined, timeline],
  ['calls', 'Calls', N, section => table(section, {
    columns: callColumns, rows: callRows(Array.from({ length: N }, (_, at) => at)), sort: 0, rising: true, text: row => row[2] + ' ' + row[3],
    bad: (row, place) => place === 3 && row[4] === 1, note: leftCalls() + 'Times are seconds from the first event.',
  })],
  ['slow', 'Slow calls', undefined, section => table(section, {
    columns: callColumns, rows: callRows(Array.from({ length: N }, (_, at) => at).sort((a, b) => C.length[b] - C.length[a]).slice(0, 2000)), sort: 1,
    text: row => row[2] + ' ' + row[3], bad: (row, place) => place === 3 && row[4] === 1, note: 'The calls that took longest, waiting included.',
  })],
  ['syscalls', 'Syscalls', D.syscalls.length, section => table(section, {
    columns: [['syscall', ''], ['calls', 'num', count], ['failed', 'num', zero(count)], ['time', 'num', dur], ['', 'barcell', (_, row) => share(D.syscalls)(row[3])], ['mean', 'num', dur], ['longest', 'num', dur]],
    rows: D.syscalls.map(([name, calls, failed, time, most]) => [name, calls, failed, time, time, Math.round(time / calls), most]), sort: 3,
    bad: (row, place) => place === 2 && row[2] > 0, note: 'Every call of every process, waiting included.',
  })],
  ['files', 'Files', D.files.length, section => table(section, {
    columns: [['path', 'wide'], ['calls', 'num', count], ['opens', 'num', zero(count)], ['reads', 'num', zero(count)], ['writes', 'num', zero(count)],
      ['read', 'num', zero(bytes)], ['written', 'num', zero(bytes)], ['time', 'num', dur], ['failed', 'num', zero(count)]],
    rows: D.files, sort: 1, bad: (row, place) => place === 8 && row[8] > 0, note: leftRows(D.left.files) + 'Calls that named a path or a descriptor open on it.',
  })],
  ['network', 'Network', D.net.length, section => table(section, {
    columns: [['peer', 'wide'], ['protocol', ''], ['way', ''], ['connects', 'num', zero(count)], ['received', 'num', zero(bytes)], ['sent', 'num', zero(bytes)], ['failed', 'num', zero(count)]],
    rows: D.net, sort: 5, bad: (row, place) => place === 6 && row[6] > 0, note: leftRows(D.left.net) + 'Who was talked to; out is a connection that a traced process began.',
    empty: 'No sockets were used.',
  })],
  ['errors', 'Errors', D.errors.length, section => table(section, {
    columns: [['syscall', ''], ['error', ''], ['times', 'num', count], ['time', 'num', dur], ['about', 'wide']],
    rows: D.errors, sort: 2, note: leftRows(D.left.errors) + 'Calls that failed, by what they were about.', empty: 'No call failed.',
  })],
];
const main = document.querySelector('main'), nav = document.querySelector('nav'), drawn = {};
const search = el('input', { type: 'search', placeholder: 'Search this view', 'aria-label': 'Search', oninput: () => { look(); show(current); } });
const look = () => { words = search.value.toLowerCase().split(/\s+/).filter(Boolean); };
let current;
const buttons = VIEWS.map(([id, label, number]) => el('button', { role: 'tab', onclick: () => { location.hash = id; } }, label,
  number === undefined ? '' : el('small', {}, count(number))));
const sections = VIEWS.map(([id]) => el('section', { id: id, hidden: true, role: 'tabpanel' }));
nav.append(...buttons, search);
main.append(...sections);
function show(at) {
  current = at;
  sections.forEach((section, place) => { section.hidden = place !== at; buttons[place].setAttribute('aria-selected', place === at); });
  // A view is built when it is first looked at.
  drawn[at] ||= VIEWS[at][3](sections[at]);
  drawn[at]();
}
// A link to a view may carry a search: page.html#calls=openat enoent
function wanted() {
  let text = location.hash.slice(1);
  try { text = decodeURIComponent(text); } catch { /* not encoded */ }
  const at = text.indexOf('=');
  if (at >= 0) { search.value = text.slice(at + 1); look(); text = text.slice(0, at); }
  return Math.max(0, VIEWS.findIndex(([id]) => id === text));
}
window.addEventListener('hashchange', () => { show(wanted()); window.scrollTo(0, 0); });
document.title = 'trace: ' + D.title;
document.querySelector('h1').textContent = D.title;
const fact = (value, label, kind) => el('span', { class: kind }, el('b', {}, value), ' ' + label);
document.querySelector('.facts').append(
  fact(dur(D.length), 'long'), fact(plural(D.total.processes, 'process', 'processes'), ''), fact(plural(D.total.calls, 'call'), ''),
  fact(count(D.total.errors), 'failed', D.total.errors ? 'bad' : ''), fact(new Date(D.begun).toLocaleString(), ''), fact(D.host, D.system));
const theme = document.querySelector('.theme');
theme.addEventListener('click', () => {
  const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark');
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  if (drawn[current]) drawn[current]();
});
show(wanted());
