// The picture in a task's detail, with a link that saves it.

import { el, setText } from './dom.js';
import { moment } from './format.js';
import { blobOf, hidePicture, showPicture } from './pictures.js';
import { hasPicture } from './words.js';

const WORDS = {
  loading: 'Loading the picture…',
  shown: '',
  gone: 'The picture can’t be shown: it is not in the bucket any more, or can’t be read now.',
};

const img = el('img', { alt: '', class: 'detail-picture' });

/** The task that it is of, and the frame; it stays while the task does, however often the detail is drawn. */
let [id, frame] = [null, null];

export function hideFrame() {
  hidePicture(img);
  [id, frame] = [null, null];
}

/** @returns null for a task that has no picture */
export function pictureFrame(task) {
  if (!hasPicture(task)) {
    hideFrame();
  } else if (task.task_id !== id) {
    hideFrame();
    [id, frame] = [task.task_id, makeFrame(task)];
  }

  return frame;
}

function makeFrame(task) {
  const note = el('p', { class: 'faint', role: 'status' });
  const save = el('a', { class: 'button', data: { focus: 'save' }, hidden: true, text: 'Save the picture' });
  img.alt = `The picture of ${moment(task.created_at)}`;
  showPicture(img, task.task_id, (what) => {
    setText(note, WORDS[what]);
    img.hidden = what === 'gone';
    const picture = blobOf(task.task_id);
    if (what === 'shown' && picture) {
      save.href = picture.url;
      save.download = `${task.task_id}.${picture.type === 'image/jpeg' ? 'jpg' : 'png'}`;
      save.hidden = false;
    }
  });
  return el('div', { class: 'detail-frame' }, img, note, save);
}
