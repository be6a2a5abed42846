import type { JSONContent } from '@tiptap/core'
import { pair } from './inert-html.ts'
import { isUnseen, type Piece } from './source-tree.ts'

const markOfTag: Record<string, string> = { strong: 'bold', b: 'bold', em: 'italic', i: 'italic', a: 'link' }
const markTags = new Set(
  'span strong b em i u s strike del ins sub sup font small big a code mark label'.split(' '),
)
const inlineTags = new Set([...markTags, 'br', 'img'])

/** Blank space or a comment, which is between others and not shown. */
export function isSpace(piece: Piece): boolean {
  return piece.kind === 'comment' || (piece.kind === 'text' && /^[ \t\r\n\f]*$/.test(piece.raw))
}

/** Text, or an element that stands in a line of it. */
export function isInline(piece: Piece): boolean {
  if (piece.kind !== 'element') return piece.kind === 'text' && !isSpace(piece)
  return inlineTags.has(piece.tag) && piece.children.every(one => isInline(one) || isSpace(one))
}

type Mark = NonNullable<JSONContent['marks']>[number]
type Place = {
  /** The way to the piece within its paragraph, which tells equal elements side by side apart. */
  path: string
  marks?: readonly Mark[]
}

/** The leaves of a piece, each with the elements around it as marks. What there is no mark for is kept as it is. */
export function inlineOf(
  piece: Piece,
  node: ChildNode | undefined,
  { path, marks = [] }: Place,
): JSONContent[] {
  const leaf = (content: JSONContent): JSONContent[] => [{ ...content, marks: [...marks] }]
  const keptInline = () => leaf({ type: 'keptInline', attrs: { raw: piece.raw } })
  if (piece.kind === 'text') return leaf({ type: 'text', text: inOneLine(node?.textContent ?? '') })
  if (piece.kind !== 'element' || !(node instanceof Element)) return keptInline()
  const { tag, open, close, children } = piece
  if (tag === 'br') return leaf({ type: 'hardBreak', attrs: { open } })
  if (tag === 'img') return leaf({ type: 'image', attrs: { open } })
  const paired = isInline(piece) && pair(children, [...node.childNodes])
  if (!paired || children.length === 0) return keptInline()
  const named = markOfTag[tag] ?? 'inline'
  const type = marks.some(mark => mark.type === named) ? 'inline' : named
  const attrs = { open, close, path, ...(type === 'link' ? { href: node.getAttribute('href') } : {}) }
  const inner = [...marks, { type, attrs }]
  return children.flatMap((one, n) => inlineOf(one, paired[n]?.[0], { path: `${path}.${n}`, marks: inner }))
}

/** Line ends within a paragraph are blanks for browsers. */
const inOneLine = (text: string): string => text.replace(/[ \t]*[\r\n][ \t\r\n]*/g, ' ')

/** Whether nothing in it can be edited, though something is to be seen. */
export function isOnlyKept(content: readonly JSONContent[]): boolean {
  const seen = content.filter(one => one.type !== 'hardBreak' && one.text?.trim() !== '')
  return (
    seen.some(one => !isUnseen(String(one.attrs?.['raw']))) && seen.every(one => one.type === 'keptInline')
  )
}

/** A paragraph's content without the blanks at its ends, which nobody sees; one that only holds a line open is empty. */
export function paragraphContent(content: readonly JSONContent[]): JSONContent[] {
  const trimmed = content.map((one, n) => {
    if (one.text === undefined) return one
    const start = n === 0 ? one.text.replace(/^[ \t]+/, '') : one.text
    return { ...one, text: n === content.length - 1 ? start.replace(/[ \t]+$/, '') : start }
  })
  const full = trimmed.filter(one => one.text !== '')
  const [only] = full
  return full.length === 1 && only?.type === 'hardBreak' ? [] : full
}
