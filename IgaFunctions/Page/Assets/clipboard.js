// Copies a text; where the browser does not let the page do so, it is shown to be copied by hand.

import { announce, byId } from './dom.js';

export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = byId('copy-text');
    area.value = text;
    byId('copy-dialog').showModal();
    area.focus();
    area.select();
    return;
  }

  const label = button.textContent;
  button.textContent = 'Copied';
  announce('Copied');
  setTimeout(() => { button.textContent = label; }, 1500);
}
