// Changes: tells a reader who comes back to a story what its reports say that they did not say then.
import { plural, split } from './seen.js'

const LINES_SHOWN = 12
const SENTENCES_SHOWN = 5

// Facts first, then sentences; nothing where the database is another, or nobody answers.
export async function tellChanges(seen, story) {
  const place = document.querySelector('[data-since]')
  if (!place || !story || split(seen.cursor)[0] !== split(document.body.dataset.cursor)[0]) return
  const address = `${place.dataset.changes}?since=${encodeURIComponent(seen.cursor)}`
  const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => null)
  if (!answer?.ok) return
  const told = await answer.json()
  const lines = [...told.news.map(newsLine).filter(Boolean), ...told.sentences.slice(0, SENTENCES_SHOWN).map(sentenceLine)]
  if (!lines.length) return
  const list = document.createElement('ul')
  list.append(...lines.slice(0, LINES_SHOWN))
  place.querySelector('ul')?.remove()
  place.append(list)
  place.hidden = false
}

function item(...parts) {
  const line = document.createElement('li')
  line.append(...parts)
  return line
}

function by(name) {
  const source = document.createElement('bdi')
  source.className = 'who'
  source.textContent = name
  return source
}

const NEWS = {
  figure: (one) => item(figureWords(one), ' ', by(one.publisher)),
  quote: (one) => item(`${one.after}: `, one.value?.words ? quoted(one.value.words) : 'new words', ' ', by(one.publisher)),
  correction: (one) => item('Corrected: ', correctionWords(one.correction), ' ', by(one.publisher)),
  headline: (one) => item(`Headline was “${one.before}”`),
  merged: () => item('Another story turned out to be this one'),
  split: (one) => item(`${plural(one.also, 'article', 'articles')} left for another story: ${one.after}`),
  ruled: (one) => item(`The editor ruled: ${one.after}`),
  removed: () => item('An article was taken down'),
}

const newsLine = (one) => NEWS[one.kind]?.(one)

function figureWords({ before, after, value, also }) {
  const others = also ? `, ${plural(also, 'other', 'others')} too` : ''
  return `${after} ${value?.slot ?? ''}${before ? ` (before: ${before})` : ''}${others}`
}

function correctionWords({ facts }) {
  return facts.map((fact) => [fact.before, fact.after].filter(Boolean).join(' → ')).join('; ') || 'see below'
}

const sentenceLine = (one) => item(quoted(one.text), ' ', by(one.publisher))

const quoted = (words) => Object.assign(document.createElement('q'), { textContent: words, dir: 'auto' })
