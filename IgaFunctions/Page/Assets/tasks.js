// The tasks that the list has loaded, in its order, and what events change in them.

import { getJson, taskPath } from './api.js';
import { listPath, matches } from './filters.js';
import { isOpen } from './words.js';

/** Before a page that could not be loaded is asked for again without a click. */
const PAUSE = 10_000;

/** A task of which no more is known yet than that it was accepted. @param known what it was asked for */
export const begunNow = (id, known) => ({
  ...known, task_id: id, status: 'PENDING', result: null, created_at: new Date().toISOString(), ended_at: null, price_usd: null, attempts: 0,
});

/** Says `change` when there is something to show. */
export class TaskList extends EventTarget {
  shown = [];
  filters;
  next = null;
  loading = false;
  error = null;

  /** Arrived while the person was further down, where a new card at the top would push away what is read. */
  held = new Set();
  holds = () => false;

  #byId = new Map();
  #turn = 0;

  get(id) {
    return this.#byId.get(id);
  }

  /** Begins anew, with other filters. */
  async load(filters) {
    this.filters = filters;
    this.shown = [];
    this.held.clear();
    this.#byId.clear();
    this.next = listPath(filters);
    this.#turn++;
    this.loading = false;
    await this.more();
  }

  /** Loads the next page, if there is one and none is on its way. */
  async more() {
    if (this.loading || this.next === null) {
      return;
    }

    const turn = this.#turn;
    [this.loading, this.error] = [true, null];
    this.#changed();
    try {
      const page = await getJson(this.next);
      if (turn === this.#turn) {
        this.next = page.next;
        page.tasks.forEach((task) => this.#put(task));
      }
    } catch (error) {
      if (turn === this.#turn) {
        this.error = error;
        this.#tryLater(turn);
      }
    } finally {
      if (turn === this.#turn) {
        this.loading = false;
        this.#changed();
      }
    }
  }

  #tryLater(turn) {
    if (this.error.mayPass) {
      setTimeout(() => turn === this.#turn && this.error && this.more(), Math.max(PAUSE, (this.error.retryAfter ?? 0) * 1000));
    }
  }

  /** Looks again at the first page, in place of events. */
  async refresh() {
    const turn = this.#turn;
    const page = await getJson(listPath(this.filters));
    if (turn === this.#turn) {
      page.tasks.forEach((task) => this.merge(task));
      await this.#lookAtOpen(new Set(page.tasks.map((task) => task.task_id)));
    }
  }

  /** Takes what an event or an answer tells of a task. */
  merge(task) {
    const known = this.#byId.get(task.task_id);
    if (known ? !isOpen(known) && isOpen(task) : !task.created_at) {
      return; // News that was overtaken, or of a task that nothing else is known of.
    }

    const merged = { ...known, ...task };
    if (!matches(merged, this.filters)) {
      if (known) {
        this.#byId.delete(task.task_id);
        this.held.delete(task.task_id);
        this.shown = this.shown.filter((id) => id !== task.task_id);
        this.#changed();
      }
    } else if (known) {
      this.#byId.set(task.task_id, merged);
      this.#changed();
    } else if (this.#isWithinLoaded(merged)) {
      this.#byId.set(task.task_id, merged);
      if (this.holds()) {
        this.held.add(task.task_id);
      } else {
        this.#insert(merged);
      }

      this.#changed();
    }
  }

  /** Puts in what was held back. */
  release() {
    this.held.forEach((id) => this.#insert(this.#byId.get(id)));
    this.held.clear();
    this.#changed();
  }

  /** A page of the list comes in its order: behind all that is there. */
  #put(task) {
    if (!this.#byId.has(task.task_id)) {
      this.shown.push(task.task_id);
    }

    this.#byId.set(task.task_id, { ...this.#byId.get(task.task_id), ...task });
  }

  #insert(task) {
    let [low, high] = [0, this.shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isBefore(task, this.#byId.get(this.shown[middle]))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }

    this.shown.splice(low, 0, task.task_id);
  }

  // Ids begin with their time, so that the newest has the greatest.
  #isBefore(one, other) {
    const difference = this.filters.order === 'price' ? (one.price_usd ?? -1) - (other.price_usd ?? -1) : 0;
    return difference > 0 || (difference === 0 && one.task_id > other.task_id);
  }

  #isWithinLoaded(task) {
    const last = this.#byId.get(this.shown.at(-1));
    return this.next === null || !last || this.#isBefore(task, last);
  }

  /** Those that have left the first page and were under way: a few at a time. */
  async #lookAtOpen(seen) {
    const open = this.shown.filter((id) => !seen.has(id) && isOpen(this.#byId.get(id))).slice(0, 8);
    for (const id of open) {
      this.merge(await getJson(taskPath(id)));
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
