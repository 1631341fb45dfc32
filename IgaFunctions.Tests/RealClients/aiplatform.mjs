// @google-cloud/aiplatform over REST: pictures of both dialects, a stream, a count, an error.
import aiplatform from '@google-cloud/aiplatform';

const { hostname, port } = new URL(process.env.ENDPOINT);
const auth = { getClient: async () => ({}), getRequestHeaders: async () => new Headers(), getProjectId: async () => 'p', getUniverseDomain: async () => 'googleapis.com',
  fetch: (url, options) => fetch(url, options) };
const options = { fallback: true, apiEndpoint: hostname, port: Number(port), protocol: 'http', auth };
const client = new aiplatform.PredictionServiceClient(options);
const models = 'projects/p/locations/global/publishers/google/models';
const contents = [{ role: 'user', parts: [{ text: 'a lighthouse' }] }];
const seen = {};

const [predicted] = await client.predict({
  endpoint: `${models}/imagen-4.0-generate-001`,
  instances: [aiplatform.helpers.toValue({ prompt: 'a lighthouse' })],
  parameters: aiplatform.helpers.toValue({ sampleCount: 2, aspectRatio: '1:1' }),
});
seen.predicted = predicted.predictions.map(one => one.structValue.fields.mimeType.stringValue);
const [made] = await client.generateContent({ model: `${models}/gemini-3.1-flash-image`, contents, generationConfig: { responseModalities: ['TEXT', 'IMAGE'], seed: 7, imageConfig: { aspectRatio: '4:3' } } });
seen.made = { parts: made.candidates[0].content.parts.map(part => part.data), reason: made.candidates[0].finishReason };
const [counted] = await new aiplatform.LlmUtilityServiceClient(options).countTokens({ endpoint: `${models}/gemini-3.1-flash-image`, contents });
seen.tokens = counted.totalTokens;

seen.stream = await new Promise((resolve, reject) => {
  const chunks = [];
  client.streamGenerateContent({ model: `${models}/gemini-3.1-flash-image`, contents })
    .on('data', chunk => chunks.push(chunk.candidates[0].content.parts.map(part => part.data)))
    .on('error', reject)
    .on('end', () => resolve(chunks));
});
const [got] = await new aiplatform.ModelGardenServiceClient(options).getPublisherModel({ name: 'publishers/google/models/gemini-3.1-flash-image' });
const [listed] = await new aiplatform.v1beta1.ModelGardenServiceClient(options).listPublisherModels({ parent: 'publishers/google', pageSize: 5 });
seen.models = { got: [got.name, got.launchStage], listed: listed.length };
seen.error = await client.generateContent({ model: `${models}/nano-banana`, contents }).then(() => null, error => [error.code, error.message]);
console.log(JSON.stringify(seen));
