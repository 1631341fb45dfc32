// Texts of strangers, and the key.

import assert from 'node:assert/strict';
import { startDouble } from '../double.mjs';
import { failure, mixed, success } from '../examples.mjs';
import { card, eventually, leave, visit } from '../visit.mjs';

const SCRIPT = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';

/** What a caller may write, wherever the page shows it. */
export async function textsStayTexts(browser, { pageOf }) {
  const odd = failure(1, SCRIPT, SCRIPT, Date.now() - 1000);
  Object.assign(odd, { prompt: SCRIPT, workflow_id: SCRIPT, idempotency_key: SCRIPT, caller: SCRIPT, model: SCRIPT, aspect_ratio: SCRIPT });
  odd.faults[0].model = SCRIPT;
  odd.callback = { url: `https://hook.example/${SCRIPT}`, state: 'given_up', attempts: 3, last_at: null, last_error: SCRIPT };
  const made = success(2, Date.now() - 2000);
  Object.assign(made, { prompt: `${SCRIPT} ‮drawkcab`, result: { image_url: `gs://pictures/${SCRIPT}.png`, prompt_used: SCRIPT, model_version: SCRIPT } });
  const double = await startDouble({ pageOf, tasks: [odd, made], stats: { spent_today_by_model: [{ model: SCRIPT, usd: 1, images: 1 }] } });
  double.fail('/generate_image', 400, { error_code: 'IGA_BAD_REQUEST', message: SCRIPT });
  const page = await visit(browser, double.url);
  await card(page, SCRIPT).first().waitFor();
  await page.getByText('Spend today by model').click();
  await page.getByLabel('Prompt').fill('anything');
  await page.getByRole('button', { name: 'Make the picture' }).click();
  await page.locator('#form-error', { hasText: SCRIPT }).waitFor();
  for (const task of [odd, made]) {
    await page.goto(`${double.url}?task=${task.task_id}&workflow=${encodeURIComponent('')}`);
    await page.locator('.facts').waitFor();
    assert.ok((await page.locator('.facts').textContent()).includes(SCRIPT));
  }

  assert.equal(await page.title(), 'IGA – pictures from prompts');
  assert.equal(await page.locator('script:not([src="/assets/app.js"]), img[src="x"]').count(), 0);
  assert.equal(await page.locator('bdi', { hasText: SCRIPT }).first().evaluate((bdi) => bdi.childElementCount), 0);
  await leave(page);
  await double.close();
}

/** The policy is not only there, it holds: script that came as text does not run, even if the page were made to take it in. */
export async function policyHolds(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed() });
  const page = await visit(browser, double.url);
  await page.locator('.card').first().waitFor();
  const refused = await page.evaluate(() => {
    const tried = [];
    try {
      document.body.innerHTML = '<p>taken</p>';
      tried.push('innerHTML');
    } catch {
      // Trusted types keep it off.
    }

    const script = document.createElement('script');
    try {
      script.text = 'window.taken = true';
    } catch {
      script.append('window.taken = true');
    }

    document.head.append(script);
    return { tried, taken: window.taken === true };
  });
  assert.deepEqual(refused, { tried: [], taken: false });
  const abroad = await page.evaluate(() => fetch('http://127.0.0.1:1/').then(() => 'sent', () => 'refused'));
  assert.equal(abroad, 'refused');
  await eventually(() => page.problems.some((problem) => problem.startsWith('policy: connect-src')), 'the refusal');
  assert.ok(page.problems.some((problem) => problem.startsWith('policy: require-trusted-types-for')), page.problems.join('\n'));
  await page.context().close();
  await double.close();
}

export async function keyIsAskedFor(browser, { url, key }) {
  const page = await visit(browser, url);
  const dialog = page.getByRole('dialog', { name: 'A key, please' });
  await dialog.waitFor();
  await page.getByLabel('API key').fill('wrong');
  await page.keyboard.press('Enter');
  await dialog.getByText('The service did not accept that key.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('The service needs an API key for this.').waitFor();
  await page.getByRole('button', { name: 'Enter the key' }).click();
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.locator('#live[data-state="live"]').waitFor();
  assert.ok(!page.url().includes(key));
  const kept = await page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie }));
  assert.deepEqual(kept, { local: {}, session: { 'iga.key': key }, cookie: '' });

  // It lasts as long as the tab; another one asks anew.
  await page.reload();
  await page.locator('#live[data-state="live"]').waitFor();
  await page.getByRole('button', { name: 'Forget key' }).click();
  await dialog.waitFor();
  assert.deepEqual(await page.evaluate(() => ({ ...sessionStorage })), {});
  await leave(page);
}

/** The same, of the double: it tells what was sent where. */
export async function keyGoesInAHeaderOnly(browser, { pageOf }) {
  const double = await startDouble({ pageOf, tasks: mixed(), key: 'the-secret' });
  await keyIsAskedFor(browser, { url: double.url, key: 'the-secret' });
  assert.ok(double.calls.length > 5);
  assert.ok(double.calls.every((call) => !call.includes('the-secret')));

  // One question at a time: not each call of the page is refused before the key is there.
  const before = double.calls.findIndex((call) => !call.startsWith('GET /v1/tasks?'));
  assert.ok(before >= 0 && before <= 4, double.calls.slice(0, 8).join('\n'));
  await double.close();
}
