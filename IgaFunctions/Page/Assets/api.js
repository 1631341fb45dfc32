// Calls of the service. Every failure becomes an ApiError that says in words what is wrong.

import { roughly } from './format.js';
import { askForKey, currentKey } from './key.js';

const LONGEST_CALL = 70_000;

export class ApiError extends Error {
  /** @param status of HTTP; 0 where no answer came */
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may succeed later. */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/**
 * Calls a route, and has a key asked for where one is needed.
 * @param endless whether the answer is read by the caller, bit by bit, with its own limit of time
 * @returns a Response that is ok; of one that is not endless only `status`, `headers` and `json()`
 */
export async function call(path, { method = 'GET', body, headers = {}, signal, endless = false } = {}) {
  for (let wasWrong = false; ; wasWrong = true) {
    const key = currentKey();
    const response = await send(path, {
      method,
      headers: { ...headers, ...(key ? { 'x-functions-key': key } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    }, signal, endless);
    if (response.status === 401) {
      // Another call may have got a key in the meantime.
      if (currentKey() !== key || (await askForKey(wasWrong || key !== null))) {
        continue;
      }
    }

    if (!response.ok) {
      throw await errorOf(response);
    }

    return response;
  }
}

export const getJson = async (path) => (await call(path)).json();

export const postJson = async (path, body, headers) => (await call(path, { method: 'POST', body, headers })).json();

async function send(path, request, signal, endless) {
  const cut = new AbortController();
  const stop = () => cut.abort();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) {
    stop();
  }

  const timer = endless ? null : setTimeout(stop, LONGEST_CALL);
  try {
    const response = await fetch(path, { ...request, signal: endless && signal ? signal : cut.signal, credentials: 'same-origin', redirect: 'error' });
    return endless && response.ok ? response : readWhole(response, await response.text());
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }

    throw new ApiError(0, null, navigator.onLine
      ? 'The service does not answer. Nothing was lost; try again in a moment.'
      : 'This device is offline. Nothing was lost; try again when it is back.');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

const readWhole = ({ ok, status, headers }, text) => ({
  ok, status, headers,
  json() {
    try {
      return JSON.parse(text);
    } catch {
      throw new ApiError(502, null, 'What came back is not the service’s answer. Is there a proxy between?');
    }
  },
});

async function errorOf(response) {
  let told = {};
  try {
    told = await response.json();
  } catch {
    // No body, or none of ours: a proxy's page.
  }

  const seconds = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const retryAfter = Number.isFinite(seconds) ? seconds : null;
  const code = typeof told.error_code === 'string' ? told.error_code : null;
  const message = typeof told.message === 'string' ? told.message : '';
  return new ApiError(response.status, code, wordsFor(response.status, message, retryAfter), retryAfter);
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
