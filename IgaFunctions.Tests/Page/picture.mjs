// Small pictures, each of a task's own colours.

import zlib from 'node:zlib';

const made = new Map();

/** @returns the bytes of a PNG of this ratio */
export function picture(seed, ratio = '1:1') {
  const [across, down] = (ratio ?? '1:1').split(':').map(Number);
  const [width, height] = [Math.round(240 * Math.sqrt(across / down)), Math.round(240 * Math.sqrt(down / across))];
  const number = [...seed].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  const name = `${number % 24} ${ratio}`;
  if (!made.has(name)) {
    made.set(name, png(width, height, number % 24));
  }

  return made.get(name);
}

function png(width, height, number) {
  const rows = [];
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(1 + width * 3);
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const hill = v > 0.62 + 0.16 * Math.sin(u * 5 + number) ? 0.45 : 1;
      const sun = ((u - 0.68) * width) ** 2 + ((v - 0.3) * height) ** 2 < 0.014 * width * height ? 90 : 0;
      for (let channel = 0; channel < 3; channel++) {
        const wave = 128 + 80 * Math.cos(number * 0.8 + channel * 2.1 + v * 2.2);
        row[1 + x * 3 + channel] = Math.min(255, Math.max(0, wave * hill + sun));
      }
    }

    rows.push(row);
  }

  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', zlib.deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc32(body), body.length + 4);
  return whole;
}

// zlib.crc32 came with Node 20.15 and 22.2.
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
  }

  return ~sum >>> 0;
}
