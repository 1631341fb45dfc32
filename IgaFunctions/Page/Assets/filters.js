// What the list is filtered by; the page's address keeps it, so that a view can be sent to somebody.

import { byId } from './dom.js';

const STATES = { open: ['PENDING', 'STARTED', 'RETRY'], done: ['SUCCESS'], failed: ['FAILURE'] };
const DAY = 86_400_000;
const NAMES = ['state', 'time', 'order', 'workflow'];

/** @returns the filters that the address names; what it names wrongly counts as not named */
export function filtersOf(address) {
  const query = new URL(address).searchParams;
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name)?.slice(0, 255) ?? '']));
}

/** @returns the path of the list's first page */
export function listPath(filters) {
  const query = new URLSearchParams({ limit: 100 });
  const states = STATES[filters.state];
  if (states) {
    query.set('status', states.join(','));
  }

  if (filters.workflow) {
    query.set('workflow_id', filters.workflow);
  }

  const [since, until] = period(filters);
  if (since) {
    query.set('since', since.toISOString());
  }

  if (until) {
    query.set('until', until.toISOString());
  }

  if (filters.order === 'price') {
    query.set('order', 'price');
  }

  return `/v1/tasks?${query}`;
}

/** Whether a task that a live event tells of belongs into the list. */
export function matches(task, filters) {
  const states = STATES[filters.state];
  const [since, until] = period(filters);
  const created = Date.parse(task.created_at);
  return (!states || states.includes(task.status))
    && (!filters.workflow || task.workflow_id === filters.workflow)
    && (!since || created >= since) && (!until || created < until);
}

export const isFiltered = (filters) => NAMES.some((name) => name !== 'order' && filters[name] !== '');

/** Shows the filters in their form, and calls back with them when the person changes one. */
export function bindFilters(changed) {
  const form = byId('filters');
  let typing;
  let applied = '';
  const apply = () => {
    clearTimeout(typing);
    const fields = new FormData(form);
    const filters = Object.fromEntries(NAMES.map((name) => [name, String(fields.get(name) ?? '').trim()]));
    if (JSON.stringify(filters) === applied) {
      return; // The field says so again when the focus leaves it: nothing may move under a click.
    }

    applied = JSON.stringify(filters);
    const address = new URL(location.href);
    NAMES.forEach((name) => (filters[name] ? address.searchParams.set(name, filters[name]) : address.searchParams.delete(name)));
    history.replaceState(history.state, '', address);
    changed(filters);
  };
  form.addEventListener('submit', (event) => { event.preventDefault(); apply(); });
  form.addEventListener('change', apply);
  form.elements.workflow.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(apply, 400);
  });
  return {
    show(filters) {
      applied = JSON.stringify(filters);
      NAMES.forEach((name) => { form.elements[name].value = filters[name]; });
      // An unknown value selects nothing.
      form.querySelector('[name=state]:checked') ?? (form.elements.state.value = '');
      ['time', 'order'].forEach((name) => { form.elements[name].selectedIndex = Math.max(0, form.elements[name].selectedIndex); });
    },
    clear() {
      form.reset();
      apply();
    },
  };
}

/** By the calendar of the person; the dearest are looked for in at most 31 days. */
function period({ time, order }) {
  const now = Date.now();
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const yesterday = new Date(midnight);
  yesterday.setDate(yesterday.getDate() - 1);
  switch (time) {
    case 'hour': return [new Date(now - DAY / 24)];
    case 'today': return [new Date(midnight)];
    case 'yesterday': return [yesterday, new Date(midnight)];
    case 'week': return [new Date(now - 7 * DAY)];
    case 'month': return [new Date(now - 31 * DAY + 60_000)];
    default: return order === 'price' ? [new Date(now - 31 * DAY + 60_000)] : [];
  }
}
