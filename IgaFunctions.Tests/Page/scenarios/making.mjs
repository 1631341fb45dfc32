// What people come for: a picture is made, or not, and what then.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { card, eventually, leave, make, visit } from '../visit.mjs';

export async function becomesAPicture(browser, { url, prompt }) {
  const page = await visit(browser, url);
  await make(page, prompt);
  await card(page, prompt).locator('.state', { hasText: 'Done' }).waitFor();
  await card(page, prompt).locator('.picture[data-picture="shown"]').waitFor();
  assert.equal(await page.getByLabel('Prompt').inputValue(), '');
  assert.match(await card(page, prompt).locator('.card-price').textContent(), /^\$0\.\d+$/);
  await card(page, prompt).getByRole('link').click();
  const detail = page.getByRole('dialog');
  await detail.getByText('Stored in the bucket').waitFor();
  await detail.getByRole('link', { name: 'Save the picture' }).waitFor();
  await eventually(
    () => detail.locator('.detail-picture').evaluate((img) => img.naturalWidth > 0), 'a picture that is drawn');
  assert.match(page.url(), /[?&]task=[0-9a-f-]{36}$/);
  await page.keyboard.press('Escape');
  await eventually(() => !page.url().includes('task='), 'an address without the task');
  await leave(page);
}

export async function failureIsTold(browser, { url, prompt }) {
  const page = await visit(browser, url);
  await make(page, prompt);
  await card(page, prompt).locator('.state', { hasText: 'Failed' }).waitFor();
  await card(page, prompt).getByRole('link').click();
  const detail = page.getByRole('dialog');
  await detail.getByText('The model refused the prompt.').first().waitFor();
  await detail.getByText('Word the prompt differently and send it as a new picture.').waitFor();
  await leave(page);
}

export async function isCancelled(browser, { url, prompt }) {
  const page = await visit(browser, url);
  await make(page, prompt);
  await card(page, prompt).getByRole('link').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByText('The task was cancelled.').first().waitFor();
  await page.keyboard.press('Escape');
  await card(page, prompt).locator('.state', { hasText: 'Cancelled' }).waitFor();
  await leave(page);
}

export async function isTriedAgain(browser, { url, prompt }) {
  const page = await visit(browser, url);
  await make(page, prompt);
  await card(page, prompt).locator('.state', { hasText: 'Failed' }).waitFor();
  await card(page, prompt).getByRole('link').click();
  const failed = page.url();
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('dialog').getByText('Stored in the bucket').waitFor();
  assert.notEqual(page.url(), failed);
  await page.keyboard.press('Escape');
  await card(page, prompt).filter({ hasText: 'Done' }).waitFor();
  await card(page, prompt).filter({ hasText: 'Failed' }).waitFor();
  await leave(page);
}

/** @param other a prompt of another state and workflow, that the filters hide */
export async function isFound(browser, { url, prompt, other, workflow }) {
  const page = await visit(browser, url);
  await card(page, other).first().waitFor();
  await page.getByRole('radio', { name: 'Failed' }).check();
  await card(page, other).waitFor({ state: 'detached' });
  await card(page, prompt).waitFor();
  await page.getByLabel('Workflow').fill(workflow);
  await page.getByLabel('Time').selectOption('today');
  await eventually(() => page.url().includes(`workflow=${workflow}`) && page.url().includes('state=failed') && page.url().includes('time=today'), 'the address');
  await page.reload();
  await card(page, prompt).waitFor();
  assert.equal(await page.locator('.card').count(), 1);
  assert.equal(await page.getByLabel('Workflow').inputValue(), workflow);
  await page.getByLabel('Workflow').fill('nobody-has-this');
  await page.getByText('No task matches').waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await card(page, other).first().waitFor();
  await leave(page);
}

export async function dearestIsFirst(browser, { url }) {
  const page = await visit(browser, url);
  await page.locator('.card').first().waitFor();
  await page.getByLabel('Order').selectOption('price');
  await eventually(async () => {
    const prices = (await page.locator('.card-price').allTextContents()).map((text) => Number(text.replace('$', '')));
    return prices.length > 1 && prices[0] > 0 && prices.every((price, at) => at === 0 || prices[at - 1] >= price);
  }, 'the order by price');
  await leave(page);
}

/** @returns the answer to the command that the page copies */
export async function isMadeByTheCopiedCommand(browser, { url, prompt, key }) {
  const page = await visit(browser, url, { key });
  await page.getByLabel('Prompt').fill(prompt);
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(key === null ? !command.includes('IGA_KEY') : command.includes('$IGA_KEY') && !command.includes(key), command);
  const { stdout } = await promisify(execFile)('bash', ['-c', command], { env: { PATH: process.env.PATH, ...(key === null ? {} : { IGA_KEY: key }) }, timeout: 30_000 });
  await leave(page);
  return JSON.parse(stdout);
}
