// Stream: the one connection to /live for all ports that follow something; a port is a tab, or a page by itself.
import { split } from './seen.js'

const LIVE = new URL('../../live', import.meta.url).pathname // the site may lie below a path of its host
const TOPICS_MOST = 20
const REFUSED_WAIT_MS = 30000
const ports = new Map() // to its topics, the one shown last at the end
let topics = []
let cursor = ''
let source = null
let timer

function tell(message) {
  cursor = message.cursor || cursor
  for (const port of ports.keys()) port.postMessage(message)
}

function close() {
  clearTimeout(timer)
  source?.close()
  source = null
}

function open() {
  close()
  source = new EventSource(`${LIVE}?${new URLSearchParams({ topics: topics.join(','), after: cursor })}`)
  for (const kind of ['hello', 'reset', 'stories']) {
    source.addEventListener(kind, ({ data, lastEventId }) => tell({ kind, cursor: lastEventId, lines: data.split('\n') }))
  }
  source.addEventListener('open', () => tell({ kind: 'state', state: 'live' }))
  source.addEventListener('error', () => {
    tell({ kind: 'state', state: 'reconnecting' })
    // After a refusal (no place left, the store is away) a browser does not come back by itself.
    if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, REFUSED_WAIT_MS)
  })
}

// Who wants more, or was told less, needs a new connection from the oldest cursor: others skip what they have heard.
export function follow(port, wish) {
  ports.delete(port) // so that it moves to the end
  ports.set(port, wish.topics)
  const wanted = [...new Set([...ports.values()].reverse().flat())].slice(0, TOPICS_MOST)
  const [[epoch, number], [theirEpoch, theirs]] = [split(cursor), split(wish.cursor)]
  const isBehind = theirEpoch === epoch && theirs < number
  if (source && !isBehind && wanted.every((topic) => topics.includes(topic))) {
    port.postMessage({ kind: 'state', state: source.readyState === EventSource.OPEN ? 'live' : 'reconnecting' })
    return
  }
  if (!source || isBehind) cursor = wish.cursor
  topics = wanted
  open()
}

export function leave(port) {
  ports.delete(port)
  if (!ports.size) close()
}
