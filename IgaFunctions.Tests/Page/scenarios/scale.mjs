// Far more tasks than fit into a page.

import assert from 'node:assert/strict';
import { startDouble } from '../double.mjs';
import { many, success } from '../examples.mjs';
import { card, eventually, leave, visit } from '../visit.mjs';

const COUNT = 10_000;

/** @returns the most elements that were in the document at one time, and the most pictures that were held */
export async function tenThousandScroll(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: many(COUNT) });
  const page = await visit(browser, double.url, { width: 1440, open: false });
  await page.addInitScript(() => {
    window.held = 0;
    window.mostHeld = 0;
    const [make, drop] = [URL.createObjectURL, URL.revokeObjectURL];
    URL.createObjectURL = (blob) => { window.mostHeld = Math.max(window.mostHeld, ++window.held); return make.call(URL, blob); };
    URL.revokeObjectURL = (url) => { window.held--; drop.call(URL, url); };
  });
  await page.goto(double.url);
  await page.locator('.card').first().waitFor();
  const seen = { elements: 0, cards: 0 };
  for (const end = Date.now() + 100_000; Date.now() < end;) {
    const now = await page.evaluate(() => new Promise((resolve) => {
      scrollTo(0, document.documentElement.scrollHeight);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve({
        elements: document.querySelectorAll('*').length, cards: document.querySelectorAll('.card').length, isEnd: document.getElementById('more').textContent === 'That is all.',
      })));
    }));
    seen.elements = Math.max(seen.elements, now.elements);
    seen.cards = Math.max(seen.cards, now.cards);
    if (now.isEnd) {
      break;
    }
  }

  // The last page made the list longer once more.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.locator(`.card[aria-posinset="${COUNT}"][aria-setsize="${COUNT}"]`).waitFor();
  await page.locator(`.card[aria-posinset="${COUNT}"] .picture[data-picture="shown"]`).waitFor();
  assert.equal(double.calls.filter((call) => call.startsWith('GET /v1/tasks?')).length, COUNT / 100);

  // Pages that flew by were not looked at, so their pictures were not fetched.
  assert.ok(double.calls.filter((call) => call.endsWith('/image')).length < 2_000);

  // One frame of scrolling costs little, however long the list is.
  const frames = await page.evaluate(async () => {
    const costs = [];
    for (let step = 0; step < 40; step++) {
      scrollBy(0, -900);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      costs.push(document.querySelectorAll('.card').length);
    }

    return costs;
  });
  seen.cards = Math.max(seen.cards, ...frames);
  double.change({ ...success(0, Date.now() + 5000), prompt: 'the ten thousand and first' });
  await page.getByRole('button', { name: '1 new' }).click();
  await card(page, 'the ten thousand and first').waitFor();
  await eventually(() => page.evaluate(() => document.querySelectorAll('.card').length < 60), 'few cards');
  const pictures = await page.evaluate(() => window.mostHeld);
  await leave(page);
  await double.close();
  return { ...seen, pictures };
}
