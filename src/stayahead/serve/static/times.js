// Times: <time> elements in UTC in, the reader's own zone out; exact on hover.
const zone = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const hour = new Intl.DateTimeFormat('en-GB', zone)
const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...zone })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

// The service's clock rules when it is another: a demo plays another day, and the reader's own clock may be wrong.
// Minutes are ignored: a page from the browser's cache is as old as that.
const CACHED_MS = 10 * 60000
let ahead = 0
export function setNow(iso) {
  const gap = Date.parse(iso) - Date.now()
  if (!Number.isNaN(gap)) ahead = Math.abs(gap) > CACHED_MS ? gap : 0
}

function words(at, form) {
  const now = new Date(Date.now() + ahead)
  if (form === 'day') return day.format(at)
  const minutes = Math.floor((now - at) / 60000)
  if (form === 'ago' && minutes >= -1) {
    if (minutes < 1) return 'just now'
    if (minutes < 60) return `${minutes} min ago`
    if (minutes < 12 * 60) return `${Math.floor(minutes / 60)} h ago`
  }
  return at.toDateString() === now.toDateString() ? hour.format(at) : dated.format(at)
}

export function drawTimes(root = document) {
  for (const element of root.querySelectorAll('time[data-form]')) {
    const at = new Date(element.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const text = words(at, element.dataset.form)
    if (element.textContent !== text) element.textContent = text
    element.title = exact.format(at)
  }
}
