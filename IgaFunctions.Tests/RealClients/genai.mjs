// The calls of @google/genai that make and edit pictures, stream, count and list, as a caller with an API key makes them.
import { GoogleGenAI } from '@google/genai';

const baseUrl = process.env.ENDPOINT;
const ai = new GoogleGenAI({ vertexai: true, apiKey: 'emulated', httpOptions: { baseUrl } });
const model = 'gemini-3.1-flash-image';
const picture = part => part?.inlineData && { type: part.inlineData.mimeType, bytes: Buffer.from(part.inlineData.data, 'base64').length };
const partsOf = response => response.candidates[0].content.parts;
const seen = {};

const made = await ai.models.generateContent({
  model,
  contents: 'a lighthouse',
  config: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '16:9', imageSize: '512', outputMimeType: 'image/jpeg' } },
});
seen.made = { text: made.text, picture: picture(partsOf(made).at(-1)), reason: made.candidates[0].finishReason, model: made.modelVersion };

const inline = await ai.models.generateContent({
  model,
  contents: [{ inlineData: { mimeType: 'image/jpeg', data: partsOf(made).at(-1).inlineData.data } }, 'with a red roof'],
  config: { responseModalities: 'IMAGE' },
});
seen.editedInline = picture(partsOf(inline)[0]);

const byUri = await ai.models.generateContent({
  model,
  contents: [{ role: 'user', parts: [{ fileData: { mimeType: 'image/png', fileUri: 'gs://pictures/a.png' } }, { text: 'with a red roof' }] }],
});
seen.editedByUri = picture(partsOf(byUri).at(-1));

seen.stream = [];
for await (const chunk of await ai.models.generateContentStream({ model, contents: 'a lighthouse' })) {
  seen.stream.push({
    text: chunk.text,
    picture: picture(partsOf(chunk)[0])?.type,
    reason: chunk.candidates[0].finishReason,
    total: chunk.usageMetadata?.totalTokenCount,
    model: chunk.modelVersion,
  });
}

const counted = await ai.models.countTokens({ model, contents: 'a lighthouse' });
seen.tokens = counted.totalTokens;

seen.listed = [];
for await (const one of await ai.models.list({ config: { pageSize: 3 } })) {
  seen.listed.push(one.name);
}

seen.tuned = (await ai.models.list({ config: { queryBase: false } })).page.length;
const got = await ai.models.get({ model });
seen.got = [got.name, got.version];

const imagen = await ai.models.generateImages({
  model: 'imagen-4.0-generate-001',
  prompt: 'a lighthouse',
  config: { numberOfImages: 2, aspectRatio: '3:4', personGeneration: 'ALLOW_ADULT', safetyFilterLevel: 'BLOCK_ONLY_HIGH', includeRaiReason: true, outputMimeType: 'image/png' },
});
seen.imagen = imagen.generatedImages.map(one => one.image.mimeType);

const failure = async call => {
  try {
    return `no error: ${JSON.stringify(await call())}`;
  } catch (error) {
    return { name: error.name, status: error.status, message: JSON.parse(error.message).error.message };
  }
};
const stream = async request => {
  for await (const chunk of await ai.models.generateContentStream(request)) void chunk;
};
seen.errors = {
  unknownModel: await failure(() => ai.models.generateContent({ model: 'nano-banana', contents: 'x' })),
  ratio: await failure(() => ai.models.generateContent({ model, contents: 'x', config: { imageConfig: { aspectRatio: '9:21' } } })),
  stream: await failure(() => stream({ model, contents: 'x', config: { responseModalities: ['SMELL'] } })),
  got: await failure(() => ai.models.get({ model: 'nano-banana' })),
  filter: await failure(() => ai.models.list({ config: { filter: 'x' } })),
};

// With a project the path names it, and its location.
const ofProject = new GoogleGenAI({
  vertexai: true, project: 'p', location: 'global', httpOptions: { baseUrl },
  googleAuthOptions: { authClient: { getRequestHeaders: async () => new Headers(), request: async () => ({}) } },
});
seen.ofProject = picture(partsOf(await ofProject.models.generateContent({ model, contents: 'a lighthouse' })).at(-1))?.type;
console.log(JSON.stringify(seen));
