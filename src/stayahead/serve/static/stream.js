// Stream: one connection to /live, opened anew from the last cursor heard.
const REFUSED_WAIT_MS = 30000

export function connect(topics, cursor, tell) {
  let source, timer, last = cursor
  const open = () => {
    source = new EventSource(`/live?${new URLSearchParams({ topics: topics.join(','), after: last })}`)
    for (const kind of ['hello', 'reset', 'stories']) {
      source.addEventListener(kind, (event) => {
        last = event.lastEventId || last
        tell({ kind, cursor: last, lines: event.data.split('\n') })
      })
    }
    source.addEventListener('open', () => tell({ kind: 'state', state: 'live' }))
    source.addEventListener('error', () => {
      tell({ kind: 'state', state: 'reconnecting' })
      // After a refusal (no place left, the store is away) a browser does not come back by itself.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, REFUSED_WAIT_MS)
    })
  }
  open()
  return {
    state: () => (source.readyState === EventSource.OPEN ? 'live' : 'reconnecting'),
    close() {
      clearTimeout(timer)
      source.close()
    },
  }
}
