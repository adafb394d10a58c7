// Owner: hands in the token behind the # of a link, once, and ends the session when asked.
const place = document.querySelector('[data-session]')
const say = place.querySelector('[data-say]')

async function ask(method, body) {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(place.dataset.session, { method, headers, body: JSON.stringify(body) }).catch(() => null)
  if (answer?.ok) return ''
  const told = await answer?.json().catch(() => null)
  return told?.error?.message || 'The service does not answer; try again.'
}

async function open() {
  const token = location.hash.slice(1)
  if (!token) return
  history.replaceState(null, '', location.pathname) // neither in the history nor under a reader's eyes
  const refused = await ask('POST', { token })
  if (refused) say.textContent = refused
  else location.reload()
}

open()
window.addEventListener('hashchange', open) // a link that is opened where this page is open already loads nothing anew
place.querySelector('[data-close]')?.addEventListener('click', async () => {
  const refused = await ask('DELETE', {})
  if (refused) say.textContent = refused
  else location.reload()
})
