// The form for a new picture. Its text stays until the service has taken it.

import { getJson, postJson } from './api.js';
import { copy } from './clipboard.js';
import { curlFor, newKey } from './curl.js';
import { announce, byId, el, setText, show } from './dom.js';
import { money } from './format.js';
import { begunNow } from './tasks.js';

const [form, prompt, model, ratio, size, output, send] =
  ['composer', 'prompt', 'model', 'ratio', 'size', 'output', 'send'].map(byId);
let models = [];
let defaultModel = '';

/** The key of what is being sent: the same text sent again after a lost answer is the same request, and is paid for once. */
let pending = null;

/** @param accepted gets the task that has begun */
export function bindForm(accepted) {
  // On a phone they would push the tasks out of sight.
  const wide = matchMedia('(min-width: 901px)');
  const unfold = () => { byId('options').open = wide.matches; };
  wide.addEventListener('change', unfold);
  unfold();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit(accepted);
  });
  prompt.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  prompt.addEventListener('input', () => {
    const length = [...prompt.value].length;
    setText(byId('prompt-count'), length > 0 ? `${length} characters` : '');
    show(byId('form-error'), '');
    prompt.removeAttribute('aria-invalid');
  });
  model.addEventListener('change', offer);
  size.addEventListener('change', tellPrice);
  byId('form-curl').addEventListener('click', (event) => {
    if (checkPrompt()) {
      copy(curlFor(requestBody()), event.currentTarget);
    }
  });
}

/** Without this list the form works as well: the service has defaults. */
export async function loadModels() {
  try {
    const offered = await getJson('/v1/models');
    [models, defaultModel] = [offered.models, offered.default_model];
  } catch {
    return;
  }

  const chosen = model.value;
  model.replaceChildren(...models.map(({ id }) => el('option', { value: id, text: id })));
  model.value = chosen || defaultModel;
  offer();
}

/** Puts a request of before into the form, to be changed. */
export function fillForm(request) {
  setPrompt(request.prompt ?? '');
  if (models.some(({ id }) => id === request.model_id_override)) {
    model.value = request.model_id_override;
    offer();
  }

  choose(ratio, request.aspect_ratio);
  choose(size, request.image_size);
  choose(output, request.output_format);
  tellPrice();
  prompt.focus();
  byId('composer').scrollIntoView({ block: 'nearest' });
}

/** As if it had been typed. */
function setPrompt(text) {
  prompt.value = text;
  prompt.dispatchEvent(new Event('input'));
}

const chosenModel = () => models.find(({ id }) => id === model.value);

function offer() {
  const chosen = chosenModel();
  options(ratio, chosen?.aspect_ratios ?? []);
  options(size, chosen?.image_sizes ?? []);
  options(output, chosen?.output_formats ?? [], (name) => name.toUpperCase());
  show(byId('model-help'), [
    model.value === defaultModel && defaultModel ? 'The service’s default.' : '', chosen?.until ? `May be switched off from ${chosen.until} on.` : '',
  ].join(' ').trim());
  tellPrice();
}

function options(select, values, name = (value) => value) {
  const chosen = select.value;
  select.replaceChildren(el('option', { value: '', text: 'Default' }), ...values.map((value) => el('option', { value, text: name(value) })));
  choose(select, chosen);
  select.disabled = values.length === 0;
}

function choose(select, value) {
  select.value = value ?? '';
  if (select.selectedIndex < 0) {
    select.value = '';
  }
}

function tellPrice() {
  const prices = chosenModel()?.prices ?? [];
  const price = prices.find((one) => one.image_size === (size.value || '1K')) ?? (prices.length === 1 ? prices[0] : null);
  setText(byId('form-note'), Number.isFinite(price?.usd) ? `About ${money(price.usd)} by the list.` : '');
}

function requestBody() {
  const fields = {
    prompt: prompt.value,
    model_id_override: model.value === defaultModel ? '' : model.value,
    aspect_ratio: ratio.value,
    image_size: size.value,
    output_format: output.value,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function checkPrompt() {
  const isThere = prompt.value.trim() !== '';
  if (!isThere) {
    show(byId('form-error'), 'Describe the picture first.');
    prompt.setAttribute('aria-invalid', 'true');
    prompt.focus();
  }

  return isThere;
}

async function submit(accepted) {
  if (send.getAttribute('aria-disabled') === 'true' || !checkPrompt()) {
    return;
  }

  const body = requestBody();
  const text = JSON.stringify(body);
  pending = pending?.text === text ? pending : { text, key: newKey() };
  busy(true);
  show(byId('form-error'), '');
  try {
    const answer = await postJson('/generate_image', body, { 'X-Idempotency-Key': pending.key });
    const { key } = pending;
    pending = null;
    if (prompt.value === body.prompt) {
      setPrompt('');
    }

    announce('Accepted. The picture is on its way.');
    accepted(begunNow(answer.task_id, {
      prompt: body.prompt, idempotency_key: key, workflow_id: null, model: model.value || null, aspect_ratio: body.aspect_ratio ?? null,
      image_size: body.image_size ?? null, output_format: body.output_format ?? null,
    }));
  } catch (error) {
    if (!error.mayPass) {
      pending = null;
    }

    show(byId('form-error'), error.message);
  } finally {
    busy(false);
  }
}

// Not disabled, which would throw the focus off the button.
function busy(isBusy) {
  send.setAttribute('aria-disabled', String(isBusy));
  setText(send, isBusy ? 'Sending…' : 'Make the picture');
}
