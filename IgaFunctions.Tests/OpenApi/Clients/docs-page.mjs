// Opens the page of the docs in a browser, types a key and sends the request that the page proposes first, and tells what was seen:
// node docs-page.mjs ADDRESS BROWSER KEY
import { chromium } from 'playwright-core';

const [, , address, executablePath, key] = process.argv;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const asked = new Set();
  const complaints = [];
  page.on('request', request => asked.add(request.url()));
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));

  await page.goto(new URL('/docs', address).href);
  await page.getByPlaceholder('QUxMIFlPVVIg').fill(key); // what Scalar shows in the empty field of a key
  await page.getByRole('button', { name: /Test Request.*generate_image/ }).first().click();
  const answered = page.waitForResponse(response => response.request().method() === 'POST');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  const answer = await answered;
  await page.getByText(`${answer.status()} ${answer.statusText()}`).first().waitFor();

  console.log(JSON.stringify({
    status: answer.status(),
    key: answer.request().headers()['x-functions-key'],
    asked: [...asked].filter(url => !/^(data|blob):/.test(url)),
    complaints,
    kept: await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href, document.cookie])),
  }));
} finally {
  await browser.close();
}
