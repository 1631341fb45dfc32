// Reads objects in part, and lists them with each option that the client has. Prints what came, or the error's code and message.
import { text } from 'node:stream/consumers';
import { Storage } from '@google-cloud/storage';

const bucket = new Storage({ apiEndpoint: process.env.ENDPOINT, projectId: 'test', retryOptions: { autoRetry: false } }).bucket('pictures');
const seen = { reads: {}, lists: {} };

async function attempt(read) {
  try {
    return await read();
  } catch (error) {
    return `${error.code} ${error.message.split('\n')[0]}`;
  }
}

const ten = bucket.file('ten');
for (const [name, options] of Object.entries({
  whole: {},
  'start-end': { start: 2, end: 4 },
  'from-start': { start: 7 },
  'from-zero': { start: 0, end: 0 },
  tail: { end: -3 },
  'past-the-end': { start: 8, end: 99 },
  nothing: { start: 10 },
})) {
  seen.reads[name] = await attempt(() => text(ten.createReadStream(options)));
}
seen.reads.generation = await attempt(async () => {
  const [metadata] = await ten.getMetadata();
  return text(bucket.file('ten', { generation: metadata.generation }).createReadStream());
});
seen.reads['old-generation'] = await attempt(() => text(bucket.file('ten', { generation: 1 }).createReadStream()));
seen.reads.download = await attempt(async () => (await ten.download({ start: 1, end: 2 }))[0].toString());
seen.reads.missing = await attempt(async () => (await bucket.file('nowhere').download())[0].toString());

for (const options of JSON.parse(process.env.LISTS)) {
  seen.lists[JSON.stringify(options)] = await attempt(async () => {
    const [files, next, page] = await bucket.getFiles({ autoPaginate: false, ...options });
    return [...files.map((f) => f.name), ...(page?.prefixes ?? []).map((p) => `[${p}]`), ...(next ? ['…'] : [])].join(' ');
  });
}
const pages = [];
for (let query = { autoPaginate: false, maxResults: 3 }; query && pages.length < 9; ) {
  const [files, next] = await bucket.getFiles(query);
  pages.push(files.map((f) => f.name).join(' '));
  query = next;
}
seen.pages = pages.join(' | ');
seen.fields = await attempt(async () => Object.keys((await bucket.getFiles({ fields: 'items(name,size),nextPageToken' }))[0][0]).sort().join(' '));
console.log(JSON.stringify(seen));
