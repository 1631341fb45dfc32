// The API key: asked for when the service wants one, kept for this tab alone, sent in a header and nowhere else.

import { byId, show } from './dom.js';

const NAME = 'iga.key';
let value = read();
let asking = null;
let declined = false;

export const currentKey = () => value;

/** Whether the service was seen to ask for keys. */
export const usesKeys = () => value !== null || asking !== null;

/** The key goes, and with a new start of the page all that it let the person see. */
export function forgetKey() {
  keep(null);
  location.reload();
}

/** After "Not now", until the person wants to be asked again. */
export function askAgain() {
  declined = false;
}

/**
 * Asks once, however many calls need it at the same time.
 * @param wasWrong whether the key of before was refused
 * @returns {Promise<boolean>} false where the person does not give one
 */
export function askForKey(wasWrong) {
  if (declined) {
    return Promise.resolve(false);
  }

  asking ??= new Promise((resolve) => {
    const [dialog, form, input, error, cancel] = ['key-dialog', 'key-form', 'key', 'key-error', 'key-cancel'].map(byId);
    const finish = (given) => {
      form.removeEventListener('submit', submit);
      cancel.removeEventListener('click', close);
      dialog.removeEventListener('close', closed);
      asking = null;
      declined = !given;
      resolve(given);
    };
    const close = () => dialog.close();
    const closed = () => finish(false);
    const submit = (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (!/^[\x21-\x7e]+$/.test(text)) {
        show(error, text === '' ? 'Type or paste the key.' : 'A key has only letters, digits and signs, no spaces.');
        input.focus();
        return;
      }

      keep(text);
      input.value = '';
      dialog.removeEventListener('close', closed);
      dialog.close();
      finish(true);
    };
    show(error, wasWrong ? 'The service did not accept that key.' : '');
    form.addEventListener('submit', submit);
    cancel.addEventListener('click', close);
    dialog.addEventListener('close', closed);
    dialog.showModal();
    input.focus();
  });
  return asking;
}

function keep(key) {
  value = key;
  byId('forget-key').hidden = key === null;
  try {
    if (key === null) {
      sessionStorage.removeItem(NAME);
    } else {
      sessionStorage.setItem(NAME, key);
    }
  } catch {
    // Storage is switched off: the key lives as long as the page.
  }
}

function read() {
  try {
    const kept = sessionStorage.getItem(NAME);
    byId('forget-key').hidden = kept === null;
    return kept;
  } catch {
    return null;
  }
}
