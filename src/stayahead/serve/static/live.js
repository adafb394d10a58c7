// Live: topics in, events out. A browser opens six connections to one host, so its tabs share one, kept by a shared
// worker; where there is none, each keeps its own. Either way only while somebody looks at the tab.
import * as stream from './stream.js'

function shared(hear, fail) {
  const worker = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module' })
  worker.onerror = fail
  worker.port.onmessage = ({ data }) => hear(data)
  return (wish) => worker.port.postMessage(wish)
}

export function follow(topics, cursor, tell) {
  let heard = cursor
  const hear = (message) => {
    heard = message.cursor || heard
    tell(message)
  }
  const look = () => ask(document.hidden ? null : { topics, cursor: heard })
  const self = { postMessage: hear }
  const alone = (wish) => (wish ? stream.follow(self, wish) : stream.leave(self))
  let ask = alone
  try {
    ask = shared(hear, () => {
      ask = alone
      look()
    })
  } catch {} // no shared workers here, or none allowed
  look()
  document.addEventListener('visibilitychange', look)
  // A page that is put aside keeps no connection; one that comes back from there goes on.
  window.addEventListener('pagehide', () => ask(null))
  window.addEventListener('pageshow', (event) => event.persisted && look())
}
