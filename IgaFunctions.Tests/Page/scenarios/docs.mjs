// The page of the docs, at /docs.

import { leave, visit } from '../visit.mjs';

/** Types a key and sends the request that the page proposes first. The browser has nothing to complain of, not even to warn of. */
export async function requestIsTried(browser, { url, key }) {
  const page = await visit(browser, url, { width: 1400, height: 1000, open: false });
  const asked = new Set();
  page.on('request', (request) => asked.add(request.url()));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.problems.push(message.text()));
  await page.goto(new URL('/docs', url).href);
  await page.getByPlaceholder('QUxMIFlPVVIg').fill(key); // what Scalar shows in the empty field of a key
  await page.getByRole('button', { name: /Test Request.*generate_image/ }).first().click();
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  const answer = await answered;
  await page.getByText(`${answer.status()} ${answer.statusText()}`).first().waitFor();
  const seen = {
    status: answer.status(),
    key: answer.request().headers()['x-functions-key'],
    asked: [...asked].filter((address) => !/^(data|blob):/.test(address)),
    kept: await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href, document.cookie])),
  };
  // Scalar looks whether it may run text as a script, and does without where it may not.
  page.problems = page.problems.filter((problem) => problem !== 'policy: script-src eval ');
  await leave(page);
  return seen;
}
