// Live: topics in, events out. One tab (the one that holds the lock) keeps the one connection of this browser
// and passes what it hears to the others; a browser without locks keeps a connection per tab.
import { split } from './seen.js'

// From where this script lies: the site may be below a path of its host, and other sites of ours beside it.
const LIVE = new URL('../../live', import.meta.url).pathname
const SHARED = `stayahead.live ${LIVE}`
const TOPICS_MOST = 20
const REFUSED_WAIT_MS = 30000

function connect(topics, cursor, tell) {
  let source, timer, last = cursor
  const open = () => {
    source = new EventSource(`${LIVE}?${new URLSearchParams({ topics: topics.join(','), after: last })}`)
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

export function follow(topics, cursor, hear) {
  if (!navigator.locks || !window.BroadcastChannel) {
    connect(topics, cursor, hear)
    return
  }
  const channel = new BroadcastChannel(SHARED)
  const mine = { kind: 'want', topics, cursor }
  let lead = null
  channel.onmessage = ({ data }) => {
    if (data.kind === 'ask') channel.postMessage(mine)
    else if (data.kind === 'want') lead?.want(data)
    else hear(data)
  }
  const here = (message) => {
    mine.cursor = message.cursor || mine.cursor
    channel.postMessage(message)
    hear(message)
  }
  navigator.locks.request(SHARED, () => {
    lead = leader(mine, here)
    channel.postMessage({ kind: 'ask' })
    return new Promise(() => {}) // held until this tab closes
  })
  channel.postMessage(mine)
}

// Holds the union of what all tabs want. A new wish means a new connection from the oldest cursor among them:
// tabs that know more already skip what they have heard.
function leader(mine, tell) {
  const topics = new Set(mine.topics)
  let source = connect([...topics], mine.cursor, tell)
  return {
    want(wish) {
      const added = wish.topics.filter((topic) => !topics.has(topic))
      const [epoch, number] = split(mine.cursor)
      const [theirEpoch, theirs] = split(wish.cursor)
      if (!added.length && (theirEpoch !== epoch || theirs >= number)) {
        tell({ kind: 'state', state: source.state() })
        return
      }
      for (const topic of added) topics.add(topic)
      while (topics.size > TOPICS_MOST) topics.delete([...topics].find((topic) => !wish.topics.includes(topic)))
      source.close()
      source = connect([...topics], theirEpoch === epoch && theirs < number ? wish.cursor : mine.cursor, tell)
    },
  }
}
