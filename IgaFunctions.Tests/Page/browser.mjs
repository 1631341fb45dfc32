// Runs scenarios in one browser: a line of JSON in names one, a line out tells how it went. It ends when its input does.

import readline from 'node:readline';
import { chromium } from 'playwright-core';

const LONGEST = 150_000;

const browser = await chromium.launch({
  executablePath: process.env.IGA_CHROMIUM,
  // Root may start it only without its sandbox. It visits nothing but loopback.
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
console.log(JSON.stringify({ ok: true }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { file, scenario, args } = JSON.parse(line);
  try {
    const run = (await import(`./scenarios/${file}.mjs`))[scenario];
    const seen = await Promise.race([run(browser, args), late()]);
    console.log(JSON.stringify({ ok: true, seen: seen ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ ok: false, error: String(error.stack ?? error) }));
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
  }
}

await browser.close();

function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(`The scenario took longer than ${LONGEST / 1000} s`)), LONGEST).unref());
}
