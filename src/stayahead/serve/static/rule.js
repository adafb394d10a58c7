// Rule: hands in the owner's word about the story on this page, and shows the page as it is after it.
const panel = () => document.querySelector('[data-ruling]') // anew each time: the page swaps itself in when it changes
const field = (name) => panel().querySelector(`[name="${name}"]`).value
const marked = () => [...document.querySelectorAll('.timeline input[name="article"]:checked')].map((box) => box.value)

function say(words) {
  panel().querySelector('[data-say]').textContent = words
}

async function ask(path, body) {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null)
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

async function takeDown() {
  const reason = field('reason')
  for (const id of marked()) {
    const refused = await ask(`${panel().dataset.articles}/${id}/removal`, { reason })
    if (refused) return refused
  }
  return ''
}

function missing(verb) {
  if ((verb === 'split' || verb === 'remove') && !marked().length) return 'Mark the articles first, below.'
  if (verb === 'join' && !idOf(field('other'))) return 'Paste the address of the other story first.'
  return ''
}

document.addEventListener('click', async ({ target }) => {
  const verb = target.closest?.('[data-ruling] [data-verb]')?.dataset.verb
  if (!verb) return
  const wanted = missing(verb)
  if (wanted) return say(wanted)
  if (verb === 'remove' && !confirm('The words of the marked articles are erased for good. Go on?')) return
  target.disabled = true
  const refused = verb === 'remove' ? await takeDown() : await rule(verb)
  target.disabled = false
  if (refused) say(refused)
  else location.reload()
})
