import createClient from 'openapi-fetch';
import type { paths } from './iga.js';

declare const process: { env: Record<string, string | undefined> };

async function makePicture(): Promise<string> {
  const { IGA_URL, IGA_KEY, IGA_IDEMPOTENCY_KEY } = process.env;
  const client = createClient<paths>({ baseUrl: IGA_URL, headers: IGA_KEY ? { 'x-functions-key': IGA_KEY } : {} });
  const accepted = await client.POST('/generate_image', {
    params: { header: { 'X-Idempotency-Key': IGA_IDEMPOTENCY_KEY! } },
    body: { prompt: 'a lighthouse at dawn', aspect_ratio: '16:9' },
  });
  if (!accepted.data) throw new Error(`${accepted.error.error_code}: ${accepted.error.message}`);

  for (;;) {
    const { data: task, error } = await client.GET('/v1/tasks/{task_id}', {
      params: { path: { task_id: accepted.data.task_id }, query: { wait: 30 } },
    });
    if (!task) throw new Error(`${error.error_code}: ${error.message}`);
    if (task.result && 'image_url' in task.result) return task.result.image_url;
    if (task.result && 'error' in task.result) throw new Error(`${task.result.error.type}: ${task.result.error.message}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

makePicture().then(image_url => console.log(JSON.stringify({ image_url })));
