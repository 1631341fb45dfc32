// Saves an object in one request, and reads it back.
import { Storage } from '@google-cloud/storage';

const bucket = new Storage({ apiEndpoint: process.env.ENDPOINT, projectId: 'test' }).bucket('pictures');
await bucket.file('a/one request').save('hello', { resumable: false, contentType: 'text/plain' });
const [read] = await bucket.file('a/one request').download();
const [metadata] = await bucket.file('a/one request').getMetadata();
console.log(JSON.stringify({ read: read.toString(), contentType: metadata.contentType, size: metadata.size }));
