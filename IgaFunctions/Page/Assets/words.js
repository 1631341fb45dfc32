// What states and failures are called, and what helps.

const STATES = {
  PENDING: ['Waiting', 'waiting'],
  STARTED: ['Running', 'running'],
  RETRY: ['Trying again', 'retrying'],
  SUCCESS: ['Done', 'done'],
  FAILURE: ['Failed', 'failed'],
};

/** By `result.error.type`: what happened, and what to do. */
const FAILURES = {
  prompt_blocked: ['The model refused the prompt.', 'Word the prompt differently and send it as a new picture.'],
  no_image_returned: ['The model answered, but without a picture.', 'Try again, or word the prompt differently.'],
  model_not_found: ['The model does not exist any more, or this project may not use it.', 'Choose another model.'],
  model_rejected_request: ['The model did not accept the request.', 'The message below says why; change that and send a new picture.'],
  quota_exhausted: ['The model’s quota stayed used up.', 'Try again later, or with another model.'],
  model_unavailable: ['The model could not be reached, or kept failing.', 'Try again later.'],
  storage_denied: ['The service may not write to its bucket.', 'Tell whoever runs the service; then try again.'],
  storage_unavailable: ['The bucket could not be reached.', 'Try again later.'],
  task_revoked: ['The task was cancelled.', 'Try again if you want the picture after all.'],
  task_failed: ['Something went wrong that nobody foresaw.', 'Try again; the service’s log has the reason.'],
};

export const isOpen = (task) => task.status === 'PENDING' || task.status === 'STARTED' || task.status === 'RETRY';

/** A task that lost its idempotency key to another one ends well, but has no picture of its own. */
export const isConflict = (task) => task.result?.status === 'PROCESSING_CONFLICT';

export const hasPicture = (task) => task.status === 'SUCCESS' && !isConflict(task);

export const isCancelled = (task) => task.status === 'FAILURE' && task.result?.error?.type === 'task_revoked';

/** @returns the state's name for people, and for the style sheet */
export function stateOf(task) {
  if (isConflict(task)) {
    return ['Key was taken', 'waiting'];
  }

  return isCancelled(task) ? ['Cancelled', 'waiting'] : STATES[task.status] ?? [String(task.status), 'waiting'];
}

/** @returns {{what: string, help: string, message: string}|null} of a task that did not come to a picture */
export function failureOf(task) {
  if (isConflict(task)) {
    return {
      what: 'Another task or service holds this idempotency key.',
      help: 'Look for the other task under the same key, or send the prompt as a new picture.',
      message: task.result.message ?? '',
    };
  }

  if (task.status !== 'FAILURE') {
    return null;
  }

  const [what, help] = faultWords(task.result?.error?.type);
  return { what, help, message: task.result?.error?.message ?? '' };
}

export const faultWords = (type) => (Object.hasOwn(FAILURES, type ?? '') ? FAILURES[type] : FAILURES.task_failed);
