#!/usr/bin/env bash
# One would guess: helpers.toValue() of Google's Vertex AI client, which makes a request's protobuf Value of a plain value, and helpers.fromValue(),
# which reads an answer's, are each other's reverse; and that what JSON writes as text (a Date, bytes) is text, or an error.
# What happens: toValue() takes a list, a number, a word alone, but fromValue() refuses what it made: it reads objects only. A Date becomes an empty
# object and bytes become an object with a member for each, without an error; a member that is undefined is a null that fromValue() trips over.
# Versions: @google-cloud/aiplatform 7.4.0; Node.js 20 was used.
# Source: found by trying; googleapis/google-cloud-node, packages/google-cloud-aiplatform/src/helpers.ts.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier @google-cloud/aiplatform@7.4.0 || exit 2
cat > ask.cjs <<'JS'
const { helpers } = require('@google-cloud/aiplatform');

const cases = {
  'an object': { sampleCount: 1, list: [1, null] },
  'a list': [1, 2],
  'a word': 'x',
  'a Date': { at: new Date(0) },
  'bytes': { bytes: Buffer.from('ab') },
  'undefined': { seed: undefined },
};
for (const [name, value] of Object.entries(cases)) {
  let back;
  try {
    back = JSON.stringify(helpers.fromValue(helpers.toValue(value)));
  } catch (error) {
    back = `${error.name} from fromValue()`;
  }
  console.log(`${name}: ${back}`);
}
JS
out=$(timeout 60 node ask.cjs)
expected='an object: {"sampleCount":1,"list":[1,null]}
a list: Error from fromValue()
a word: Error from fromValue()
a Date: {"at":{}}
bytes: {"bytes":{"0":97,"1":98}}
undefined: TypeError from fromValue()'
echo "Node.js $(node --version), @google-cloud/aiplatform $(node -p 'require("./node_modules/@google-cloud/aiplatform/package.json").version')"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
