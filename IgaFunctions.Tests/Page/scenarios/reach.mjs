// For everybody: by keyboard, by ear, in every size and both schemes.

import assert from 'node:assert/strict';
import { startDouble } from '../double.mjs';
import { mixed } from '../examples.mjs';
import { eventually, leave, shoot, violations, visit } from '../visit.mjs';

/** How the page comes to each of its states. */
const STATES = {
  gallery: async (page) => shown(page),
  empty: async (page) => page.getByText('No pictures yet').waitFor(),
  nothing: async (page, double) => {
    await page.goto(`${double.url}?workflow=none`);
    await page.getByText('No task matches').waitFor();
  },
  loading: async (page) => page.locator('#skeletons').waitFor(),
  trouble: async (page) => page.getByRole('alert').filter({ hasText: 'Try again' }).waitFor(),
  refused: async (page) => {
    await page.locator('.card').first().waitFor({ state: 'attached' });
    await page.getByLabel('Prompt').fill('a picture too many');
    await page.getByRole('button', { name: 'Make the picture' }).click();
    await page.locator('#form-error').waitFor();
  },
  key: async (page) => page.getByRole('dialog').waitFor(),
  figures: async (page) => {
    await page.getByText('Spend today by model').click();
    await page.locator('#spend-rows li').first().waitFor();
  },
  done: async (page, double) => detail(page, double, (task) => task.status === 'SUCCESS' && task.price_usd),
  failed: async (page, double) => detail(page, double, (task) => task.result?.error?.type === 'prompt_blocked'),
  running: async (page, double) => detail(page, double, (task) => task.status === 'STARTED'),
  conflict: async (page, double) => detail(page, double, (task) => task.result?.status === 'PROCESSING_CONFLICT'),
  gone: async (page, double) => detail(page, double, (task) => task.gone),
};

export const states = () => Object.keys(STATES);

/** @returns what axe finds wrong with a state of the page, in both schemes, and what stands out; pictures of it at three widths where they are wanted */
export async function stateIsFine(browser, { pageOf, state }) {
  const double = await startDouble({
    pageOf, tasks: state === 'empty' ? [] : mixed(), key: state === 'key' ? 'secret' : null, stats: state === 'figures' ? { daily_limit_usd: 10 } : {},
  });
  prepare(double, state);
  const found = [];
  const page = await visit(browser, double.url, { width: 1440 });
  await STATES[state](page, double);
  for (const width of [1440, 768, 360]) {
    await page.setViewportSize({ width, height: width < 500 ? 780 : 900 });
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await drawn(page);
      await shoot(page, `${state}-${width}-${scheme}`, () => picturesShown(page));
      if (`${width} ${scheme}` === '1440 light' || `${width} ${scheme}` === '360 dark') {
        found.push(...(await violations(page)).map((violation) => `${scheme} ${width}: ${violation}`));
      }
    }

    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) {
      found.push(`${width}: ${overflow} px stand out at the side`);
    }
  }

  await leave(page);
  await double.close();
  return found;
}

function prepare(double, state) {
  if (state === 'trouble') {
    double.fail('/v1/tasks', 503, { error_code: 'IGA_IDEMPOTENCY_STORE_UNAVAILABLE', message: 'The store of idempotency keys is out of reach.' }, { 'Retry-After': '2' }, 99);
  } else if (state === 'refused') {
    double.fail('/generate_image', 429, { error_code: 'IGA_SPEND_LIMIT_REACHED', message: 'The day’s limit of $10.00 is reached.' }, { 'Retry-After': '3600' });
  } else if (state === 'loading') {
    double.slow = true;
  }
}

/** A change of size is seen in one frame, and the cards are placed in the next. */
const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))));

/** Those that came into sight may still be on their way. */
async function picturesShown(page) {
  await page.waitForFunction(() => [...document.querySelectorAll('.picture[data-picture="loading"]')]
    .every((picture) => picture.getBoundingClientRect().top > innerHeight || picture.getBoundingClientRect().bottom < 0), null, { timeout: 3000 }).catch(() => {});
}

async function shown(page) {
  await page.locator('.card').first().waitFor({ state: 'attached' });
  const finished = page.locator('.card[data-kind="done"] .picture').first();
  await finished.scrollIntoViewIfNeeded();
  await page.locator('.picture[data-picture="shown"]').first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
}

async function detail(page, double, which) {
  await page.goto(`${double.url}?task=${double.tasks.find(which).task_id}`);
  await page.locator('.facts').waitFor();
  await page.locator('.detail-frame', { hasText: 'Loading' }).waitFor({ state: 'detached' });
}

/** From the top of the page to a task's detail and back, without a mouse. */
export async function keyboardGoesEverywhere(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed() });
  const page = await visit(browser, double.url, { width: 1440 });
  await page.locator('.card').first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('#ratio option').length > 1);
  const stops = [];
  for (let press = 0; press < 25 && stops.at(-1) !== 'card'; press++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      const style = getComputedStyle(focused.matches('.segments input') ? focused.nextElementSibling : focused);
      return { name: focused.closest('.card') ? 'card' : focused.id || focused.name || focused.textContent, ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
    });
    assert.ok(stop.ring, `no ring around ${stop.name}`);
    stops.push(stop.name);
  }

  assert.deepEqual(stops, [
    'Skip to the tasks', 'Spend today by model', 'prompt', 'model', 'ratio', 'size', 'output', 'send', 'form-curl', 'state', 'time', 'order', 'workflow', 'card',
  ]);
  await walkTheCards(page, double);

  // The shortcut of the form, from its field.
  await page.getByLabel('Prompt').focus();
  await page.keyboard.type('typed by hand');
  await page.keyboard.press('Control+Enter');
  await page.locator('.card', { hasText: 'typed by hand' }).waitFor();
  await eventually(async () => (await page.locator('#announcer').textContent()) !== '', 'something said to a screen reader');
  await leave(page);
  await double.close();
}

async function walkTheCards(page, double) {
  const current = () => page.evaluate(() => document.activeElement.closest('.card')?.dataset.id);
  const ids = double.tasks.map((task) => task.task_id);
  const columns = await page.evaluate(() => new Set([...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect().left)).size);
  for (const [key, at] of [['ArrowRight', 1], ['ArrowDown', 1 + columns], ['ArrowLeft', columns], ['End', ids.length - 1], ['Home', 0], ['ArrowRight', 1]]) {
    await page.keyboard.press(key);
    await eventually(async () => (await current()) === ids[at], `${key} to task ${at}`);
  }

  await page.keyboard.press('Enter');
  await page.locator('.facts').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'detail-title');
  for (let press = 0; press < 8; press++) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null), 'the focus left the dialog');
  }

  await page.keyboard.press('Escape');
  await eventually(async () => (await current()) === ids[1], 'the focus back on the card');
}
