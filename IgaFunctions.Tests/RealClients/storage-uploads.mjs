// Uploads in each way that the client has, and reads back what arrived. Prints for each what is stored, or the error's code and message.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { IdempotencyStrategy, Storage, TransferManager } from '@google-cloud/storage';

const MiB = 1024 * 1024;
const bucket = new Storage({
  apiEndpoint: process.env.ENDPOINT,
  projectId: 'test',
  retryOptions: { autoRetry: false },
}).bucket('pictures');
const folder = mkdtempSync(join(tmpdir(), 'uploads-'));
const seen = {};

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

// What a caller sees of an upload: that the bytes are the same, and what the object says of itself.
async function see(name, content, upload) {
  try {
    const file = (await upload(bucket.file(name))) ?? bucket.file(name);
    const [read] = await file.download({ decompress: false });
    const [metadata] = await file.getMetadata();
    seen[name] = [hash(read) === hash(content) ? 'same' : 'OTHER', metadata.size, metadata.contentType, ...Object.values(metadata.metadata ?? {})].join(' ');
  } catch (error) {
    seen[name] = `${error.code} ${error.message.split('\n')[0]}`;
  }
}

// Each stream that the client makes for a chunk hangs its listeners on one pipe; the client's own warning about that is not of interest.
process.removeAllListeners('warning');

const small = Buffer.from('hello');
const large = randomBytes(3 * MiB + 7);
const path = join(folder, 'large.png');
writeFileSync(path, large);

await see('save', small, (file) => file.save(small, { contentType: 'text/plain', metadata: { metadata: { owner: 'me' } } }));
await see('save-large', large, (file) => file.save(large));
await see('save-empty', Buffer.alloc(0), (file) => file.save(Buffer.alloc(0)));
await see('save-one-request', small, (file) => file.save(small, { resumable: false }));
await see('save-md5', large, (file) => file.save(large, { validation: 'md5' }));
await see('save-wrong-crc32c', large, (file) => file.save(large, { metadata: { crc32c: 'AAAAAA==' } }));
await see('save-if-absent', small, (file) => file.save(small, { preconditionOpts: { ifGenerationMatch: 0 } }));
await see('save-if-changed', small, (file) => file.save(large, { preconditionOpts: { ifGenerationMatch: 1 } }));
await see('chunks', large, (file) => file.save(large, { chunkSize: MiB }));
await see('chunks-whole', large.subarray(0, 2 * MiB), (file) => file.save(large.subarray(0, 2 * MiB), { chunkSize: MiB }));
await see('stream', large, (file) => pipeline(Readable.from([large.subarray(0, 99), large.subarray(99)]), file.createWriteStream({ contentType: 'image/png' })));
await see('stream-chunks', large, (file) => pipeline(Readable.from([large]), file.createWriteStream({ chunkSize: 512 * 1024 })));
await see('stream-empty', Buffer.alloc(0), (file) => pipeline(Readable.from([]), file.createWriteStream()));
await see('upload.png', large, async () => (await bucket.upload(path, { destination: 'upload.png' }))[0]);

await bucket.file('packed').save(large, { gzip: true, contentType: 'text/plain' });
const [packed] = await bucket.file('packed').download({ decompress: false });
const [unpacked] = await bucket.file('packed').download();
seen.packed = hash(gunzipSync(packed)) === hash(large) && hash(unpacked) === hash(large) ? 'same' : 'OTHER';

// An upload that was begun goes on from where the service says it got.
const [uri] = await bucket.file('resumed').createResumableUpload({ metadata: { contentType: 'image/png' } });
await fetch(uri, { method: 'PUT', body: large.subarray(0, MiB), headers: { 'Content-Range': `bytes 0-${MiB - 1}/*` } });
await see('resumed', large, (file) => pipeline(Readable.from([large.subarray(MiB)]), file.createWriteStream({ uri, offset: MiB, validation: false })));

// The service fails in the middle of it, and the client asks how far it got.
const patient = new Storage({ apiEndpoint: process.env.ENDPOINT, projectId: 'test', retryOptions: { maxRetries: 2, idempotencyStrategy: IdempotencyStrategy.RetryAlways } });
await see('retried', large, async (file) => {
  await patient.bucket('pictures').file('retried').save(large, { preconditionOpts: { ifGenerationMatch: 0 } });
  return file;
});

const manager = new TransferManager(bucket);
const paths = [1, 2, 3].map((n) => join(folder, `many-${n}.txt`));
paths.forEach((p, n) => writeFileSync(p, `file ${n}`));
await manager.uploadManyFiles(paths, { prefix: 'many', customDestinationBuilder: (p) => p.split('/').pop() });
const down = mkdtempSync(join(folder, 'down-'));
await manager.downloadManyFiles('many/', { passthroughOptions: { destination: down } });
seen['many-files'] = [1, 2, 3].map((n) => readFileSync(join(down, 'many', `many-${n}.txt`), 'utf8')).join(', ');
const chunked = join(folder, 'chunked.png');
await manager.downloadFileInChunks('huge', { chunkSizeBytes: 8 * MiB, destination: chunked, validation: 'crc32c' });
seen['downloaded-in-chunks'] = hash(readFileSync(chunked));

rmSync(folder, { recursive: true });
console.log(JSON.stringify(seen));
