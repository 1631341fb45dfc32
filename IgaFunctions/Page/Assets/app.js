// Puts the page together.

import { announce, byId, el, show } from './dom.js';
import { Detail } from './detail.js';
import { bindFilters, filtersOf, isFiltered, matches } from './filters.js';
import { bindForm, fillForm, loadModels } from './form.js';
import { Gallery } from './gallery.js';
import { askAgain, forgetKey } from './key.js';
import { Live } from './live.js';
import { startStats, statsSoon } from './stats.js';
import { TaskList } from './tasks.js';
import { stateOf } from './words.js';

const SAMPLES = [
  'A lighthouse at dawn, watercolour on rough paper',
  'Isometric cutaway of a tiny bookshop, warm evening light',
  'A red fox asleep in fresh snow, seen from above',
];

const list = new TaskList();
const gallery = new Gallery(list, openDetail);
const filters = bindFilters((chosen) => list.load(chosen));
const detail = new Detail(list, {
  closed(id) {
    setAddress(null);
    gallery.focus(id);
  },
  begun(task) {
    list.merge(task);
    openDetail(task.task_id);
    statsSoon();
  },
  reuse: (request) => fillForm(request),
});
const live = new Live(taskChanged, () => list.refresh());

list.holds = () => byId('grid').getBoundingClientRect().top < -200;
list.addEventListener('change', tellState);
byId('arrived').addEventListener('click', () => {
  scrollTo({ top: 0, behavior: 'instant' });
  list.release();
  byId('tasks').focus({ preventScroll: true });
});
addEventListener('scroll', () => list.held.size > 0 && !list.holds() && list.release(), { passive: true });
addEventListener('popstate', () => {
  showAddressed();
  const chosen = filtersOf(location.href);
  if (JSON.stringify(chosen) !== JSON.stringify(list.filters)) {
    filters.show(chosen);
    list.load(chosen);
  }
});
byId('forget-key').addEventListener('click', forgetKey);
bindForm((task) => {
  list.merge(task);
  statsSoon();
  const isShown = matches(task, list.filters);
  byId('form-note').replaceChildren(
    isShown ? 'Accepted. ' : 'Accepted; the filters hide it. ',
    el('a', { href: `?task=${task.task_id}`, text: 'Watch it', on: { click: (event) => { event.preventDefault(); openDetail(task.task_id); } } }));
});
start();

/** One call first: where a key is needed, it is asked for once, and without one nothing else is tried. */
async function start() {
  const chosen = filtersOf(location.href);
  filters.show(chosen);
  await list.load(chosen);
  if (list.error?.status === 401) {
    return;
  }

  loadModels();
  startStats();
  live.start();
  showAddressed();
}

function taskChanged(task) {
  const before = list.get(task.task_id);
  list.merge(task);
  detail.changed(task);
  statsSoon();
  if (before && before.status !== task.status && (task.status === 'SUCCESS' || task.status === 'FAILURE')) {
    announce(`${stateOf(task)[0]}: ${(task.prompt ?? '').slice(0, 80)}`);
  }
}

function openDetail(id) {
  if (new URL(location.href).searchParams.get('task') !== id) {
    setAddress(id);
  }

  detail.open(id);
}

/** Shows the task that the address names, or none. */
function showAddressed() {
  const id = new URL(location.href).searchParams.get('task');
  if (id === null) {
    byId('detail').close();
  } else if (detail.id !== id) {
    detail.open(id);
  }
}

function setAddress(id) {
  const address = new URL(location.href);
  if (id === null) {
    address.searchParams.delete('task');
  } else {
    address.searchParams.set('task', id);
  }

  if (address.href !== location.href) {
    history[id === null ? 'replaceState' : 'pushState'](null, '', address);
  }
}

/** Everything around the cards: nothing there, something wrong, more to come. */
function tellState() {
  const { shown, loading, error, next, held } = list;
  byId('skeletons').hidden = !(loading && shown.length === 0);
  byId('grid').setAttribute('aria-busy', String(loading));
  show(byId('more'), shown.length > 0 && loading ? 'Loading more…' : shown.length > 50 && next === null ? 'That is all.' : '');
  show(byId('arrived'), held.size > 0 ? `${held.size} new` : '');
  const notice = byId('notice');
  if (error) {
    const again = error.status === 401 ? { text: 'Enter the key', on: { click: () => { askAgain(); start(); } } }
      : { text: 'Try again', on: { click: () => list.more() } };
    notice.replaceChildren(el('span', { text: error.message }), ' ', el('button', { type: 'button', ...again }));
  }

  notice.hidden = !error;
  showEmpty(shown.length === 0 && held.size === 0 && !loading && !error);
}

function showEmpty(isEmpty) {
  const box = byId('empty');
  if (isEmpty && box.hidden) {
    box.replaceChildren(...(isFiltered(list.filters)
      ? [el('p', { class: 'empty-title', text: 'No task matches' }), el('p', { text: 'Nothing was made that fits these filters.' }),
        el('button', { type: 'button', text: 'Clear the filters', on: { click: () => filters.clear() } })]
      : [el('img', { src: '/assets/icon.svg', alt: '', width: '56', height: '56' }),
        el('p', { class: 'empty-title', text: 'No pictures yet' }), el('p', { text: 'Describe one in the form, or begin with one of these:' }),
        el('ul', { class: 'samples' }, ...SAMPLES.map((prompt) => el('li', {}, el('button', {
          type: 'button', text: prompt, on: { click: () => fillForm({ prompt }) },
        }))))]));
  }

  if (box.hidden === isEmpty) {
    box.hidden = !isEmpty;
  }
}
