// Signs a gs:// URL with a key that no one else has, as the gateway in front of the service does, and fetches the picture.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { Storage } from '@google-cloud/storage';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const storage = new Storage({
  projectId: 'test',
  credentials: { client_email: 'gateway@test.iam.gserviceaccount.com', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
});
const [, bucket, name] = /^gs:\/\/([^/]+)\/(.+)$/.exec(process.env.IMAGE_URL);
const [url] = await storage.bucket(bucket).file(name).getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + 60_000 });
const response = await fetch(url);
const picture = Buffer.from(await response.arrayBuffer());
console.log(JSON.stringify({
  status: response.status,
  type: response.headers.get('content-type'),
  sha256: createHash('sha256').update(picture).digest('hex'),
}));
