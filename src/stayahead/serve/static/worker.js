// Worker: shared by all tabs of this browser, it keeps their one connection and tells each what it hears.
import { split } from './seen.js'
import { connect } from './stream.js'

const TOPICS_MOST = 20
const tabs = new Map() // port of a tab that is looked at -> its topics, the one shown last at the end
let stream = null
let cursor = ''

function tell(message) {
  cursor = message.cursor || cursor
  for (const port of tabs.keys()) port.postMessage(message)
}

// The topics of all tabs, of too many those shown last.
function wanted() {
  const topics = [...tabs.values()].reverse().flat()
  return [...new Set(topics)].slice(0, TOPICS_MOST)
}

// A tab that wants more, or was told less, means a new connection from the oldest cursor: tabs that know more skip
// what they have heard.
function follow(port, wish) {
  tabs.delete(port)
  tabs.set(port, wish.topics)
  const topics = wanted()
  const [epoch, number] = split(cursor)
  const [theirEpoch, theirs] = split(wish.cursor)
  const isBehind = theirEpoch === epoch && theirs < number
  if (stream && !isBehind && topics.every((topic) => stream.topics.includes(topic))) {
    port.postMessage({ kind: 'state', state: stream.source.state() })
    return
  }
  if (!stream || isBehind) cursor = wish.cursor
  stream?.source.close()
  stream = { topics, source: connect(topics, cursor, tell) }
}

function leave(port) {
  tabs.delete(port)
  if (tabs.size) return
  stream?.source.close()
  stream = null
}

self.addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = ({ data }) => (data.kind === 'follow' ? follow(port, data) : leave(port))
})
