// Calls of the service. Every failure becomes an ApiError that says in words what is wrong.

import { roughly } from './format.js';
import { askForKey, currentKey } from './key.js';

const LONGEST_CALL = 70_000;

export class ApiError extends Error {
  /** @param status of HTTP; 0 where no answer came */
  constructor(status, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may succeed later. */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const taskPath = (id) => `/v1/tasks/${encodeURIComponent(id)}`;

/**
 * Calls a route, and has a key asked for where one is needed.
 * @param signal of a caller who reads the answer bit by bit, with a limit of time of its own
 * @returns a Response that is ok; without a signal only `status`, `headers` and `json()` of it
 */
export async function call(path, { method = 'GET', body, headers = {}, signal } = {}) {
  for (;;) {
    const key = currentKey();
    const response = await send(path, { method, headers: { ...headers, ...(key ? { 'x-functions-key': key } : {}) }, body }, signal);
    if (response.ok) {
      return response;
    }

    // Another call may have got a key in the meantime.
    if (response.status !== 401 || (currentKey() === key && !(await askForKey(key !== null)))) {
      throw await errorOf(response);
    }
  }
}

export const getJson = async (path) => (await call(path)).json();

export const postJson = async (path, body, headers) => (await call(path, {
  method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body),
})).json();

async function send(path, request, signal) {
  try {
    const response = await fetch(path, { ...request, signal: signal ?? AbortSignal.timeout(LONGEST_CALL), credentials: 'same-origin', redirect: 'error' });
    return signal && response.ok ? response : readWhole(response, await response.text());
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }

    throw new ApiError(0, navigator.onLine
      ? 'The service does not answer. Nothing was lost; try again in a moment.'
      : 'This device is offline. Nothing was lost; try again when it is back.');
  }
}

const readWhole = ({ ok, status, headers }, text) => ({
  ok, status, headers,
  json() {
    try {
      return JSON.parse(text);
    } catch {
      throw new ApiError(502, 'What came back is not the service’s answer. Is there a proxy between?');
    }
  },
});

async function errorOf(response) {
  let message = '';
  try {
    const told = await response.json();
    message = typeof told?.message === 'string' ? told.message : '';
  } catch {
    // No body, or none of ours: a proxy's page.
  }

  const seconds = Number.parseInt(response.headers.get('Retry-After'), 10);
  const retryAfter = Number.isNaN(seconds) ? null : seconds;
  return new ApiError(response.status, wordsFor(response.status, message, retryAfter), retryAfter);
}

function wordsFor(status, message, retryAfter) {
  const said = message ? `${message} ` : '';
  const later = retryAfter ? `Try again in ${roughly(retryAfter)}.` : 'Try again later.';
  switch (status) {
    case 401:
      return 'The service needs an API key for this.';
    case 403:
      return message || 'The service does not allow this.';
    case 429:
      return `That is more than the service takes at the moment. ${said}${later}`;
    case 502:
    case 503:
    case 504:
      return `The service can’t do this at the moment. ${said}${later}`;
    default:
      return message || (status >= 500 ? 'The service met a fault that nobody foresaw. Its log has the reason.' : `The service answered with status ${status}.`);
  }
}
