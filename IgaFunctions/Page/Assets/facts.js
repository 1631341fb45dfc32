// What is known of a task, as a list of names and values.

import { callersText, el } from './dom.js';
import { bytes, count, moment, money } from './format.js';

export function factsOf(task, details) {
  const of = (name) => details[name] ?? task[name] ?? null;
  const number = (name, write) => (Number.isFinite(of(name)) ? write(of(name)) : null);
  const callback = details.callback;
  const facts = [
    ['Model', of('model')],
    ['Ratio', task.aspect_ratio],
    ['Size', of('image_size')],
    ['Format', of('content_type') ?? task.output_format],
    ['File size', number('size_bytes', bytes)],
    ['Price', number('price_usd', money)],
    ['Tokens', tokens(details)],
    ['Tries', Number.isFinite(task.attempts) && task.attempts > 1 ? count(task.attempts) : null],
    ['Created', of('created_at') && moment(of('created_at'))],
    ['Ended', of('ended_at') && moment(of('ended_at'))],
    ['Workflow', of('workflow_id')],
    ['Idempotency key', of('idempotency_key')],
    ['API key of', of('caller')],
    ['Stored as', task.result?.image_url],
    ['Checksum (CRC32C)', details.crc32c],
    ['Callback', callback && `${callback.url} – ${callbackWords(callback)}`],
    ['Task id', task.task_id],
  ];
  return el('dl', { class: 'facts' }, ...facts.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => el('div', {}, el('dt', { text: name }), el('dd', {}, callersText(String(value), { dir: 'auto' })))));
}

function tokens({ prompt_tokens: prompt, output_tokens: output, thought_tokens: thought }) {
  const parts = [[prompt, 'in'], [output, 'out'], [thought, 'of thought']].filter(([number]) => Number.isFinite(number));
  return parts.map(([number, name]) => `${count(number)} ${name}`).join(', ');
}

function callbackWords({ state, attempts, last_error: error }) {
  const tries = `${count(attempts)} ${attempts === 1 ? 'try' : 'tries'}`;
  switch (state) {
    case 'delivered': return `delivered after ${tries}`;
    case 'given_up': return `given up after ${tries}${error ? `: ${error}` : ''}`;
    default: return `on its way, ${tries} so far${error ? `: ${error}` : ''}`;
  }
}
