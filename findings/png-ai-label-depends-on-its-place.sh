#!/usr/bin/env bash
# One would guess: the label of a picture made by a model (XMP with DigitalSourceType trainedAlgorithmicMedia, in a PNG's iTXt chunk) is seen by
# every tool that reads XMP from PNG, since the format lets that chunk stand before or after the pixels, compressed or not.
# What happens: each of three tools misses another form, and none says so. sharp does not see a label after the pixels, and loses it when it converts
# the picture with keepMetadata(); ExifReader does not see a compressed one; exifr neither, and only lists an unnamed error in its result.
# Only a label that stands before the pixels and is not compressed reaches them all.
# Versions: sharp 0.35.5, exifr 7.1.3, exifreader 4.46.0; Node.js 20 was used.
# Source: found by trying; PNG Specification (third edition), 5.6 and 11.3.3.4; image-rs/image #2652 has the same of another library.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 500 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier sharp@0.35.5 exifr@7.1.3 exifreader@4.46.0 || exit 2
cat > look.mjs <<'JS'
import zlib from 'node:zlib';
import exifr from 'exifr';
import ExifReader from 'exifreader';
import sharp from 'sharp';

const label = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const xmp = Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
  + '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
  + `Iptc4xmpExt:DigitalSourceType="${label}"/></rdf:RDF></x:xmpmeta>`);
const chunk = (compressed) => {
  const text = compressed ? zlib.deflateSync(xmp) : xmp;
  const data = Buffer.concat([Buffer.from(`iTXtXML:com.adobe.xmp\0${compressed ? '\u0001' : '\0'}\0\0\0`, 'latin1'), text]);
  const bytes = Buffer.alloc(data.length + 8);
  bytes.writeUInt32BE(data.length - 4, 0);
  data.copy(bytes, 4);
  bytes.writeUInt32BE(zlib.crc32(data), data.length + 4);
  return bytes;
};
const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } }).png().toBuffer();
const [afterHeader, beforeEnd] = [33, plain.length - 12];
const sees = (found) => (found === label ? 'sees it' : 'does not');
for (const [place, at] of [['before the pixels', afterHeader], ['after the pixels', beforeEnd]]) {
  for (const compressed of [false, true]) {
    const png = Buffer.concat([plain.subarray(0, at), chunk(compressed), plain.subarray(at)]);
    const inSharp = async (bytes) => ((await sharp(bytes).metadata()).xmp?.includes(label) ? label : undefined);
    const kept = await inSharp(await sharp(png).keepMetadata().webp().toBuffer());
    console.log(`${place}${compressed ? ', compressed' : ''}: sharp ${sees(await inSharp(png))}, keepMetadata() ${kept ? 'keeps' : 'loses'} it, `
      + `exifr ${sees((await exifr.parse(png, { xmp: true })).DigitalSourceType)}, `
      + `ExifReader ${sees((await ExifReader.load(png, { async: true })).DigitalSourceType?.value)}`);
  }
}
JS
out=$(timeout 60 node look.mjs)
expected='before the pixels: sharp sees it, keepMetadata() keeps it, exifr sees it, ExifReader sees it
before the pixels, compressed: sharp sees it, keepMetadata() keeps it, exifr does not, ExifReader does not
after the pixels: sharp does not, keepMetadata() loses it, exifr sees it, ExifReader sees it
after the pixels, compressed: sharp does not, keepMetadata() loses it, exifr does not, ExifReader does not'
version() { node -p "JSON.parse(require('fs').readFileSync('node_modules/$1/package.json')).version"; }
echo "Node.js $(node --version), sharp $(version sharp), exifr $(version exifr), exifreader $(version exifreader)"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
