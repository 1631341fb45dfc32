#!/usr/bin/env bash
# One would guess: File.from() of Google's storage client, which takes a public URL or a gs:// URI, gives back the object whose publicUrl() or
# cloudStorageURI it is handed, at least for an ordinary name in a folder.
# What happens: publicUrl() writes the folder's slash as %2F, and File.from() takes names as they stand: it gives another object, images%2Fa.png,
# and a download is 404. With a gs:// URI the folder is right, but cloudStorageURI is a URL object, which writes a space as %20 and steps over
# `..`, while gs:// names are literal: again another object, without an error.
# Versions: @google-cloud/storage 8.4.0; Node.js 20 was used.
# Source: found by trying; googleapis/nodejs-storage #2419 (the slash), src/file.ts.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier @google-cloud/storage@8.4.0 || exit 2
cat > ask.mjs <<'JS'
import { File, Storage } from '@google-cloud/storage';

const storage = new Storage({ projectId: 'none', apiEndpoint: 'https://storage.googleapis.com' });
for (const name of ['a.png', 'images/a.png', 'images/a b.png']) {
  const file = storage.bucket('bucket').file(name);
  const [byUrl, byUri] = [file.publicUrl(), file.cloudStorageURI.href].map((address) => File.from(address, storage).name);
  console.log(`${name}: by its public URL ${byUrl}, by its gs:// URI ${byUri}`);
}
JS
out=$(timeout 60 node ask.mjs 2>/dev/null)
expected='a.png: by its public URL a.png, by its gs:// URI a.png
images/a.png: by its public URL images%2Fa.png, by its gs:// URI images/a.png
images/a b.png: by its public URL images%2Fa%20b.png, by its gs:// URI images/a%20b.png'
echo "Node.js $(node --version), @google-cloud/storage $(node -p 'require("./node_modules/@google-cloud/storage/package.json").version')"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
