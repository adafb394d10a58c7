// Live: topics in, events out. A browser opens six connections to one host, so all its tabs share one: a shared worker
// keeps it. Where there is none, each tab keeps its own. Either way only while it is looked at: a tab that is shown again
// goes on from the last cursor that it heard.
import { connect } from './stream.js'

function shared(hear, fail) {
  const worker = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'stayahead' })
  worker.onerror = fail
  worker.port.onmessage = ({ data }) => hear(data)
  return {
    follow: (topics, cursor) => worker.port.postMessage({ kind: 'follow', topics, cursor }),
    leave: () => worker.port.postMessage({ kind: 'leave' }),
  }
}

function own(hear) {
  let source = null
  const leave = () => {
    source?.close()
    source = null
  }
  return {
    leave,
    follow(topics, cursor) {
      leave()
      source = connect(topics, cursor, hear)
    },
  }
}

export function follow(topics, cursor, tell) {
  let heard = cursor
  const hear = (message) => {
    heard = message.cursor || heard
    tell(message)
  }
  const look = () => (document.hidden ? line.leave() : line.follow(topics, heard))
  const alone = () => {
    line = own(hear)
    look()
  }
  let line
  try {
    line = shared(hear, alone)
  } catch {
    line = own(hear) // no shared workers here, or none allowed
  }
  look()
  document.addEventListener('visibilitychange', look)
  // A page that is put aside keeps no connection, and one that comes back from there goes on.
  window.addEventListener('pagehide', () => line.leave())
  window.addEventListener('pageshow', (event) => event.persisted && look())
}
