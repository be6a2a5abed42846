import type { SearchHit } from '../../shared/search/row.ts'
import { make } from '../dom.ts'
import { say } from '../words.ts'
import type { Engine } from './engine.ts'

const indexes = new Map<string, Promise<Engine>>()

/** The search of the shown language; loaded with its library when somebody first searches. */
function engine(): Promise<Engine> {
  const address = document.body.dataset['search'] ?? ''
  const known = indexes.get(address)
  if (known) return known
  const loading = Promise.all([
    fetch(address).then(answer =>
      answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`)),
    ),
    import('./engine.ts'),
  ]).then(([rows, { createEngine }]) => createEngine(rows))
  indexes.set(address, loading)
  loading.catch(() => indexes.delete(address))
  return loading
}

/** Ctrl K, `/` and the button of the head open the search. */
export function openByKeys(): void {
  document.addEventListener('keydown', event => {
    const isTyping = (event.target as Element).matches?.('input, textarea, select')
    const isShortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
    if (!isShortcut && (event.key !== '/' || isTyping)) return
    event.preventDefault()
    open()
  })
  document.addEventListener('click', event => {
    if ((event.target as Element).closest('#search')) open()
  })
}

function open(): void {
  if (document.querySelector('dialog.search')) return
  const w = say()
  const list = make('div', { id: 'found', role: 'listbox', 'aria-label': w.search })
  const note = make('p', { role: 'status' }, w.searchHint)
  const input = make('input', {
    type: 'search',
    placeholder: w.searchHint,
    'aria-label': w.search,
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'found',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const dialog = make('dialog', { class: 'search', 'aria-label': w.search }, input, list, note)
  let latest = 0

  async function look(): Promise<void> {
    const turn = ++latest
    const query = input.value.trim()
    const known = await engine().catch(() => undefined)
    if (turn !== latest) return
    const found = known && query ? known.search(query) : []
    list.replaceChildren(...found.map(option))
    note.textContent = known
      ? query
        ? found.length > 0
          ? ''
          : w.searchNone
        : w.searchHint
      : w.searchFailed
    choose(0)
  }

  function option({ to, title, place, snippet }: SearchHit, at: number): HTMLElement {
    const about = { href: to, role: 'option', id: `found-${at}`, tabindex: '-1', 'aria-selected': 'false' }
    const parts = snippet.map(({ text, isHit }) => (isHit ? make('mark', {}, text) : text))
    return make(
      'a',
      about,
      make('span', { class: 'found-head' }, make('b', {}, title), make('small', {}, place)),
      make('span', { class: 'found-text' }, ...parts),
    )
  }

  function choose(at: number): void {
    const options = [...list.children]
    for (const [index, one] of options.entries()) one.setAttribute('aria-selected', String(index === at))
    options[at]?.scrollIntoView({ block: 'nearest' })
    if (options[at]) input.setAttribute('aria-activedescendant', options[at].id)
    else input.removeAttribute('aria-activedescendant')
  }

  function byKey(event: KeyboardEvent): void {
    const options = [...list.children]
    const at = options.findIndex(one => one.getAttribute('aria-selected') === 'true')
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      choose((at + step + options.length) % Math.max(options.length, 1))
    } else if (event.key === 'Enter' && !event.isComposing) (options[at] as HTMLElement | undefined)?.click()
  }

  input.addEventListener('input', () => void look())
  input.addEventListener('keydown', byKey)
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', event => {
    if (event.target === dialog || (event.target as Element).closest('a')) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
  void look()
}
