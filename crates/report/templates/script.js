'use strict';
(() => {
  // Rows that are drawn at a time, and at most on paper.
  const STEP = 100, PRINTED = 500;
  // What a row shows; the others stand in its detail.
  const SHOWN = ['severity', 'title', 'employee_id', 'benefit', 'exposure_to_date', 'owner', 'status', 'first_seen'];
  const EXTRA = new Set(['benefit', 'owner', 'status', 'first_seen']);
  const FILTERS = ['owner', 'severity', 'code', 'benefit', 'field', 'currency', 'status'];
  const LONG = new Set(['correction', 'note']);
  // What the detail says in its own words.
  const APART = new Set(['sentence', 'currency', 'evidence', 'status', 'first_seen', 'nights_open', 'periods_open']);
  const FINDING = /^#f[0-9a-f]{16}$/;

  const byId = id => document.getElementById(id);
  const make = (name, parts = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), parts);
    element.append(...inside);
    return element;
  };

  const data = JSON.parse(byId('data').textContent);
  const columns = new Map(data.columns.map(column => [column.name, column]));
  const value = (name, row) => {
    const column = columns.get(name);
    return column.words ? column.words[column.rows[row]] : column.rows[row];
  };
  // 1234567.80 as 1,234,567.80
  const grouped = text => text.replace(/^(-?)(\d+)/, (_, sign, whole) =>
    (sign ? '\u2212' : '') + whole.replace(/\B(?=(\d{3})+$)/g, ','));
  const shown = (name, row) => {
    const text = value(name, row);
    if (!text || columns.get(name).kind !== 'amount') return text;
    return `${grouped(text)} ${value('currency', row)}`;
  };

  let hays = null;
  const hay = row => (hays ??= [])[row] ??= data.columns.map(column =>
    column.words ? column.words[column.rows[row]] : column.rows[row]).join('\n').toLowerCase();

  const state = { sort: null, down: false, found: [], drawn: 0 };
  const all = Array.from({ length: data.rows }, (_, row) => row);
  const selects = new Map();

  const matching = () => {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = [...selects].map(([name, select]) => [columns.get(name), select.value]).filter(([, text]) => text !== '*');
    let rows = all;
    for (const [column, text] of wanted) {
      const at = column.words.indexOf(text);
      rows = rows.filter(row => column.rows[row] === at);
    }
    return words.length ? rows.filter(row => words.every(word => hay(row).includes(word))) : rows;
  };

  const ordered = rows => {
    if (!state.sort) return rows;
    const name = state.sort, sign = state.down ? -1 : 1;
    const key = columns.get(name).kind === 'amount'
      ? row => Math.abs(Number(value(name, row) || 0)) : row => value(name, row);
    const keys = new Map(rows.map(row => [row, key(row)]));
    const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    return [...rows].sort((a, b) => sign * compared(keys.get(a), keys.get(b)) || a - b);
  };

  // What few rows ever show is read when the first of them opens.
  let behind = null;
  const behindOf = id => (behind ??= JSON.parse(byId('behind').textContent))[id];

  const cells = (name, texts, numbers) => texts.map((text, at) =>
    make(name, { textContent: text, className: numbers.includes(at) ? 'number' : '' }));
  const table = (caption, heads, rows, numbers) => {
    const titles = cells('th', heads, numbers);
    titles.forEach(title => { title.scope = 'col'; });
    const body = make('tbody', {}, ...rows.map(row => make('tr', {}, ...cells('td', row, numbers))));
    const told = make('table', { className: 'plain' }, make('caption', { textContent: caption }),
      make('thead', {}, make('tr', {}, ...titles)), body);
    const box = make('div', { className: 'scroll', tabIndex: 0 }, told);
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', caption);
    return box;
  };
  const command = text => make('code', { textContent: text });
  const block = (title, ...inside) =>
    make('section', { className: 'behind' }, make('h3', { textContent: title }), ...inside);
  const many = (count, one) => `${count} ${one}${count === '1' ? '' : 's'}`;

  const history = (row, told) => {
    const since = `${value('status', row)}, first seen on ${value('first_seen', row)}, in `
      + `${many(value('nights_open', row), 'night')} and ${many(value('periods_open', row), 'pay period')}`;
    const inside = [make('p', { textContent: since })];
    if (told?.periods.length) inside.push(table('By pay period', ['To', 'Exposure'], told.periods, [1]));
    inside.push(make('p', { className: 'small muted' }, 'Night by night: ',
      command(`tieout show JOB ${value('exception_id', row)}`)));
    return block('History', ...inside);
  };

  const ledger = (row, told) => {
    if (!value('benefit', row) || !value('employee_id', row)) return [];
    const tables = (told?.accounts ?? []).map(account => {
      const caption = account.leftOut ? `${account.name}, after ${account.leftOut} earlier entries` : account.name;
      return table(caption, ['Posted', 'Period', 'Entry', 'Amount', 'Balance'], account.entries, [3, 4]);
    });
    const where = command(`tieout ledger JOB ${value('employee_id', row)}`);
    const more = told ? 'All of this employee: ' : 'This page holds it for the gravest and costliest findings: ';
    const none = told && !tables.length ? [make('p', { textContent: 'No account of this benefit has an entry.' })] : [];
    const rest = make('p', { className: 'small muted' }, more, where);
    const accounts = block('Ledger of this benefit', ...tables, ...none, rest);
    accounts.classList.add('ledger');
    return [accounts];
  };

  const detail = row => {
    const facts = make('dl', { className: 'facts' });
    for (const column of data.columns) {
      const text = shown(column.name, row);
      if (!text || APART.has(column.name)) continue;
      const fact = make('div', { className: LONG.has(column.name) ? 'long' : '' });
      const told = column.name === 'exception_id' ? make('a', { href: `#${text}`, textContent: text }) : text;
      fact.append(make('dt', { textContent: column.title }), make('dd', {}, told));
      facts.append(fact);
    }
    const told = behindOf(value('exception_id', row)), seen = value('evidence', row);
    const evidence = seen ? [block('Evidence', make('ul', {}, ...seen.split('; ').map(one =>
      make('li', { textContent: one }))))] : [];
    const cell = make('td', { colSpan: SHOWN.length });
    cell.append(make('p', { className: 'sentence', textContent: value('sentence', row) }), facts,
      make('div', { className: 'blocks' }, ...evidence, history(row, told), ...ledger(row, told)));
    return make('tr', { className: 'detail' }, cell);
  };

  const toggle = (line, row) => {
    const button = line.querySelector('.open');
    const open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    if (open) line.after(detail(row));
    else line.nextElementSibling.remove();
  };

  const line = row => {
    const tr = make('tr', { className: 'row' });
    for (const name of SHOWN) {
      const text = shown(name, row), cell = make('td', { className: EXTRA.has(name) ? 'extra' : '' });
      if (name === 'severity') cell.append(make('span', { className: `severity ${text}`, textContent: text }));
      else if (name === 'title') {
        const button = make('button', { type: 'button', className: 'open', textContent: text });
        button.setAttribute('aria-expanded', 'false');
        cell.append(button, ' ', make('span', { className: 'muted small', textContent: value('code', row) }));
      } else cell.textContent = text;
      if (columns.get(name).kind === 'amount') cell.classList.add('number');
      tr.append(cell);
    }
    tr.addEventListener('click', event => {
      if (event.target.closest('.open') || !String(getSelection())) toggle(tr, row);
    });
    return tr;
  };

  const draw = upTo => {
    const next = state.found.slice(state.drawn, upTo);
    byId('rows').append(...next.map(line));
    state.drawn += next.length;
    const left = state.found.length - state.drawn, more = byId('more');
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(STEP, left)} more of ${left.toLocaleString('en')}`;
  };

  const number = count => count.toLocaleString('en');
  // A finding in two currencies has two rows.
  const findings = rows => new Set(rows.map(row => value('exception_id', row))).size;

  const update = () => {
    state.found = ordered(matching());
    state.drawn = 0;
    byId('rows').replaceChildren();
    draw(STEP);
    const count = findings(state.found), of = findings(all);
    const said = count === of ? '' : `${number(count)} of `;
    const lines = of === data.rows ? '' : `, in ${number(state.found.length)} rows of one currency`;
    byId('status').textContent = `${said}${number(of)} findings${lines}`;
  };

  const sortBy = name => {
    const first = columns.get(name).kind === 'amount';
    state.down = state.sort === name ? !state.down : first;
    state.sort = name;
    for (const head of byId('heads').children) {
      const sorted = head.dataset.name === name ? (state.down ? 'descending' : 'ascending') : 'none';
      head.setAttribute('aria-sort', sorted);
    }
    update();
  };

  const reset = () => {
    byId('search').value = '';
    for (const select of selects.values()) select.value = '*';
  };

  // What is waived or cleared stands below, and is none of the list.
  const elsewhere = id => {
    const holds = section => [...section.querySelectorAll('td')].some(cell => cell.textContent === id);
    const section = [...document.querySelectorAll('details.section')].find(holds);
    reset();
    update();
    if (section) {
      section.open = true;
      section.scrollIntoView();
      section.querySelector('summary').focus({ preventScroll: true });
    }
    const where = section ? `it stands below, under ${section.querySelector('h2').textContent}`
      : 'this page does not show it';
    byId('status').textContent = `Finding ${id} is none of the list: ${where}.`;
  };

  // A link to a finding shows it alone, opened.
  const follow = () => {
    if (!FINDING.test(location.hash)) return;
    reset();
    byId('search').value = location.hash.slice(1);
    update();
    const first = byId('rows').firstElementChild;
    if (!first) {
      elsewhere(location.hash.slice(1));
      return;
    }
    toggle(first, state.found[0]);
    first.scrollIntoView({ block: 'center' });
    first.querySelector('.open').focus({ preventScroll: true });
  };

  const start = () => {
    for (const name of SHOWN) {
      const column = columns.get(name), button = make('button', { type: 'button', textContent: column.title });
      const head = make('th', { scope: 'col', className: EXTRA.has(name) ? 'extra' : '' }, button);
      if (column.kind === 'amount') head.classList.add('number');
      head.dataset.name = name;
      head.setAttribute('aria-sort', 'none');
      button.addEventListener('click', () => sortBy(name));
      byId('heads').append(head);
    }
    for (const name of FILTERS) {
      const column = columns.get(name), words = [...(column.words ?? [])].sort();
      if (words.length < 2) continue;
      const select = make('select', {}, make('option', { value: '*', textContent: 'all' }));
      for (const word of words) select.append(make('option', { value: word, textContent: word || 'none' }));
      select.addEventListener('change', update);
      selects.set(name, select);
      byId('filters').append(make('label', {}, make('span', { textContent: column.title }), select));
    }
    let waiting = 0;
    byId('search').addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(update, 60);
    });
    byId('tools').addEventListener('submit', event => event.preventDefault());
    byId('tools').addEventListener('reset', event => {
      event.preventDefault();
      reset();
      update();
    });
    byId('more').addEventListener('click', () => draw(state.drawn + STEP));
    for (const group of document.querySelectorAll('.group')) {
      group.addEventListener('click', () => {
        reset();
        for (const name of ['code', 'benefit', 'field', 'currency', 'owner']) {
          if (selects.has(name)) selects.get(name).value = group.dataset[name];
        }
        update();
        byId('findings').scrollIntoView();
        byId('findings').focus({ preventScroll: true });
      });
    }
    document.addEventListener('keydown', event => {
      const typing = event.target.closest('input, select, textarea');
      if (event.key === '/' && !typing) {
        event.preventDefault();
        byId('search').focus();
      } else if (event.key === 'Escape' && event.target === byId('search')) {
        byId('search').value = '';
        update();
      }
    });
    // On paper everything that is folded is open, and the list is longer.
    let folded = [];
    addEventListener('beforeprint', () => {
      draw(Math.max(PRINTED, state.drawn));
      const printed = byId('printed');
      printed.hidden = state.drawn === state.found.length;
      printed.textContent = `The first ${number(state.drawn)} of ${number(state.found.length)} rows are printed; all of `
        + 'them are in exceptions.csv.';
      folded = [...document.querySelectorAll('details:not([open])')];
      folded.forEach(section => { section.open = true; });
    });
    addEventListener('afterprint', () => {
      folded.forEach(section => { section.open = false; });
      byId('printed').hidden = true;
    });
    addEventListener('hashchange', follow);
    update();
    follow();
  };

  document.querySelector('a[href="#coverage"]')?.addEventListener('click', () => { byId('coverage').open = true; });
  if (data.rows) start();
  else byId('status').textContent = 'No findings.';
})();
