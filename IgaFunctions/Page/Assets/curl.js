// The command line that makes the same request.

import { usesKeys } from './key.js';

/** What stands in place of a prompt that was erased. */
const ERASED = '[erased]';

/** A word of a POSIX shell that stands for exactly this text. */
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A new idempotency key comes with each command, so that running it makes a picture, and running it twice does not pay for two.
 * @param request the body of POST /generate_image
 */
export function curlFor(request) {
  const lines = [
    `curl -sS ${quote(`${location.origin}/generate_image`)}`,
    `-H 'Content-Type: application/json'`,
    `-H ${quote(`X-Idempotency-Key: ${newKey()}`)}`,
    // The one word that the shell is to fill in. Double quotes, as the key may hold what a shell reads.
    ...(usesKeys() ? ['-H "x-functions-key: $IGA_KEY"'] : []),
    // Raw, for --data would read a file where the text begins with @. JSON has no line breaks of its own.
    `--data-raw ${quote(JSON.stringify(request))}`,
  ];
  return lines.join(' \\\n  ');
}

/** What a POST for the same picture says, as far as it is known. @returns {object|null} null where the prompt is not kept any more */
export function requestOf(task) {
  const request = { prompt: task.result?.prompt_used ?? task.prompt };
  if (!request.prompt || request.prompt === ERASED) {
    return null;
  }

  const fields = { model: 'model_id_override', aspect_ratio: 'aspect_ratio', image_size: 'image_size', output_format: 'output_format' };
  for (const [from, to] of Object.entries(fields)) {
    if (task[from]) {
      request[to] = task[from];
    }
  }

  return request;
}

/** Random, also on pages without https, where crypto.randomUUID is not there. */
export function newKey() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `page-${hex}`;
}
