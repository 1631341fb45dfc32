#!/usr/bin/env bash
# One would guess: retryOptions.maxRetryDelay of Google's storage client, "the maximum delay time between requests" in seconds, takes 0.5 for
# shorter waits, as a test would like them, and matters only once a request has failed.
# What happens: below 1 an upload (save, simple or resumable, and bucket.upload) fails with "minTimeout is greater than maxTimeout" before it
# sends anything: the wait of at least 1000 ms is the default of the retry package, and the client only hands over the most. A list or a
# read of metadata goes on as before, so it looks as if the upload were wrong.
# Versions: @google-cloud/storage 8.4.0; Node.js 20 was used.
# Source: found by trying; src/file.ts, src/bucket.ts and src/resumable-upload.ts (maxTimeout without minTimeout); lib/retry.js of the retry package.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier @google-cloud/storage@8.4.0 || exit 2
cat > ask.mjs <<'JS'
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { Storage } from '@google-cloud/storage';

let requests = 0;
const server = createServer((request, response) => {
  requests++;
  request.resume();
  request.on('end', () => {
    if (request.url.includes('uploadType=resumable') && request.method === 'POST') {
      response.setHeader('location', `http://127.0.0.1:${server.address().port}/session`);
    }
    response.setHeader('content-type', 'application/json');
    response.end('{"name":"name","bucket":"bucket","size":"3"}');
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
writeFileSync('three', 'abc');
for (const maxRetryDelay of [1, 0.5]) {
  const storage = new Storage({ projectId: 'none', apiEndpoint: `http://127.0.0.1:${server.address().port}`, retryOptions: { maxRetryDelay } });
  const bucket = storage.bucket('bucket');
  const calls = {
    getMetadata: () => bucket.file('name').getMetadata(),
    getFiles: () => bucket.getFiles(),
    'save, simple': () => bucket.file('name').save('abc', { resumable: false, validation: false }),
    'save, resumable': () => bucket.file('name').save('abc', { resumable: true, validation: false }),
    upload: () => bucket.upload('three', { resumable: false, validation: false }),
  };
  for (const [name, call] of Object.entries(calls)) {
    requests = 0;
    const end = await call().then(() => 'done', (error) => error.message);
    console.log(`maxRetryDelay ${maxRetryDelay}, ${name}: ${end}, requests: ${requests}`);
  }
}
server.closeAllConnections();
server.close();
JS
out=$(timeout 60 node ask.mjs 2>/dev/null)
expected='maxRetryDelay 1, getMetadata: done, requests: 1
maxRetryDelay 1, getFiles: done, requests: 1
maxRetryDelay 1, save, simple: done, requests: 1
maxRetryDelay 1, save, resumable: done, requests: 2
maxRetryDelay 1, upload: done, requests: 1
maxRetryDelay 0.5, getMetadata: done, requests: 1
maxRetryDelay 0.5, getFiles: done, requests: 1
maxRetryDelay 0.5, save, simple: minTimeout is greater than maxTimeout, requests: 0
maxRetryDelay 0.5, save, resumable: minTimeout is greater than maxTimeout, requests: 0
maxRetryDelay 0.5, upload: minTimeout is greater than maxTimeout, requests: 0'
echo "Node.js $(node --version), @google-cloud/storage $(node -p 'require("./node_modules/@google-cloud/storage/package.json").version')"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
