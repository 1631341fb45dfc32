// The strip of figures.

import { getJson } from './api.js';
import { byId, callersText, el, setText } from './dom.js';
import { count, duration, money } from './format.js';

const EVERY = 5_000;
const SOON = 700;

const TILES = [
  ['accepted', 'Accepted', (s) => count(s.accepted_today)],
  ['running', 'Running', (s) => count(s.started)],
  ['waiting', 'Waiting', (s) => count(s.pending)],
  ['retrying', 'Trying again', (s) => count(s.retrying)],
  ['done', 'Done', (s) => count(s.succeeded_today)],
  ['failed', 'Failed', (s) => count(s.failed_today)],
  ['median', 'Median', (s) => duration(s.median_seconds)],
  ['p95', '95th percentile', (s) => duration(s.p95_seconds)],
  ['spent', 'Spent', (s) => money(s.spent_today_usd)],
];

let timer;
let started = false;
const values = new Map();

export function startStats() {
  if (!started) {
    started = true;
    byId('strip').append(...TILES.map(([kind, name]) => {
      const value = el('dd', { text: '–' });
      values.set(kind, value);
      return el('div', { class: 'tile', data: { kind } }, el('dt', { text: name }), value);
    }));
    document.addEventListener('visibilitychange', () => statsSoon());
  }

  load();
}

/** After a change of a task: soon, and once for many. */
export function statsSoon() {
  if (started && !document.hidden) {
    clearTimeout(timer);
    timer = setTimeout(load, SOON);
  }
}

async function load() {
  clearTimeout(timer);
  try {
    const stats = await getJson('/v1/stats');
    TILES.forEach(([kind, , text]) => setText(values.get(kind), text(stats)));
    values.get('failed').toggleAttribute('data-zero', !stats.failed_today);
    showSpend(stats);
    byId('strip').dataset.state = 'known';
  } catch {
    byId('strip').dataset.state = 'old'; // What is wrong the list says.
  }

  if (!document.hidden) {
    timer = setTimeout(load, EVERY);
  }
}

function showSpend({ spent_today_by_model: rows, spent_today_usd: spent, daily_limit_usd: limit }) {
  const list = byId('spend-rows');
  const known = rows ?? [];
  byId('spend').hidden = known.length === 0 && !limit;
  const most = Math.max(...known.map((row) => row.usd ?? 0), 0.000_001);
  const lines = known.map((row) => {
    const bar = el('span', { class: 'bar-fill' });
    bar.style.width = `${Math.round((100 * (row.usd ?? 0)) / most)}%`;
    return el(
      'li', {}, callersText(row.model ?? 'unknown'), el('span', { class: 'bar-track', 'aria-hidden': 'true' }, bar),
      el('span', { text: `${money(row.usd)} · ${count(row.images)} ${row.images === 1 ? 'picture' : 'pictures'}` }));
  });
  if (limit) {
    lines.push(el('li', { class: 'limit' }, el('span', { text: `${money(spent)} of the day’s limit of ${money(limit)}` })));
  }

  if (lines.map((line) => line.textContent).join('\n') !== [...list.children].map((line) => line.textContent).join('\n')) {
    list.replaceChildren(...lines);
  }
}
