// A person's visit to the page: a browser window of its own, and what the browser complained of.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const axe = fs.readFileSync(path.join(folder, 'node_modules/axe-core/axe.min.js'), 'utf8');
const screenshots = process.env.IGA_SCREENSHOTS;

/** @returns a Playwright page with `problems`: script errors, and what the Content-Security-Policy kept off */
export async function visit(browser, url, { width = 1280, height = 900, scheme = 'light', key = null, open = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`script error: ${error.stack}`));
  page.on('console', (message) => {
    // The browser's own note of an answer that is no success is expected where the service refuses something.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      page.problems.push(`console: ${message.text()}`);
    }
  });
  await page.exposeFunction('noteViolation', (text) => page.problems.push(`policy: ${text}`));
  await page.addInitScript(() => document.addEventListener(
    'securitypolicyviolation', (event) => window.noteViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
  if (key !== null) {
    await page.addInitScript((value) => sessionStorage.setItem('iga.key', value), key);
  }

  if (open) {
    await page.goto(url);
  }

  return page;
}

/** Ends a visit; nothing may have gone wrong in it. */
export async function leave(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

/** What axe finds against the page as it is. */
export async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`);
}

/** Takes a picture of the page when it has settled, where somebody wants to look at it. */
export async function shoot(page, name, settled) {
  if (screenshots) {
    await settled();
    fs.mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: path.join(screenshots, `${name}.png`), animations: 'disabled' });
  }
}

export const card = (page, prompt) => page.locator('.card', { hasText: prompt });

export async function make(page, prompt) {
  await page.getByLabel('Prompt').fill(prompt);
  await page.getByRole('button', { name: 'Make the picture' }).click();
}

/** Waits until a check holds. */
export async function eventually(check, what, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    if (await check()) {
      return;
    }

    assert.ok(Date.now() < end, `${what} did not come to be`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
