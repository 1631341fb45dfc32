// When the service says no, or nothing.

import assert from 'node:assert/strict';
import { startDouble } from '../double.mjs';
import { mixed, open, success } from '../examples.mjs';
import { card, eventually, leave, make, visit } from '../visit.mjs';

export async function refusalsAreTold(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed() });
  const page = await visit(browser, double.url);
  await page.locator('.card').first().waitFor();
  const error = page.locator('#form-error');
  const refusals = [
    [429, { error_code: 'IGA_TOO_MANY_TASKS', message: 'Too many tasks are under way.' }, { 'Retry-After': '7' }, 'That is more than the service takes at the moment. Too many tasks are under way. Try again in 7 s.'],
    [503, { error_code: 'IGA_TASK_HUB_UNAVAILABLE', message: 'The task could not be started.' }, { 'Retry-After': '2' }, 'The service can’t do this at the moment. The task could not be started. Try again in 2 s.'],
    [400, { error_code: 'IGA_BAD_REQUEST_ASPECT_RATIO', message: 'Field aspect_ratio is wrong.' }, {}, 'Field aspect_ratio is wrong.'],
    [502, 'no JSON', {}, 'The service can’t do this at the moment. Try again later.'],
    // Chromium sends a POST again by itself where a connection that was kept open breaks: the same key makes it one request.
    [0, {}, {}, 'The service does not answer. Nothing was lost; try again in a moment.'],
  ];
  for (const [status, body, headers, words] of refusals) {
    double.heal();
    double.fail('/generate_image', status, body, headers, 9);
    await make(page, 'a picture that is refused');
    await eventually(async () => (await error.textContent()) === words, words);
    assert.equal(await page.getByLabel('Prompt').inputValue(), 'a picture that is refused');
  }

  // An answer that was lost may have been a yes: the same text goes under the same key, and is paid for once.
  double.heal();
  double.fail('/generate_image', 0, {}, {}, 9);
  await make(page, 'sent twice');
  await eventually(async () => (await error.textContent()).startsWith('The service does not answer'), 'no answer');
  const keys = [];
  page.on('request', (request) => request.method() === 'POST' && keys.push(request.headers()['x-idempotency-key']));
  double.heal();
  double.fail('/generate_image', 503);
  await make(page, 'sent twice');
  await eventually(async () => (await error.textContent()).startsWith('The service can’t'), 'the refusal');
  await make(page, 'sent twice');
  await card(page, 'sent twice').waitFor();
  assert.equal(keys.length, 2);
  assert.equal(new Set([...keys, double.posted.at(-1).key]).size, 1);
  await make(page, 'sent once');
  await card(page, 'sent once').waitFor();
  assert.notEqual(double.posted.at(-1).key, keys[0]);
  await leave(page);
  await double.close();
}

export async function listRecovers(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed() });
  double.fail('/v1/tasks', 503, { error_code: 'IGA_IDEMPOTENCY_STORE_UNAVAILABLE', message: 'The store is out of reach.' }, { 'Retry-After': '2' });
  const page = await visit(browser, double.url);
  await page.getByRole('alert').filter({ hasText: 'The store is out of reach. Try again in 2 s.' }).waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.card').first().waitFor();
  await page.locator('#notice').waitFor({ state: 'hidden' });
  await leave(page);
  await double.close();
}

/** Without a stream the page looks again by itself. */
export async function livesWithoutStreams(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: [open(0, 'STARTED'), success(3)], streams: false });
  const page = await visit(browser, double.url);
  await page.locator('#live[data-state="polling"]').waitFor();
  await card(page, 'lighthouse').locator('.state', { hasText: 'Running' }).waitFor();
  Object.assign(double.tasks[0], { ...success(0, Date.parse(double.tasks[0].created_at)), task_id: double.tasks[0].task_id });
  await card(page, 'lighthouse').locator('.state', { hasText: 'Done' }).waitFor();
  await leave(page);
  await double.close();
}

/** A stream that breaks is opened again, and what was missed is looked up. */
export async function streamsAreOpenedAgain(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed() });
  const page = await visit(browser, double.url);
  await page.locator('#live[data-state="live"]').waitFor();
  await eventually(() => double.openStreams === 1, 'the stream');
  await page.evaluate(() => {
    window.states = [];
    new MutationObserver(() => window.states.push(document.getElementById('live').dataset.state)).observe(document.getElementById('live'), { attributes: true });
  });
  double.endStreams();
  double.change({ ...success(0, Date.now()), prompt: 'while there was no stream' });
  await card(page, 'while there was no stream').waitFor();
  await eventually(() => double.openStreams === 1, 'the stream again');
  assert.ok(!(await page.evaluate(() => window.states)).includes('polling'), 'it gave the streams up after one that broke');
  double.change({ ...success(1, Date.now()), prompt: 'from the second stream' });
  await card(page, 'from the second stream').waitFor();

  // What arrives while the person is further down waits for them at the top.
  await page.setViewportSize({ width: 700, height: 600 });
  await page.evaluate(() => scrollTo(0, 2500));
  await page.waitForFunction(() => document.getElementById('grid').getBoundingClientRect().top < -300);
  double.change({ ...success(2, Date.now() + 1000), prompt: 'came in meanwhile' });
  const arrived = page.getByRole('button', { name: '1 new' });
  await arrived.waitFor();
  assert.equal(await card(page, 'came in meanwhile').count(), 0);
  await arrived.click();
  await card(page, 'came in meanwhile').waitFor();
  await leave(page);
  await double.close();
}

/** Back on line, what was missed is looked up, and once. */
export async function missedIsLookedUpOnce(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed() });
  const page = await visit(browser, double.url);
  await page.locator('#live[data-state="live"]').waitFor();
  await page.context().setOffline(true);
  double.endStreams();
  await page.locator('#live[data-state="polling"]').waitFor();
  double.calls.length = 0;
  await page.context().setOffline(false);
  await page.locator('#live[data-state="live"]').waitFor();
  double.change({ ...success(0, Date.now()), prompt: 'from the new stream' });
  await card(page, 'from the new stream').waitFor();
  assert.equal(double.calls.filter((call) => call.startsWith('GET /v1/tasks?')).length, 1, double.calls.join('\n'));
  await leave(page);
  await double.close();
}

/** What an event changes in an open detail leaves the picture as it is: it is not taken away and loaded again. */
export async function pictureStays(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: [success(3)] });
  const page = await visit(browser, `${double.url}?task=${double.tasks[0].task_id}`);
  await page.locator('.detail-frame').getByRole('link', { name: 'Save the picture' }).waitFor();
  await page.evaluate(() => {
    window.changes = 0;
    new MutationObserver((records) => { window.changes += records.length; }).observe(
      document.querySelector('.detail-frame'), { attributes: true, childList: true, subtree: true, characterData: true });
  });
  double.change({ ...double.tasks[0], workflow_id: 'told-by-an-event' });
  await page.locator('.facts', { hasText: 'told-by-an-event' }).waitFor();
  assert.equal(await page.locator('.detail-frame').getByRole('link').count(), 1);
  assert.equal(await page.evaluate(() => window.changes), 0);
  await leave(page);
  await double.close();
}
