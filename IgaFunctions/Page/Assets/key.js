// The API key: asked for when the service wants one, kept for this tab alone, sent in a header and nowhere else.

import { byId, show } from './dom.js';

const NAME = 'iga.key';
let value = null;
let asking = null;
let declined = false;
take(read());

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
    const answered = new AbortController();
    const on = (element, event, handler) => element.addEventListener(event, handler, { signal: answered.signal });
    const finish = (given) => {
      answered.abort();
      asking = null;
      declined = !given;
      resolve(given);
    };
    on(cancel, 'click', () => dialog.close());
    on(dialog, 'close', () => finish(false));
    on(form, 'submit', (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (!/^[\x21-\x7e]+$/.test(text)) {
        show(error, text === '' ? 'Type or paste the key.' : 'A key has only letters, digits and signs, no spaces.');
        input.focus();
        return;
      }

      keep(text);
      input.value = '';
      finish(true);
      dialog.close();
    });
    show(error, wasWrong ? 'The service did not accept that key.' : '');
    dialog.showModal();
    input.focus();
  });
  return asking;
}

function take(key) {
  value = key;
  byId('forget-key').hidden = key === null;
}

function keep(key) {
  take(key);
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
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}
