// The gallery: of however many tasks, only the cards in sight are in the document. They are placed by row and column, so the
// page is as long as if all were there.

import { byId } from './dom.js';
import { makeCard } from './card.js';

const SMALLEST = 210;
const GAP = 16;
/** Under the picture: two lines of the prompt and two of facts. */
const TEXT = 116;
/** Rows above and below the window that are there already. */
const AHEAD = 2;

export class Gallery {
  #list;
  #open;
  #grid = byId('grid');
  #cards = new Map();
  #columns = 1;
  #width = 0;
  #rowHeight = 0;
  #current = null;
  #planned = false;

  constructor(list, open) {
    [this.#list, this.#open] = [list, open];
    list.addEventListener('change', () => this.plan());
    addEventListener('scroll', () => this.plan(), { passive: true });
    new ResizeObserver(() => this.plan()).observe(this.#grid);
    this.#grid.addEventListener('keydown', (event) => this.#go(event));
    this.#grid.addEventListener('focusin', (event) => this.#follow(event));
    setInterval(() => this.#cards.forEach((card) => card.age()), 15_000);
  }

  /** Draws once in the next frame, however much has changed until then. */
  plan() {
    if (!this.#planned) {
      this.#planned = true;
      requestAnimationFrame(() => {
        this.#planned = false;
        this.#draw();
      });
    }
  }

  /** Puts the focus on a task's card, as after its detail was closed. */
  focus(id) {
    const index = this.#list.shown.indexOf(id);
    if (index >= 0) {
      this.#current = id;
      this.#reveal(index);
      this.#draw();
      this.#cards.get(id)?.link.focus({ preventScroll: true });
    }
  }

  #measure() {
    const width = this.#grid.clientWidth;
    // Two beside each other on a phone.
    this.#columns = Math.max(width < 440 ? (width < 300 ? 1 : 2) : 1, Math.floor((width + GAP) / (SMALLEST + GAP)));
    this.#width = Math.floor((width - GAP * (this.#columns - 1)) / this.#columns);
    this.#rowHeight = this.#width + TEXT + GAP;
  }

  #draw() {
    this.#measure();
    const { shown, next, loading } = this.#list;
    const rows = Math.ceil(shown.length / this.#columns);
    this.#grid.style.height = `${rows * this.#rowHeight}px`;
    const top = -this.#grid.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / this.#rowHeight) - AHEAD);
    const last = Math.min(rows, Math.ceil((top + innerHeight) / this.#rowHeight) + AHEAD);
    const indexes = new Map();
    for (let index = first * this.#columns; index < Math.min(last * this.#columns, shown.length); index++) {
      indexes.set(shown[index], index);
    }

    // The card with the focus stays: a focus that vanishes sends a keyboard back to the top of the page.
    const focused = document.activeElement?.closest?.('.card')?.dataset.id;
    if (focused && !indexes.has(focused) && shown.includes(focused)) {
      indexes.set(focused, shown.indexOf(focused));
    }

    this.#place(indexes, next === null ? shown.length : -1);
    if (!loading && next !== null && !this.#list.error && last >= rows - AHEAD) {
      this.#list.more();
    }
  }

  #place(indexes, setSize) {
    for (const [id, card] of this.#cards) {
      if (!indexes.has(id)) {
        card.close();
        card.root.remove();
        this.#cards.delete(id);
      }
    }

    if (!indexes.has(this.#current)) {
      this.#current = indexes.keys().next().value ?? null;
    }

    const ordered = [...indexes].sort((one, other) => one[1] - other[1]);
    ordered.forEach(([id, index], place) => {
      let card = this.#cards.get(id);
      if (!card) {
        card = makeCard(this.#open);
        this.#cards.set(id, card);
      }

      card.update(this.#list.get(id));
      const { root, link } = card;
      root.style.width = `${this.#width}px`;
      root.style.height = `${this.#rowHeight - GAP}px`;
      const [column, row] = [index % this.#columns, Math.floor(index / this.#columns)];
      root.style.transform = `translate(${column * (this.#width + GAP)}px, ${row * this.#rowHeight}px)`;
      root.setAttribute('aria-posinset', index + 1);
      root.setAttribute('aria-setsize', setSize);
      link.tabIndex = id === this.#current ? 0 : -1;
      if (this.#grid.children[place] !== root) {
        this.#grid.insertBefore(root, this.#grid.children[place] ?? null);
      }
    });
  }

  #follow(event) {
    const id = event.target.closest('.card')?.dataset.id;
    if (id && id !== this.#current) {
      this.#current = id;
      this.plan();
    }
  }

  #go(event) {
    const { shown } = this.#list;
    const index = shown.indexOf(this.#current);
    const page = this.#columns * Math.max(1, Math.floor(innerHeight / this.#rowHeight));
    const steps = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#columns, ArrowUp: -this.#columns,
      PageDown: page, PageUp: -page, Home: -index, End: shown.length - 1 - index,
    };
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(steps, event.key)) {
      return;
    }

    event.preventDefault();
    this.focus(shown[Math.min(shown.length - 1, Math.max(0, index + steps[event.key]))]);
  }

  #reveal(index) {
    const row = Math.floor(index / this.#columns) * this.#rowHeight;
    const top = this.#grid.getBoundingClientRect().top + row;
    if (top < 8) {
      scrollBy({ top: top - 8, behavior: 'instant' });
    } else if (top + this.#rowHeight > innerHeight) {
      scrollBy({ top: top + this.#rowHeight - innerHeight, behavior: 'instant' });
    }
  }
}
