// Copies, moves, joins and changes objects and buckets, by every way that the client has.
import { Storage } from '@google-cloud/storage';

const storage = new Storage({ projectId: 'test', retryOptions: { autoRetry: false } });
const bucket = storage.bucket('pictures');
const other = storage.bucket('archive');
const seen = {};
const refusal = async call => {
  try {
    await call();
    return 'none';
  } catch (error) {
    return `${error.code} ${error.errors?.[0]?.reason}`;
  }
};
const tell = async file => {
  const [m] = await file.getMetadata();
  const [content] = await file.download();
  return `${content} ${m.contentType} ${m.storageClass} ${JSON.stringify(m.metadata ?? {})}`;
};
const exists = async (...files) => (await Promise.all(files.map(f => f.exists()))).map(([x]) => x).join(' ');

const one = bucket.file('a/one');
await one.save('one', { resumable: false, contentType: 'text/plain', metadata: { metadata: { k: 'v' } } });

// Copies.
const [copied, answer] = await one.copy(bucket.file('a/two'));
seen.rewriteAnswer = { kind: answer.kind, size: answer.objectSize, rewritten: answer.totalBytesRewritten, done: answer.done };
seen.copied = await tell(copied);
seen.copiedAway = await tell((await one.copy(other.file('x/y z')))[0]);
seen.copiedWithMetadata = await tell((await one.copy(bucket.file('a/three'), { contentType: 'text/markdown', metadata: { n: '1' } }))[0]);
seen.copiedOver = await refusal(() => one.copy(bucket.file('a/two'), { preconditionOpts: { ifGenerationMatch: 0 } }));
seen.copiedNothing = await refusal(() => bucket.file('nothing').copy(bucket.file('b')));
seen.copiedToNowhere = await refusal(() => one.copy(storage.bucket('no-such-bucket').file('b')));
seen.copiedOld = await refusal(() => bucket.file('a/one', { generation: 5 }).copy(bucket.file('b')));

// Moves and classes.
await copied.move('moved/two');
seen.moved = await exists(copied, bucket.file('moved/two'));
await bucket.file('moved/two').moveFileAtomic('moved/again');
seen.movedAtomically = `${await exists(bucket.file('moved/two'), bucket.file('moved/again'))} ${await tell(bucket.file('moved/again'))}`;
seen.movedOver = await refusal(() => bucket.file('moved/again').moveFileAtomic('a/one', { preconditionOpts: { ifGenerationMatch: 0 } }));
seen.movedNothing = await refusal(() => bucket.file('nothing').moveFileAtomic('b'));
seen.movedToItself = await refusal(() => one.moveFileAtomic('a/one'));
await bucket.file('moved/again').setStorageClass('nearline');
seen.classed = (await bucket.file('moved/again').getMetadata())[0].storageClass;
seen.classedWrong = await refusal(() => one.setStorageClass('golden'));

// Joins.
const parts = ['1-', '2-', '3'].map((text, i) => ({ file: bucket.file(`part/${i}`), text }));
for (const { file, text } of parts) {
  await file.save(text, { resumable: false });
}
const [joined] = await bucket.combine(parts.map(p => p.file), bucket.file('joined.txt'));
const [joinedMetadata] = await joined.getMetadata();
seen.joined = `${await tell(joined)} ${joinedMetadata.componentCount} ${joinedMetadata.md5Hash} ${joinedMetadata.crc32c}`;
const [again] = await bucket.combine([joined, parts[0].file], bucket.file('joined again.txt'));
seen.joinedAgain = (await again.getMetadata())[0].componentCount;
seen.joinedMissing = await refusal(() => bucket.combine([joined, bucket.file('nothing')], bucket.file('b.txt')));
seen.joinedOver = await refusal(() => bucket.combine([joined], bucket.file('a/one'), { ifGenerationMatch: 0 }));

await bucket.deleteFiles({ prefix: 'part/' });
seen.partsDeleted = (await bucket.getFiles({ prefix: 'part/' }))[0].length;

// Metadata.
await one.setMetadata({ metadata: { k: null, l: 'w' }, cacheControl: 'no-store' });
const [changed] = await one.getMetadata();
seen.metadata = `${JSON.stringify(changed.metadata)} ${changed.cacheControl} ${changed.metageneration}`;

// Buckets.
const [made] = await storage.createBucket('made', { location: 'europe-west4', storageClass: 'NEARLINE', labels: { a: '1', b: '2' } });
const [m] = await made.getMetadata();
seen.made = `${m.location} ${m.locationType} ${m.storageClass} ${JSON.stringify(m.labels)} ${m.metageneration}`;
seen.madeTimes = `${!Number.isNaN(Date.parse(m.timeCreated))} ${m.timeCreated === m.updated}`;
await made.setLabels({ b: null, c: '3' });
await made.addLifecycleRule({ action: { type: 'Delete' }, condition: { age: 30 } });
await made.setStorageClass('coldline');
const [changedBucket] = await made.getMetadata();
seen.changedBucket = `${changedBucket.storageClass} ${JSON.stringify(changedBucket.labels)} ${JSON.stringify(changedBucket.lifecycle)} ${changedBucket.metageneration}`;
await made.file('x').save('x', { resumable: false });
seen.defaultClass = (await made.file('x').getMetadata())[0].storageClass;
seen.bucketPrecondition = await refusal(() => made.setMetadata({ labels: { d: '4' } }, { ifMetagenerationMatch: 1 }));
seen.versioned = await refusal(() => made.setMetadata({ versioning: { enabled: true } }));
seen.bucketNotEmpty = await refusal(() => made.delete());
await made.deleteFiles({ force: true });
await made.delete();
seen.bucketExists = await exists(bucket, made);
seen.buckets = (await storage.getBuckets())[0].map(b => b.name).join(' ');
seen.bucketsPaged = (await storage.getBuckets({ maxResults: 1, autoPaginate: false }))[0].map(b => b.name).join(' ');

// Who may do what.
const [policy] = await bucket.iam.getPolicy();
seen.policy = `${policy.kind} ${policy.bindings.map(b => b.role).join(' ')}`;
seen.permissions = JSON.stringify((await bucket.iam.testPermissions(['storage.objects.get', 'storage.objects.create']))[0]);
seen.wrongPermission = await refusal(() => bucket.iam.testPermissions(['storage.objects.juggle']));
seen.setPolicy = await refusal(() => bucket.iam.setPolicy(policy));
console.log(JSON.stringify(seen));
