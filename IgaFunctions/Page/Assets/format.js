// How times, money and sizes are written.

const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60]];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const whole = new Intl.NumberFormat('en');

export const count = (number) => (Number.isFinite(number) ? whole.format(number) : '–');

/** US dollars; small amounts keep the digits that tell them apart. */
export function money(usd) {
  if (!Number.isFinite(usd)) {
    return '–';
  }

  const digits = usd !== 0 && usd < 1 ? 3 : 2;
  return `$${usd.toFixed(digits)}`;
}

export function age(time) {
  const seconds = Math.max(0, (Date.now() - Date.parse(time)) / 1000);
  if (!Number.isFinite(seconds)) {
    return '';
  }

  for (const [unit, length] of UNITS) {
    if (seconds >= length) {
      return relative.format(-Math.floor(seconds / length), unit);
    }
  }

  return 'just now';
}

export const moment = (time) => (Number.isFinite(Date.parse(time)) ? exact.format(new Date(time)) : '–');

export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return '–';
  }

  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }

  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }

  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.floor(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long to wait, as one would say it. */
export function roughly(seconds) {
  return seconds < 120 ? `${seconds} s` : seconds < 5400 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.ceil(seconds / 3600)} hours`;
}

export function bytes(size) {
  return size < 1024 ? `${size} B` : size < 1024 ** 2 ? `${(size / 1024).toFixed(0)} KB` : `${(size / 1024 ** 2).toFixed(1)} MB`;
}
