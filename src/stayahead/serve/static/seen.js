// Seen: how far this reader has looked at each page, kept in this browser only.
const KEY = 'stayahead.seen'
const PAGES_MOST = 300

function all() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {}
  } catch {
    return {}
  }
}

export function lastSeen(path) {
  return all()[path]
}

export function remember(path, cursor, at) {
  const seen = all()
  delete seen[path] // so that it moves to the end
  seen[path] = { cursor, at }
  const kept = Object.entries(seen).slice(-PAGES_MOST)
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)))
  } catch {
    // private windows may keep nothing: then nothing is marked
  }
}

export function split(cursor) {
  const at = cursor.lastIndexOf('-')
  return [cursor.slice(0, at), Number(cursor.slice(at + 1))]
}

export const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`
