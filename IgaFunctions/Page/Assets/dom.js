// Small helpers over the DOM. Text is only ever set as text; nothing in this page parses markup.

export const byId = (id) => document.getElementById(id);

/** Makes an element; of its properties `text`, `class`, `on` and `data` are special, the others are attributes. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }

    if (name === 'text') {
      element.textContent = value;
    } else if (name === 'class') {
      element.className = value;
    } else if (name === 'on') {
      Object.entries(value).forEach(([event, handler]) => element.addEventListener(event, handler));
    } else if (name === 'data') {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }

  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text of a caller: kept apart from the page's own direction of writing. */
export const callersText = (text, properties = {}) => el('bdi', { ...properties, text });

/** Sets a text where it differs, so that nothing is laid out (or read out) for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Shows an element with a text, or hides it where there is none. */
export function show(element, text) {
  setText(element, text ?? '');
  element.hidden = !text;
}

/** Has a screen reader say it when it has said what it is saying. */
export function announce(text) {
  setText(byId('announcer'), '');
  requestAnimationFrame(() => setText(byId('announcer'), text));
}
