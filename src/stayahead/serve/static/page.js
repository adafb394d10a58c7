// Page: marks what is new since the reader looked, says in a bar what changed, swaps it in when asked.
import { tellChanges } from './changes.js'
import { follow } from './live.js'
import { lastSeen, plural, remember, split } from './seen.js'
import { drawTimes, setNow } from './times.js'

const body = document.body
const bar = document.querySelector('.bar button')
const state = document.querySelector('[data-live-state]')
const pending = new Map()
let heard = split(body.dataset.cursor)[1]
let stale = false

const region = () => document.querySelector('[data-live]')

function mark(element, word) {
  element.classList.add('is-new')
  const place = element.querySelector('.mark')
  if (place) {
    place.textContent = word
    place.hidden = false
  }
}

function markStories(seen) {
  const [epoch, number] = split(seen.cursor)
  if (epoch !== split(body.dataset.cursor)[0]) return
  for (const row of document.querySelectorAll('.story[data-number]')) {
    if (Number(row.dataset.number) > number) mark(row, row.dataset.opened > seen.at ? 'New' : 'Updated')
  }
}

function markArticles(seen) {
  const place = document.querySelector('[data-since]')
  if (!place) return
  const fresh = [...document.querySelectorAll('.timeline li[data-seen]')].filter((item) => item.dataset.seen > seen.at)
  if (!fresh.length) return
  for (const item of fresh) if (item.dataset.id) mark(item, 'New')
  const origins = fresh.filter((item) => 'origin' in item.dataset).length
  const time = document.createElement('time')
  time.dateTime = seen.at
  time.dataset.form = 'ago'
  const rest = `: ${plural(fresh.length, 'new article', 'new articles')}, ${plural(origins, 'new origin', 'new origins')}.`
  const line = document.createElement('p')
  line.append('Since you last looked, ', time, rest)
  place.replaceChildren(line)
  place.hidden = false
}

function markNew(seen) {
  if (!seen) return
  markStories(seen)
  markArticles(seen)
  tellChanges(seen, region()?.dataset.id)
}

function concerns(line) {
  const here = region()
  if (here.dataset.id) return line.id === here.dataset.id || (line.merged || []).includes(here.dataset.id)
  if (here.querySelector(`.story[data-id="${CSS.escape(line.id)}"]`)) return true
  if ('all' in here.dataset) return true
  if (line.hidden || line.state !== 'live') return false
  const keys = [...here.querySelectorAll('.story[data-key]')].map((row) => Number(row.dataset.key))
  return keys.length < Number(here.dataset.limit) || line.key > Math.min(...keys)
}

function announce() {
  const count = pending.size
  bar.hidden = !count && !stale
  bar.textContent = stale ? 'This page has grown old. Load it anew.' : plural(count, 'update', 'updates')
}

function hear(message) {
  if (message.kind === 'state') {
    state.hidden = false
    state.textContent = message.state === 'live' ? 'Live' : 'Reconnecting…'
    return
  }
  const [{ at }, ...lines] = message.lines.map((line) => JSON.parse(line))
  setNow(at)
  state.hidden = false
  state.textContent = 'Live'
  if (message.kind === 'reset' && !stale) {
    stale = true // so the page is read anew, by not all readers in the same moment
    setTimeout(() => stale && refresh(true), Math.random() * 3000)
  }
  for (const line of lines) {
    if (line.number > heard && concerns(line)) pending.set(line.id, line)
  }
  if (lines.length) heard = Math.max(heard, split(message.cursor)[1])
  if (pending.size && document.querySelector('[data-empty]')) refresh()
  else announce()
}

// The story at the top of the reader's view stays where it is.
function anchor() {
  const rows = [...region().querySelectorAll('[data-id]')]
  const row = rows.find((each) => each.getBoundingClientRect().bottom > 48)
  return window.scrollY > 120 && row ? [row.dataset.id, row.getBoundingClientRect().top] : null
}

// Swaps in the page as it is now. Unasked it leaves all as it is where that fails: the bar still says what is the matter.
async function refresh(unasked = false) {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null)
  if (!answer?.ok || new URL(answer.url).pathname !== location.pathname) {
    if (!unasked) location.reload()
    return
  }
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = next.querySelector('[data-live]')
  if (!fresh) return
  const before = { cursor: body.dataset.cursor, at: body.dataset.at }
  const kept = anchor()
  const open = [...region().querySelectorAll('details[open]')].map((each) => each.dataset.id)
  region().replaceWith(document.adoptNode(fresh))
  for (const each of region().querySelectorAll('details')) each.open = open.includes(each.dataset.id)
  Object.assign(body.dataset, { cursor: next.body.dataset.cursor, at: next.body.dataset.at })
  stale = false
  heard = Math.max(heard, split(body.dataset.cursor)[1])
  pending.clear()
  announce()
  markNew(before)
  drawTimes()
  const row = kept && region().querySelector(`[data-id="${CSS.escape(kept[0])}"]`)
  if (row) window.scrollBy({ top: row.getBoundingClientRect().top - kept[1], behavior: 'instant' })
  if (!unasked) document.querySelector('main').focus({ preventScroll: true })
}

setNow(body.dataset.at)
markNew(lastSeen(location.pathname))
drawTimes()
setInterval(drawTimes, 30000)
if (region() && body.dataset.topics) {
  bar.addEventListener('click', () => refresh())
  follow(body.dataset.topics.split(','), body.dataset.cursor, hear)
  const leave = () => document.hidden && remember(location.pathname, body.dataset.cursor, body.dataset.at)
  document.addEventListener('visibilitychange', leave)
  window.addEventListener('pagehide', () => remember(location.pathname, body.dataset.cursor, body.dataset.at))
}
