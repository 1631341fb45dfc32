// Pictures of tasks. They need the key in a header, so they are fetched and shown as blobs: only what is in sight, a few at a time,
// and let go of when much else was looked at.

import { call, taskPath } from './api.js';

/** A browser opens six connections to a host; the live events and the calls need theirs. */
const MOST_AT_ONCE = 3;
const MOST_KEPT = 48;
const MOST_BYTES = 128 * 1024 * 1024;
const LONGEST = 60_000;
/** Before a picture that could not be had at the moment is asked for again. */
const REST = 5_000;

const kept = new Map();
const loading = new Map();
const wanted = new Map();
const resting = new Set();
const shownBy = new WeakMap();
let keptBytes = 0;

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      want(target);
    } else {
      leave(target);
    }
  }
}, { rootMargin: '300px' });

/** Shows a task's picture in an <img> while that is in sight. @param told gets 'loading', 'shown' or 'gone' */
export function showPicture(img, id, told) {
  if (shownBy.get(img)?.id === id) {
    return;
  }

  hidePicture(img);
  shownBy.set(img, { id, told });
  told('loading');
  sight.observe(img);
}

export function hidePicture(img) {
  sight.unobserve(img);
  leave(img);
  shownBy.delete(img);
}

/** Of a picture that is shown: for a link that saves it. */
export const blobOf = (id) => kept.get(id);

function want(img) {
  const { id } = shownBy.get(img) ?? {};
  if (!id) {
    return;
  }

  const images = wanted.get(id) ?? new Set();
  wanted.set(id, images.add(img));
  if (kept.has(id)) {
    display(id);
  } else {
    startNext();
  }
}

function leave(img) {
  const { id } = shownBy.get(img) ?? {};
  const images = wanted.get(id);
  img.removeAttribute('src');
  if (images?.delete(img) && images.size === 0) {
    wanted.delete(id);
    loading.get(id)?.abort();
    dropOldest();
  }
}

// The latest wish first: it is where the person has scrolled to.
function startNext() {
  const waiting = [...wanted.keys()].reverse().filter((id) => !kept.has(id) && !loading.has(id) && !resting.has(id));
  waiting.slice(0, Math.max(0, MOST_AT_ONCE - loading.size)).forEach(load);
}

async function load(id) {
  const cut = new AbortController();
  loading.set(id, cut);
  const timer = setTimeout(() => cut.abort(), LONGEST);
  try {
    const response = await call(`${taskPath(id)}/image`, { signal: cut.signal });
    const blob = await response.blob();
    if (cut.signal.aborted) {
      return;
    }

    kept.set(id, { url: URL.createObjectURL(blob), size: blob.size, type: blob.type });
    keptBytes += blob.size;
    display(id);
    dropOldest();
  } catch (error) {
    if (wanted.has(id) && error.mayPass) {
      resting.add(id);
      setTimeout(() => {
        resting.delete(id);
        startNext();
      }, REST);
    } else if (wanted.has(id)) {
      // Not asked for again until it comes into sight anew.
      wanted.get(id).forEach((img) => shownBy.get(img)?.told('gone'));
      wanted.delete(id);
    }
  } finally {
    clearTimeout(timer);
    if (loading.get(id) === cut) {
      loading.delete(id);
    }

    startNext();
  }
}

function display(id) {
  const picture = kept.get(id);
  kept.delete(id);
  kept.set(id, picture); // The last of the map is what was looked at last.
  for (const img of wanted.get(id) ?? []) {
    const { told } = shownBy.get(img);
    img.onload = () => told('shown');
    img.onerror = () => told('gone');
    img.src = picture.url;
  }
}

function dropOldest() {
  for (const [id, picture] of kept) {
    if (kept.size <= MOST_KEPT && keptBytes <= MOST_BYTES) {
      return;
    }

    if (!wanted.has(id)) {
      URL.revokeObjectURL(picture.url);
      kept.delete(id);
      keptBytes -= picture.size;
    }
  }
}
