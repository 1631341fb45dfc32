// What the double answers with.

export const MODELS = {
  default_model: 'gemini-3.1-flash-image',
  models: [
    model('gemini-3.1-flash-image', ['512', '1K', '2K', '4K'], { '512': null, '1K': 0.067, '2K': 0.101, '4K': 0.151 }, '2027-05-28'),
    model('gemini-3-pro-image', ['1K', '2K', '4K'], { '1K': 0.134, '2K': 0.134, '4K': 0.24 }, null),
    { ...model('gemini-2.5-flash-image', [], {}, '2027-03-15'), prices: [{ image_size: null, output_tokens: 1290, usd: 0.039 }] },
  ],
};

/** A UUID of version 7, which sorts by its time. */
export function newId(time, number = Math.floor(Math.random() * 0xffffff)) {
  const hex = Math.floor(time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export const blank = (id, time = Date.now()) => ({
  task_id: id, status: 'PENDING', result: null, workflow_id: null, idempotency_key: null, caller: null, created_at: new Date(time).toISOString(),
  ended_at: null, prompt: '', model: 'gemini-3.1-flash-image', aspect_ratio: '1:1', image_size: null, output_format: null, size_bytes: null,
  content_type: null, price_usd: null, attempts: 0,
});

function model(id, sizes, prices, until) {
  return {
    id, aliases: [], aspect_ratios: ['1:1', '3:4', '4:3', '9:16', '16:9'], image_sizes: sizes, output_formats: ['png', 'jpeg'], max_reference_images: 3,
    takes_seed: true, can_omit_watermark: false, prices: Object.entries(prices).map(([size, usd]) => ({ image_size: size, output_tokens: 1120, usd })), until,
  };
}

export const documentOf = ({ task_id, status, result }) => ({ task_id, status, result });

export function detailsOf(task) {
  const ended = task.ended_at ? (Date.parse(task.ended_at) - Date.parse(task.created_at)) / 1000 : null;
  return {
    workflow_id: task.workflow_id, idempotency_key: task.idempotency_key, created_at: task.created_at, started_at: task.started_at ?? null,
    ended_at: task.ended_at, size_bytes: task.size_bytes, content_type: task.content_type, crc32c: task.status === 'SUCCESS' ? 'yZRlqg==' : null,
    model: task.model, image_size: task.image_size, prompt_tokens: task.status === 'SUCCESS' ? 14 : null, output_tokens: task.status === 'SUCCESS' ? 1120 : null,
    thought_tokens: null, price_usd: task.price_usd, attempts: task.faults ?? [],
    timings: task.status === 'SUCCESS' ? { queued_seconds: 0.4, model_seconds: Math.max(1, ended - 1), upload_seconds: 0.6, total_seconds: ended }
      : { queued_seconds: null, model_seconds: null, upload_seconds: null, total_seconds: null },
    callback: task.callback ?? null,
  };
}

export function statsOf(tasks) {
  const of = (status) => tasks.filter((task) => task.status === status).length;
  const cancelled = tasks.filter((task) => task.result?.error?.type === 'task_revoked').length;
  const models = [...new Set(tasks.filter((task) => task.price_usd).map((task) => task.model))];
  const spent = (list) => list.reduce((sum, task) => sum + (task.price_usd ?? 0), 0);
  return {
    accepted_today: tasks.length, pending: of('PENDING'), started: of('STARTED'), retrying: of('RETRY'), succeeded_today: of('SUCCESS'), failed_today: of('FAILURE') - cancelled, cancelled_today: cancelled,
    median_seconds: tasks.length ? 8.4 : null, p95_seconds: tasks.length ? 21.7 : null, spent_today_usd: spent(tasks), daily_limit_usd: null,
    spent_today_by_model: models.map((name) => ({ model: name, usd: spent(tasks.filter((task) => task.model === name)), images: tasks.filter((task) => task.model === name && task.price_usd).length })),
  };
}

/** Those of the tasks that the query of a list asks for, in its order. */
export function listed(tasks, query) {
  const states = query.get('status')?.split(',');
  const found = tasks.filter((task) => (!states || states.includes(task.status))
    && (!query.get('workflow_id') || task.workflow_id === query.get('workflow_id'))
    && (!query.get('idempotency_key') || task.idempotency_key === query.get('idempotency_key'))
    && (!query.get('since') || task.created_at >= query.get('since')) && (!query.get('until') || task.created_at < query.get('until')));
  return query.get('order') === 'price' ? found.toSorted((one, other) => (other.price_usd ?? -1) - (one.price_usd ?? -1)) : found;
}
