#!/usr/bin/env bash
# One would guess: bucket.deleteFiles({ prefix, force }) of Google's storage client uses prefix to list the objects, and force, which is only about
# when the client gives up, for itself.
# What happens: the whole query goes into the list and into every DELETE after it, ?prefix=images%2F&force=true, though neither is a parameter of
# a deletion, and force is none of a list. What checks the parameters of a call, such as a stand-in for the service, must let them pass.
# Versions: @google-cloud/storage 8.4.0; Node.js 20 was used.
# Source: found by trying; src/bucket.ts, deleteFiles(), which hands its query to getFilesStream() and to file.delete().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier @google-cloud/storage@8.4.0 || exit 2
cat > ask.mjs <<'JS'
import { createServer } from 'node:http';
import { Storage } from '@google-cloud/storage';

const asked = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  request.resume();
  if (request.method === 'DELETE') {
    response.writeHead(204).end();
  } else {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ items: ['images/a.png', 'images/b.png'].map((name) => ({ name, bucket: 'bucket' })) }));
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const storage = new Storage({ projectId: 'none', apiEndpoint: `http://127.0.0.1:${server.address().port}` });
await storage.bucket('bucket').deleteFiles({ prefix: 'images/', force: true });
console.log(asked.sort().reverse().join('\n'));
server.closeAllConnections();
server.close();
JS
out=$(timeout 60 node ask.mjs 2>/dev/null)
expected='GET /storage/v1/b/bucket/o?prefix=images%2F&force=true
DELETE /storage/v1/b/bucket/o/images%2Fb.png?prefix=images%2F&force=true
DELETE /storage/v1/b/bucket/o/images%2Fa.png?prefix=images%2F&force=true'
echo "Node.js $(node --version), @google-cloud/storage $(node -p 'require("./node_modules/@google-cloud/storage/package.json").version')"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
