// Server-sent events by fetch, since EventSource can send no key in a header.

/**
 * Reads a stream to its end.
 * @param response of a route that answers text/event-stream
 * @param onEvent gets {event, id, data}
 * @param onSign is called whenever anything comes, comments too
 */
export async function readEvents(response, onEvent, onSign) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let fields = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }

    onSign();
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (fields.data !== undefined) {
          onEvent(fields);
        }

        fields = {};
      } else if (!line.startsWith(':')) {
        const colon = line.indexOf(':');
        const name = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        fields[name] = name === 'data' && fields.data !== undefined ? `${fields.data}\n${text}` : text;
      }
    }
  }
}
