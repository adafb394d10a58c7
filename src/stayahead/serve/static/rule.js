// Rule: hands in the owner's word about the story on this page, and shows the page as it is after it.
const panel = () => document.querySelector('[data-ruling]') // anew each time: the page swaps itself in when it changes
const field = (name) => panel().querySelector(`[name="${name}"]`).value
const marked = () => [...document.querySelectorAll('.timeline input[name="article"]:checked')].map((box) => box.value)

function say(words) {
  panel().querySelector('[data-say]').textContent = words
}

async function ask(path, body, method = 'POST') {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(path, { method, headers, body: JSON.stringify(body) }).catch(() => null)
  if (answer?.ok) return ''
  const told = await answer?.json().catch(() => null)
  return told?.error?.message || 'The service does not answer; try again.'
}

// Of the address of a story's page its id is the last part.
const idOf = (text) => text.trim().split(/[?#]/)[0].replace(/\/+$/, '').split('/').pop()

const WORDS = {
  split: () => ({ article_ids: marked() }),
  join: () => ({ other_id: idOf(field('other')) }),
}

const rule = (verb) => ask(panel().dataset.ruling, { verb, story_id: panel().dataset.story, ...WORDS[verb]?.() })

// What was taken down in this window: its articles are no longer on the page to be marked.
const taken = () => (sessionStorage.takenDown || '').split(' ').filter(Boolean)

async function each(ids, body, method) {
  for (const id of ids) {
    const refused = await ask(`${panel().dataset.articles}/${id}/removal`, body, method)
    if (refused) return refused
  }
  return ''
}

function takeDown() {
  sessionStorage.takenDown = marked().join(' ')
  return each(marked(), { reason: field('reason') })
}
const ORDERS = { remove: takeDown, restore: () => each(taken(), {}, 'DELETE') }

function missing(verb) {
  if ((verb === 'split' || verb === 'remove') && !marked().length) return 'Mark the articles first, below.'
  if (verb === 'restore' && !taken().length) return 'Nothing was taken down in this window.'
  if (verb === 'join' && !idOf(field('other'))) return 'Paste the address of the other story first.'
  return ''
}

document.addEventListener('click', async ({ target }) => {
  const verb = target.closest?.('[data-ruling] [data-verb]')?.dataset.verb
  if (!verb) return
  const wanted = missing(verb)
  if (wanted) return say(wanted)
  if (verb === 'remove' && !confirm('The marked articles are taken down, with every word of them. For 30 days you can bring them back; then they are erased. Go on?')) return
  target.disabled = true
  const refused = await (ORDERS[verb] || rule)(verb)
  target.disabled = false
  if (refused) say(refused)
  else location.reload()
})
