#!/usr/bin/env bash
# One would guess: Google's client for Gemini leaves a model's thoughts out of the short way to a picture, `response.data`, as it does with the
# short way to text, `response.text`; of an answer with a draft (a part with `thought: true`) and a picture one gets the picture.
# What happens: `text` leaves the thought out; `data` joins the bytes of all parts, the draft first. Written to a file, that is a PNG with another
# behind it; what reads it without an error, as sharp does, shows the draft. Answers of the Gemini 3 image models hold such parts if thoughts are asked for.
# Versions: @google/genai 3.3.0, sharp 0.35.5; Node.js 20 was used.
# Source: found by trying; googleapis/js-genai, src/types.ts, GenerateContentResponse.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier @google/genai@3.3.0 sharp@0.35.5 || exit 2
cat > ask.mjs <<'JS'
import http from 'node:http';
import { GoogleGenAI } from '@google/genai';
import sharp from 'sharp';

const picture = (side) => sharp({ create: { width: side, height: side, channels: 3, background: 'teal' } }).png().toBuffer();
const [draft, final] = [await picture(16), await picture(64)];
const part = (bytes) => ({ inlineData: { mimeType: 'image/png', data: bytes.toString('base64') } });
const answer = {
  candidates: [{
    finishReason: 'STOP',
    content: { role: 'model', parts: [
      { text: 'A first try.', thought: true }, { ...part(draft), thought: true }, { text: 'Here it is.' }, part(final),
    ] },
  }],
};
const server = http.createServer((request, response) => {
  request.resume();
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(answer));
}).listen(0, '127.0.0.1', async () => {
  console.warn = () => {};
  const ai = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: `http://127.0.0.1:${server.address().port}` } });
  const reply = await ai.models.generateContent({ model: 'gemini-3.1-flash-image', contents: 'a lighthouse' });
  const data = Buffer.from(reply.data, 'base64');
  console.log(`text: ${reply.text}`);
  console.log(`data is the picture: ${data.equals(final)}`);
  console.log(`data is draft and picture together: ${data.equals(Buffer.concat([draft, final]))}`);
  console.log(`pixels across that sharp sees in data: ${(await sharp(data).metadata()).width}, in the picture: 64, in the draft: 16`);
  server.close();
});
JS
out=$(timeout 60 node ask.mjs)
expected='text: Here it is.
data is the picture: false
data is draft and picture together: true
pixels across that sharp sees in data: 16, in the picture: 64, in the draft: 16'
echo "Node.js $(node --version), @google/genai $(node -p 'require("./node_modules/@google/genai/package.json").version')"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
