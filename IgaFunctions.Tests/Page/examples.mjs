// Tasks of every kind, for the double.

import { blank, newId } from './answers.mjs';

const MINUTE = 60_000;
const PROMPTS = [
  'A lighthouse at dawn, watercolour on rough paper', 'Isometric cutaway of a tiny bookshop, warm evening light', 'A red fox asleep in fresh snow, seen from above',
  'Portrait of an astronaut reading a newspaper in a diner', 'Macro photograph of dew on a spider’s web', 'Map of an imaginary archipelago, engraved',
  'Paper-cut landscape with mountains and a river', 'An old tram climbing a steep street in Lisbon', 'Still life with pears, oil on canvas',
];

export function success(number, time = Date.now() - number * 7 * MINUTE) {
  const large = number % 3 === 1;
  const model = number % 4 === 3 ? 'gemini-3-pro-image' : 'gemini-3.1-flash-image';
  const prompt = PROMPTS[number % PROMPTS.length];
  return {
    ...blank(newId(time, number), time), status: 'SUCCESS', prompt, model, workflow_id: number % 2 ? 'episode-42' : null, idempotency_key: `key-${number}`,
    aspect_ratio: ['1:1', '16:9', '3:4'][number % 3], image_size: large ? '2K' : '1K', output_format: 'png', content_type: 'image/png',
    size_bytes: 1_400_000 + number * 1000, price_usd: model === 'gemini-3-pro-image' ? 0.134 : large ? 0.101 : 0.067, attempts: 1,
    started_at: new Date(time + 400).toISOString(), ended_at: new Date(time + 9_000).toISOString(),
    result: { image_url: `gs://pictures/images/iga/iga_req_${number}.png`, prompt_used: prompt, model_version: `vertex-ai-${model}` },
  };
}

export function failure(number, type, message, time = Date.now() - number * 7 * MINUTE) {
  return {
    ...success(number, time), status: 'FAILURE', price_usd: null, content_type: null, size_bytes: null, image_size: null,
    result: { error: { type, message } },
    faults: [
      { model: 'gemini-3.1-flash-image', at: new Date(time + 2_000).toISOString(), seconds: 1.6, fault: { type: 'model_unavailable', message: 'The model answered 503.' } },
      { model: 'gemini-3.1-flash-image', at: new Date(time + 7_000).toISOString(), seconds: 2.2, fault: { type, message } },
    ],
  };
}

export const open = (number, status, time = Date.now() - number * 20_000) => ({
  ...success(number, time), status, result: null, price_usd: null, ended_at: null, content_type: null, size_bytes: null,
  started_at: status === 'PENDING' ? null : new Date(time + 400).toISOString(),
});

/** One of each kind, and some more that went well. */
export function mixed() {
  const conflict = {
    ...success(9), price_usd: null,
    result: { status: 'PROCESSING_CONFLICT', message: 'The idempotency key is held by another process.', idempotency_key: 'key-9' },
  };
  return [
    open(0, 'PENDING'), open(1, 'STARTED'), open(2, 'RETRY'), success(3), success(4), success(5),
    failure(6, 'prompt_blocked', 'The model refused the prompt: SAFETY.'), success(7), success(8), conflict,
    failure(10, 'task_revoked', 'The task was cancelled.'), { ...success(11), gone: true }, ...Array.from({ length: 18 }, (_, at) => success(12 + at)),
  ];
}

/** So many that nobody can look at all. */
export function many(count) {
  const now = Date.now();
  return Array.from({ length: count }, (_, at) => success(at, now - at * 1000));
}
