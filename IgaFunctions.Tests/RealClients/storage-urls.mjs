// Signs URLs with a key that no one else has, and uses them and the public URLs as a browser or curl would: without a client.
import { generateKeyPairSync } from 'node:crypto';
import { Storage } from '@google-cloud/storage';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const storage = new Storage({
  projectId: 'test',
  credentials: { client_email: 'signer@test.iam.gserviceaccount.com', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
});
const bucket = storage.bucket('pictures');
const file = bucket.file('a folder/é+1.txt');
const soon = () => Date.now() + 60_000;
const sign = async (options, of = file) => (await of.getSignedUrl({ version: 'v4', expires: soon(), ...options }))[0];
const send = async (url, options) => {
  const response = await fetch(url, options);
  return { status: response.status, body: await response.text(), headers: Object.fromEntries(response.headers) };
};
const brief = ({ status, body }) => `${status} ${body}`.trim();
const code = ({ status, body }) => `${status} ${/<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? body}`;
const seen = {};

const contentType = 'text/plain';
const write = await sign({ action: 'write', contentType });
seen.written = brief(await send(write, { method: 'PUT', body: 'hello, world', headers: { 'content-type': contentType } }));
seen.writtenType = (await file.getMetadata())[0].contentType;
seen.writtenWithoutItsHeader = code(await send(write, { method: 'PUT', body: new Uint8Array([1]) }));

seen.read = brief(await send(await sign({ action: 'read' })));
seen.readV2 = brief(await send(await sign({ version: 'v2', action: 'read' })));
const head = await send(await sign({ action: 'read' }), { method: 'HEAD' });
seen.head = `${head.status} ${head.headers['content-length']} ${head.headers['content-type']}`;
const range = await send(await sign({ action: 'read' }), { headers: { range: 'bytes=7-11' } });
seen.range = `${range.status} ${range.body} ${range.headers['content-range']}`;
const named = await send(await sign({ action: 'read', promptSaveAs: 'my file.txt', responseType: 'application/x-mine' }));
seen.named = `${named.headers['content-disposition']} | ${named.headers['content-type']}`;

const date = Date.now() - 3_600_000;
const expired = new URL(await sign({ action: 'read' }));
expired.searchParams.set('X-Goog-Date', new Date(date).toISOString().replace(/[-:]|\.\d+/g, ''));
seen.expired = await send(expired).then(({ status, headers, body }) => ({ status, type: headers['content-type'], body }));
const expiredV2 = new URL(await sign({ version: 'v2', action: 'read' }));
expiredV2.searchParams.set('Expires', '1600000000');
seen.expiredV2 = (await send(expiredV2)).body;

const resumable = await sign({ action: 'resumable', contentType }, bucket.file('large'));
const start = await send(resumable, { method: 'POST', headers: { 'x-goog-resumable': 'start', 'content-type': contentType } });
seen.started = `${start.status} ${start.body}`;
const session = start.headers.location;
const half = await send(session, { method: 'PUT', body: 'x'.repeat(262144), headers: { 'content-range': 'bytes 0-262143/*' } });
seen.half = `${half.status} ${half.headers.range}`;
seen.whole = (await send(session, { method: 'PUT', body: 'end', headers: { 'content-range': 'bytes 262144-262146/262147' } })).status;
seen.large = (await bucket.file('large').getMetadata())[0].size;
const other = bucket.file('by the client');
const begun = await send(await sign({ action: 'resumable' }, other), { method: 'POST', headers: { 'x-goog-resumable': 'start' } });
await other.save('through a session', { uri: begun.headers.location, resumable: true });
seen.byTheClient = (await other.download())[0].toString();

seen.public = brief(await send(file.publicUrl()));
seen.publicSlashes = brief(await send(`${storage.apiEndpoint}/pictures/a folder/é+1.txt`));
seen.isPublic = (await file.isPublic())[0];
seen.publicMissing = await send(bucket.file('nothing').publicUrl()).then(({ status, headers, body }) => ({ status, type: headers['content-type'], body }));
seen.bucketMissing = code(await send(`${storage.apiEndpoint}/no-such-bucket/x`));

seen.deleted = brief(await send(await sign({ action: 'delete' }), { method: 'DELETE' }));
seen.deletedTwice = code(await send(await sign({ action: 'delete' }), { method: 'DELETE' }));
console.log(JSON.stringify(seen));
