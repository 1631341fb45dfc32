// One task in the gallery.

import { callersText, el, setText } from './dom.js';
import { age, moment, money } from './format.js';
import { hidePicture, showPicture } from './pictures.js';
import { failureOf, hasPicture, isOpen, stateOf } from './words.js';

const LONGEST_PROMPT = 300;

/** @returns {{root: HTMLElement, link: HTMLElement, update: Function, age: Function, close: Function}} */
export function makeCard(open) {
  const img = el('img', { alt: '', decoding: 'async', draggable: 'false' });
  const note = el('span', { class: 'picture-note' });
  const picture = el('span', { class: 'picture' }, img, note);
  const prompt = callersText('', { class: 'card-prompt', dir: 'auto' });
  const state = el('span', { class: 'state' });
  const price = el('span', { class: 'card-price' });
  const time = el('time');
  const model = callersText('', { class: 'card-model' });
  const link = el(
    'a', { class: 'card-link', tabindex: '-1', on: { click: (event) => openHere(event) } },
    picture, prompt,
    el('span', { class: 'card-line' }, state, price),
    el('span', { class: 'card-line faint' }, model, time));
  const root = el('li', { class: 'card' }, link);
  let task;

  function openHere(event) {
    // With a key held down it is the browser's: a new tab.
    if (!event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      open(task.task_id);
    }
  }

  function update(newTask) {
    if (newTask === task) {
      return;
    }

    task = newTask;
    const [name, kind] = stateOf(task);
    root.dataset.id = task.task_id;
    root.dataset.kind = kind;
    link.href = `?task=${encodeURIComponent(task.task_id)}`;
    setText(prompt, (task.prompt ?? '').slice(0, LONGEST_PROMPT) || 'No prompt known');
    setText(state, name);
    setText(price, Number.isFinite(task.price_usd) ? money(task.price_usd) : '');
    setText(model, task.model ?? '');
    time.dateTime = task.created_at ?? '';
    time.title = moment(task.created_at);
    tellAge();
    if (hasPicture(task)) {
      showPicture(img, task.task_id, (what) => {
        picture.dataset.picture = what;
        setText(note, what === 'gone' ? 'The picture can’t be shown' : '');
      });
    } else {
      hidePicture(img);
      picture.dataset.picture = 'none';
      setText(note, isOpen(task) ? '' : failureOf(task)?.what ?? '');
    }
  }

  const tellAge = () => setText(time, age(task.created_at));
  return { root, link, update, age: tellAge, close: () => hidePicture(img) };
}
