// A service with the same answers, in memory: for the states of the page that a real one comes to only by chance, or not at all.
// The page itself is taken from a real one.

import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { blank, detailsOf, documentOf, listed, MODELS, newId, statsOf } from './answers.mjs';
import { picture } from './picture.mjs';

/**
 * @param pageOf the address of the service that has the page
 * @param tasks of the list, newest first
 * @param key that calls of the API need
 */
export async function startDouble({ pageOf, tasks = [], key = null, streams = true, stats = {} }) {
  const double = new Double(pageOf, tasks, key, streams, stats);
  await double.listen();
  return double;
}

class Double {
  /** Every call of the API: `METHOD path`. */
  calls = [];
  posted = [];
  /** Whether all answers take long. */
  slow = false;
  #faults = [];
  #streams = new Set();

  constructor(pageOf, tasks, key, streams, stats) {
    Object.assign(this, { pageOf, tasks, key, streams, stats });
  }

  async listen() {
    this.server = http.createServer((request, response) => this.#answer(request, response).catch(() => response.destroy()));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The next calls whose path begins so are answered so. */
  fail(path, status, body = {}, headers = {}, times = 1) {
    this.#faults.push({ path, status, body, headers, times });
  }

  heal() {
    this.#faults = [];
  }

  /** Changes a task, or adds it, and tells the streams. */
  change(task) {
    const known = this.tasks.find((one) => one.task_id === task.task_id);
    const changed = Object.assign(known ?? {}, task);
    if (!known) {
      this.tasks.unshift(changed);
    }

    this.#streams.forEach((stream) => stream.write(`event: task\nid: ${Date.now()}\ndata: ${JSON.stringify(changed)}\n\n`));
  }

  endStreams() {
    this.#streams.forEach((stream) => stream.destroy());
    this.#streams.clear();
  }

  get openStreams() {
    return this.#streams.size;
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    const path = url.pathname;
    if (path === '/' || path.startsWith('/assets/')) {
      const original = await fetch(new URL(path, this.pageOf));
      response.writeHead(original.status, Object.fromEntries([...original.headers].filter(([name]) => !['transfer-encoding', 'connection', 'date'].includes(name))));
      response.end(Buffer.from(await original.arrayBuffer()));
      return;
    }

    this.calls.push(`${request.method} ${request.url}`);
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }

    const fault = this.#faults.find((one) => path.startsWith(one.path) && one.times > 0);
    if (this.key !== null && request.headers['x-functions-key'] !== this.key) {
      json(response, 401, { error_code: 'IGA_UNAUTHORIZED', message: 'A valid API key is needed in the header x-functions-key.' });
    } else if (fault) {
      fault.times--;
      if (fault.status === 0) {
        response.destroy();
      } else {
        json(response, fault.status, fault.body, fault.headers);
      }
    } else {
      await this.#route(request, response, url, body);
    }
  }

  async #route(request, response, url, body) {
    const [, , , id, verb] = url.pathname.split('/');
    if (this.slow) {
      await sleep(10_000);
    }

    if (url.pathname === '/v1/models') {
      json(response, 200, MODELS);
    } else if (url.pathname === '/v1/stats') {
      json(response, 200, { ...statsOf(this.tasks), ...this.stats });
    } else if (url.pathname === '/v1/tasks') {
      this.#list(response, url);
    } else if (url.pathname === '/v1/tasks/events') {
      this.#stream(request, response);
    } else if (url.pathname === '/generate_image') {
      this.posted.push({ key: request.headers['x-idempotency-key'], body: JSON.parse(body) });
      const begun = this.#begin(JSON.parse(body), request.headers['x-idempotency-key']);
      json(response, 202, { message: 'Image generation task accepted.', task_id: begun, status_url: `/v1/tasks/${begun}`, idempotency_key_processed: 'key' });
    } else {
      await this.#task(response, url, this.tasks.find((task) => task.task_id === id), verb);
    }
  }

  async #task(response, url, task, verb) {
    if (!task) {
      json(response, 404, { error_code: 'IGA_TASK_NOT_FOUND', message: 'There is no task with this id.' });
    } else if (verb === 'image') {
      await sleep(15);
      if (task.gone) {
        json(response, 404, { error_code: 'IGA_NO_IMAGE', message: 'The picture is not there any more.' });
        return;
      }

      const bytes = picture(task.task_id, task.aspect_ratio);
      response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': bytes.length, 'Cache-Control': 'private, max-age=60' });
      response.end(bytes);
    } else if (verb === 'cancel') {
      this.change({ ...task, status: 'FAILURE', ended_at: new Date().toISOString(), result: { error: { type: 'task_revoked', message: 'The task was cancelled.' } } });
      json(response, 200, documentOf(task));
    } else if (verb === 'retry') {
      const begun = this.#begin({ prompt: task.prompt }, task.idempotency_key);
      json(response, 202, { message: 'Image generation task accepted.', task_id: begun, status_url: `/v1/tasks/${begun}`, idempotency_key_processed: 'key' });
    } else {
      const details = url.searchParams.get('include') === 'details' ? { details: detailsOf(task) } : {};
      json(response, task.status === 'SUCCESS' || task.status === 'FAILURE' ? 200 : 202, { ...documentOf(task), ...details });
    }
  }

  /** It runs as its prompt says: "blocked" fails, "slow" goes on until it is cancelled. */
  #begin(body, key) {
    const id = newId(Date.now());
    this.change({ ...blank(id), prompt: body.prompt, idempotency_key: key, aspect_ratio: body.aspect_ratio ?? '1:1' });
    this.#run(this.tasks[0]);
    return id;
  }

  async #run(task) {
    await sleep(150);
    this.change({ ...task, status: 'STARTED', started_at: new Date().toISOString() });
    await sleep(250);
    if (task.prompt.includes('slow') || task.status !== 'STARTED') {
      return;
    }

    const ended_at = new Date().toISOString();
    this.change(task.prompt.includes('blocked') && !this.calls.some((call) => call.endsWith('/retry'))
      ? { ...task, status: 'FAILURE', ended_at, result: { error: { type: 'prompt_blocked', message: 'The model refused the prompt: SAFETY.' } } }
      : { ...task, status: 'SUCCESS', ended_at, price_usd: 0.067, result: { image_url: 'gs://b/p', prompt_used: task.prompt, model_version: 'vertex-ai-x' } });
  }

  #list(response, url) {
    const query = url.searchParams;
    const found = listed(this.tasks, query);
    const from = Number(query.get('after') ?? 0);
    const page = found.slice(from, from + Number(query.get('limit') ?? 50));
    query.set('after', from + page.length);
    json(response, 200, { tasks: page, next: from + page.length < found.length ? `/v1/tasks?${query}` : null });
  }

  #stream(request, response) {
    if (!this.streams) {
      json(response, 429, { error_code: 'IGA_TOO_MANY_STREAMS', message: 'Too many streams are open.' }, { 'Retry-After': '5' });
      return;
    }

    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': here\n\n');
    this.#streams.add(response);
    request.on('close', () => this.#streams.delete(response));
  }
}

function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}
