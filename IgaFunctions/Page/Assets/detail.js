// The detail of one task, in a dialog beside the list. The page's address names it, so that it can be sent and found again.

import { ApiError, getJson, postJson, taskPath } from './api.js';
import { copy } from './clipboard.js';
import { curlFor, requestOf } from './curl.js';
import { announce, byId, callersText, el, show } from './dom.js';
import { factsOf } from './facts.js';
import { hideFrame, pictureFrame } from './frame.js';
import { begunNow } from './tasks.js';
import { timelineOf, timingBar } from './timeline.js';
import { failureOf, isConflict, isOpen, stateOf } from './words.js';

/** The address may hold anything. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const dialog = byId('detail');
/** Events tell of changes sooner, where there are any. */
const LOOK_AGAIN = 5_000;

export class Detail {
  #list;
  #actions;
  #id = null;
  #task = null;
  #details = {};
  #turn = 0;
  #timer;

  /** @param actions `closed(id)`, `begun(task)` for a try again, `reuse(request)` */
  constructor(list, actions) {
    [this.#list, this.#actions] = [list, actions];
    dialog.addEventListener('close', () => this.#closed());
    // A click beside the dialog lands on it.
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  }

  get id() {
    return this.#id;
  }

  async open(id) {
    this.#id = id;
    this.#task = this.#list.get(id) ?? { task_id: id, status: null };
    this.#details = {};
    this.#draw();
    if (!dialog.open) {
      dialog.showModal();
    }

    byId('detail-title').focus();
    if (ID.test(id)) {
      await this.#load();
    } else {
      this.#draw(new ApiError(404, ''));
    }
  }

  close() {
    dialog.close();
  }

  /** An event tells of a change; attempts and times come with the details. */
  changed(task) {
    if (task.task_id === this.#id) {
      this.#task = { ...this.#task, ...task };
      this.#draw();
      this.#load();
    }
  }

  async #load() {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    try {
      const { details, ...document } = await getJson(`${taskPath(this.#id)}?include=details`);
      const known = this.#task.prompt !== undefined || !details?.idempotency_key ? null
        : await getJson(`/v1/tasks?idempotency_key=${encodeURIComponent(details.idempotency_key)}`);
      if (turn === this.#turn) {
        this.#details = details ?? {};
        this.#task = { ...this.#task, ...known?.tasks.find((task) => task.task_id === this.#id), ...document };
        this.#draw();
        if (isOpen(this.#task)) {
          this.#lookAgain();
        }
      }
    } catch (error) {
      if (turn !== this.#turn) {
        return;
      }

      if (error.mayPass && this.#task.status) {
        this.#lookAgain(); // What is known of it is worth more than the trouble.
      } else {
        this.#draw(error);
      }
    }
  }

  #lookAgain() {
    this.#timer = setTimeout(() => this.#load(), LOOK_AGAIN);
  }

  #draw(trouble = null) {
    const task = this.#task;
    const scrolled = dialog.querySelector('.detail-body')?.scrollTop ?? 0;
    const focused = dialog.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const [name, kind] = task.status ? stateOf(task) : ['', 'waiting'];
    dialog.replaceChildren(
      el('div', { class: 'detail-head' },
        el('h2', { id: 'detail-title', tabindex: '-1', data: { focus: 'title' } }, 'Task ', name && el('span', { class: 'state', data: { kind }, text: name })),
        el('button', { type: 'button', text: 'Close', data: { focus: 'close' }, on: { click: () => this.close() } })),
      el('div', { class: 'detail-body', tabindex: '0', role: 'group', 'aria-label': 'Task' }, ...this.#body(trouble)));
    dialog.dataset.kind = kind;
    dialog.querySelector('.detail-body').scrollTop = scrolled;
    if (focused) {
      (dialog.querySelector(`[data-focus="${focused}"]`) ?? byId('detail-title')).focus();
    }
  }

  #body(trouble) {
    const [task, details] = [this.#task, this.#details];
    if (trouble) {
      return [el('p', { class: 'error', role: 'alert', text: trouble.status === 404 ? 'There is no such task. It may have been removed after its time.' : trouble.message }),
        el('div', { class: 'actions' }, this.#button('Try again', 'again', () => this.#load()))];
    }

    if (!task.status) {
      return [el('p', { class: 'faint', text: 'Loading…' })];
    }

    const failure = failureOf(task);
    return [
      pictureFrame(task),
      callersText(task.result?.prompt_used ?? task.prompt ?? '', { class: 'detail-prompt', dir: 'auto' }),
      failure && el('div', { class: 'failure', data: { kind: stateOf(task)[1] } },
        el('p', { class: 'failure-what', text: failure.what }), el('p', { text: failure.help }),
        failure.message && el('p', { class: 'faint' }, 'The service says: ', callersText(failure.message, { dir: 'auto' }))),
      this.#buttons(),
      el('p', { id: 'detail-error', class: 'error', role: 'alert', hidden: true }),
      el('h3', { text: 'What happened' }), timelineOf(task, details), timingBar(details),
      el('h3', { text: 'Facts' }), factsOf(task, details),
    ];
  }

  #buttons() {
    const task = this.#task;
    const request = requestOf(task);
    return el('div', { class: 'actions' },
      isOpen(task) && this.#button('Cancel', 'cancel', () => this.#cancel(), 'danger'),
      task.status === 'FAILURE' && !isConflict(task) && this.#button('Try again', 'retry', () => this.#retry(), 'primary'),
      request && this.#button('Use this prompt', 'reuse', () => { this.close(); this.#actions.reuse(request); }),
      request && this.#button('Copy as curl', 'curl', (event) => copy(curlFor(request), event.currentTarget)));
  }

  #button(text, focus, click, kind = null) {
    return el('button', { type: 'button', class: kind, data: { focus }, text, on: { click } });
  }

  async #cancel() {
    await this.#act('cancel', (answer) => {
      announce(isOpen(answer) ? 'The task is being cancelled.' : 'The task was cancelled.');
      this.#list.merge(answer);
      this.changed(answer);
    });
  }

  async #retry() {
    const failed = this.#task;
    await this.#act('retry', (answer) => {
      announce('Accepted. The task runs again.');
      this.#actions.begun(begunNow(answer.task_id, failed));
    });
  }

  async #act(verb, done) {
    try {
      done(await postJson(`${taskPath(this.#id)}/${verb}`, {}));
    } catch (error) {
      show(byId('detail-error'), error.message);
    }
  }

  #closed() {
    const id = this.#id;
    this.#id = null;
    this.#turn++;
    clearTimeout(this.#timer);
    hideFrame();
    dialog.replaceChildren();
    this.#actions.closed(id);
  }
}
