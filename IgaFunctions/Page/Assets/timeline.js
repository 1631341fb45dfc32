// What happened to a task, step by step.

import { callersText, el } from './dom.js';
import { duration, moment } from './format.js';
import { failureOf, faultWords, hasPicture, isCancelled, isOpen } from './words.js';

/** @param details of GET /v1/tasks/{id}?include=details; may lack anything */
export function timelineOf(task, details) {
  const steps = [step('done', 'Accepted', details.created_at ?? task.created_at)];
  const { queued_seconds: queued, model_seconds: model, upload_seconds: upload, total_seconds: total } = details.timings ?? {};
  if (details.started_at) {
    steps.push(step('done', 'Started', details.started_at, waited(queued)));
  }

  const attempts = details.attempts ?? [];
  attempts.forEach((attempt, index) => steps.push(attemptStep(attempt, index + 1)));
  if (isOpen(task)) {
    steps.push(step('now', {
      PENDING: 'Waiting for its turn', STARTED: 'The model is at work', RETRY: 'Waiting before the next try',
    }[task.status]));
    return list(steps);
  }

  const ended = details.ended_at ?? task.ended_at;
  if (hasPicture(task)) {
    if (!attempts.some((attempt) => !attempt.fault)) {
      steps.push(step('done', 'The model made the picture', null, Number.isFinite(model) ? [`took ${duration(model)}`] : []));
    }

    steps.push(step('done', 'Stored in the bucket', ended, [
      ...(Number.isFinite(upload) ? [`upload ${duration(upload)}`] : []), ...(Number.isFinite(total) ? [`${duration(total)} in all`] : []),
    ]));
  } else {
    steps.push(step('failed', isCancelled(task) ? 'Cancelled' : failureOf(task)?.what ?? 'Ended', ended));
  }

  return list(steps);
}

/** How the time was spent, as a bar of three parts. Its numbers stand in the timeline as well. */
export function timingBar(details) {
  const parts = [['queued', 'waiting'], ['model', 'model'], ['upload', 'upload']]
    .map(([name, label]) => [name, label, details.timings?.[`${name}_seconds`]])
    .filter(([, , seconds]) => Number.isFinite(seconds) && seconds > 0);
  const total = parts.reduce((sum, [, , seconds]) => sum + seconds, 0);
  if (total === 0) {
    return null;
  }

  return el('div', { class: 'timing' },
    el('div', { class: 'timing-bar', 'aria-hidden': 'true' }, ...parts.map(([name, , seconds]) => {
      const part = el('span', { data: { part: name } });
      part.style.flexGrow = String(seconds / total);
      return part;
    })),
    el('ul', { class: 'timing-legend' }, ...parts.map(([name, label, seconds]) =>
      el('li', { data: { part: name }, text: `${label} ${duration(seconds)}` }))));
}

const waited = (seconds) => (Number.isFinite(seconds) ? [`waited ${duration(seconds)}`] : []);

const list = (steps) => el('ol', { class: 'timeline' }, ...steps);

function attemptStep({ model, at, seconds, fault }, number) {
  const took = Number.isFinite(seconds) ? [`after ${duration(seconds)}`] : [];
  return fault
    ? step('failed', `Try ${number}: ${faultWords(fault.type)[0]}`, at, took, model, fault.message)
    : step('done', `Try ${number}: the model made the picture`, at, took, model);
}

function step(kind, text, time, notes = [], model = null, message = null) {
  const small = [...(time ? [el('time', { datetime: time, text: moment(time) })] : []), ...notes, ...(model ? [callersText(model)] : [])];
  return el('li', { data: { kind } },
    el('span', { class: 'step', text }),
    small.length > 0 && el('span', { class: 'faint' }, ...small.flatMap((part, index) => (index > 0 ? [' · ', part] : [part]))),
    message && callersText(message, { class: 'step-message', dir: 'auto' }));
}
