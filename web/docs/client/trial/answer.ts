import { jsonPieces } from '../../shared/colours.ts'
import { byId, colouredNodes, make } from '../dom.ts'
import { put, say } from '../words.ts'

/** Beyond this an answer is shown without colours, and only its beginning, because the browser would stand still. */
const shownAtMost = 100_000
const units = ['B', 'kB', 'MB']

export type TrialAnswer = {
  status: number
  ms: number
  type: string
  requestId: string
  bytes: Uint8Array<ArrayBuffer>
}

/** Shows an answer with its fate above it; `note` is said before. */
export function showAnswer(told: TrialAnswer, note: string): void {
  const w = say()
  const { status, ms, type, requestId, bytes } = told
  const size = sizeOf(bytes.length)
  setTitle(w.realAnswer, `HTTP ${status} · ${ms} ms · ${size}${requestId ? ` · ${requestId}` : ''}`)
  const notes: (Node | string)[] = note ? [make('p', {}, note)] : []
  if (type.startsWith('image/')) {
    const image = make('img', { src: URL.createObjectURL(new Blob([bytes], { type })), alt: type })
    image.addEventListener('load', () => URL.revokeObjectURL(image.src))
    setNotes(notes)
    setBody(image)
    return
  }
  const text = new TextDecoder().decode(bytes)
  const parsed = parse(text)
  const code = (parsed as { retCode?: unknown } | undefined)?.retCode
  if (typeof code === 'string' && code !== '0') notes.push(make('p', {}, helpLink(code)))
  const pretty = parsed === undefined ? text : JSON.stringify(parsed, null, 2)
  if (pretty.length > shownAtMost) {
    notes.push(make('p', {}, put(w.cut, { n: size }), ' ', download(bytes, type)))
    setNotes(notes)
    setBody(pretty.slice(0, shownAtMost))
    return
  }
  setNotes(notes)
  setBody(...colouredNodes(parsed === undefined ? [{ text, kind: '' }] : jsonPieces(pretty)))
}

/** Says what hinders a request, or that one is under way, in the place of its answer. */
export function showNote(text: string, ...more: Node[]): void {
  setTitle(say().realAnswer, '')
  setNotes([make('p', {}, text, ' ', ...more)])
  setBody()
}

function helpLink(code: string): HTMLElement {
  const isEnglish = document.documentElement.lang === 'en'
  const href = `/docs${isEnglish ? '/en' : ''}/errors/${encodeURIComponent(code)}`
  return make('a', { href, class: 'help' }, put(say().helpOf, { code }), ' →')
}

function download(bytes: Uint8Array<ArrayBuffer>, type: string): HTMLElement {
  const save = () => {
    const href = URL.createObjectURL(new Blob([bytes], { type }))
    make('a', { href, download: 'answer.json' }).click()
    URL.revokeObjectURL(href)
  }
  return make('button', { type: 'button', class: 'plain', click: save }, say().download)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sizeOf(bytes: number): string {
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

function setTitle(title: string, about: string): void {
  byId('answer-title')?.replaceChildren(title)
  byId('answer-about')?.replaceChildren(about)
}

function setNotes(notes: (Node | string)[]): void {
  byId('answer-note')?.replaceChildren(...notes)
}

function setBody(...nodes: (Node | string)[]): void {
  byId('answer-body')?.replaceChildren(make('code', {}, ...nodes))
}
