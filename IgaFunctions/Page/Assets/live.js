// Keeps the page up to date: by events where the service streams them, else by looking again every few seconds.

import { call } from './api.js';
import { byId, setText } from './dom.js';
import { readEvents } from './sse.js';

const POLL = 4_000;
/** The service says something every 15 s; a stream that is silent for longer is dead. */
const SILENCE = 40_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** After so many failures in a row the list is polled, and the stream tried now and then. */
const PATIENCE = 2;

/**
 * @param taskChanged gets the task of an event
 * @param refresh looks at the list again; may fail
 */
export class Live {
  #taskChanged;
  #refresh;
  #lastId = null;
  #failures = 0;
  #cut = null;
  #polling = null;
  #pause = null;
  #begun = false;

  constructor(taskChanged, refresh) {
    [this.#taskChanged, this.#refresh] = [taskChanged, refresh];
    // A page that nobody sees leaves its place to others.
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.start()));
    addEventListener('online', () => this.start());
    addEventListener('offline', () => this.#show('offline', 'Offline'));
  }

  start() {
    if (document.hidden) {
      return;
    }

    this.stop();
    this.#failures = 0;
    this.#stream(new AbortController());
    if (this.#begun) {
      this.#refresh().catch(() => {}); // What happened in between; the stream tells what happens from now on.
    }

    this.#begun = true;
  }

  stop() {
    this.#cut?.abort();
    clearTimeout(this.#pause);
    this.#poll(false);
  }

  async #stream(cut) {
    this.#cut = cut;
    let watch;
    const sign = () => {
      clearTimeout(watch);
      watch = setTimeout(() => stream.abort(), SILENCE);
    };
    const stream = new AbortController();
    const end = () => stream.abort();
    cut.signal.addEventListener('abort', end);
    let retryAfter = null;
    try {
      sign();
      const headers = this.#lastId === null ? {} : { 'Last-Event-ID': this.#lastId };
      const response = await call('/v1/tasks/events', { headers: { ...headers, Accept: 'text/event-stream' }, signal: stream.signal });
      if (this.#failures > 0) {
        this.#refresh().catch(() => {}); // What happened while there was no stream.
      }

      this.#failures = 0;
      this.#poll(false);
      this.#show('live', 'Live');
      await readEvents(response, (event) => this.#take(event), sign);
    } catch (error) {
      retryAfter = error.retryAfter ?? null; // A stream that breaks is no answer of the service.
    } finally {
      clearTimeout(watch);
      cut.signal.removeEventListener('abort', end);
    }

    if (cut.signal.aborted) {
      return;
    }

    this.#failures++;
    if (this.#failures >= PATIENCE || retryAfter !== null) {
      this.#poll(true);
    }

    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#pause = setTimeout(() => this.#stream(cut), Math.max(pause, (retryAfter ?? 0) * 1000));
  }

  #take({ event, id, data }) {
    if (id) {
      this.#lastId = id;
    }

    if (event === 'task') {
      try {
        this.#taskChanged(JSON.parse(data));
      } catch {
        // Not what was agreed on; the next one may be.
      }
    }
  }

  #poll(wanted) {
    if (!wanted) {
      clearTimeout(this.#polling);
      this.#polling = null;
    } else if (this.#polling === null) {
      this.#show('polling', 'Refreshing');
      this.#pollSoon();
    }
  }

  #pollSoon() {
    const turn = setTimeout(async () => {
      try {
        await this.#refresh();
        this.#show('polling', 'Refreshing');
      } catch (error) {
        this.#show('offline', error.status === 0 ? 'Offline' : 'No answer');
      }

      if (this.#polling === turn) {
        this.#pollSoon();
      }
    }, POLL);
    this.#polling = turn;
  }

  #show(state, text) {
    byId('live').dataset.state = state;
    setText(byId('live-text'), text);
  }
}
