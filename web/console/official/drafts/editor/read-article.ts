import type { JSONContent } from '@tiptap/core'
import { elementOf, pair, parse } from './inert-html.ts'
import { inlineOf, isInline, isOnlyKept, isSpace, paragraphContent } from './read-inline.ts'
import { type ElementPiece, type Piece, piecesOf } from './source-tree.ts'

/** What stands behind the last block is in `after`. */
type Blocks = { blocks: JSONContent[]; after: string }
/** A piece, and what a browser makes of it. */
type Pair = { piece: Piece; nodes: readonly ChildNode[] }

const flowTags = new Set(
  'section div fieldset figure figcaption center article header footer aside main address'.split(' '),
)
const textTags = new Set('p h1 h2 h3 h4 h5 h6'.split(' '))
const nodeOfTag: Record<string, string> = {
  blockquote: 'blockquote',
  ul: 'bulletList',
  ol: 'orderedList',
  li: 'listItem',
  table: 'table',
  thead: 'tablePart',
  tbody: 'tablePart',
  tfoot: 'tablePart',
  tr: 'tableRow',
  td: 'tableCell',
  th: 'tableCell',
}
/** Nodes that contain only such nodes. */
const onlyIn: Record<string, readonly string[]> = {
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  table: ['tablePart', 'tableRow'],
  tablePart: ['tableRow'],
  tableRow: ['tableCell'],
}

/**
 * The document of an article for the editor. Each node carries the tags that it was written with, each paragraph its whole text,
 * so that `createWriter`'s gives back to the byte what was not edited. What the editor has no node for is kept as it is.
 * See docs/decisions/articles-to-the-byte.md.
 */
export function readArticle(html: string): { doc: JSONContent; after: string } {
  const read = readPieces(piecesOf(html) ?? [], [...parse(html).childNodes])
  if (!read) return keptArticle(html)
  const { blocks, after } = read
  const isEmpty = blocks.length === 0
  return { doc: { type: 'doc', content: isEmpty ? [{ type: 'paragraph' }] : blocks }, after }
}

/** An article of which nothing is edited. */
export function keptArticle(html: string): { doc: JSONContent; after: string } {
  return { doc: { type: 'doc', content: [kept(html)] }, after: '' }
}

function readPieces(pieces: readonly Piece[], nodes: readonly ChildNode[]): Blocks | undefined {
  const paired = pair(pieces, nodes)
  return paired && blocksOf(pieces.map((piece, n) => ({ piece, nodes: paired[n] ?? [] })))
}

/** Text between blocks becomes paragraphs without tags; blank space and comments go with the block behind them. */
function blocksOf(all: readonly Pair[]): Blocks {
  const blocks: JSONContent[] = []
  let before = ''
  let line: Pair[] = []
  const add = (block: JSONContent) => {
    blocks.push({ ...block, attrs: { ...block.attrs, before } })
    before = ''
  }
  const endLine = () => {
    const last = line.findLastIndex(({ piece }) => !isSpace(piece))
    const behind = line.slice(last + 1)
    if (last >= 0) add(bareParagraph(line.slice(0, last + 1)))
    before += rawOf(behind)
    line = []
  }
  for (const one of all) {
    if (isInline(one.piece) || isSpace(one.piece)) line.push(one)
    else {
      endLine()
      add(blockOf(one.piece, one.nodes))
    }
    // Space in front of a line is none of it.
    if (line.length === 1 && isSpace(one.piece)) {
      before += one.piece.raw
      line = []
    }
  }
  endLine()
  return { blocks, after: before }
}

const rawOf = (all: readonly Pair[]): string => all.map(({ piece }) => piece.raw).join('')

function bareParagraph(line: readonly Pair[]): JSONContent {
  const content = line.flatMap(({ piece, nodes }, n) => inlineOf(piece, nodes[0], { path: `${n}` }))
  return {
    type: 'paragraph',
    attrs: { bare: true, source: rawOf(line) },
    content: paragraphContent(content),
  }
}

const kept = (raw: string): JSONContent => ({ type: 'kept', attrs: { raw } })

function blockOf(piece: Piece, nodes: readonly ChildNode[]): JSONContent {
  const element = piece.kind === 'element' ? elementOf(piece, nodes) : undefined
  if (piece.kind !== 'element' || !element) return kept(piece.raw)
  if (piece.tag === 'hr') return { type: 'line', attrs: { open: piece.open } }
  return textBlockOf(piece, element) ?? containerOf(piece, element) ?? kept(piece.raw)
}

/** A paragraph or a heading. */
function textBlockOf(piece: ElementPiece, element: Element): JSONContent | undefined {
  const { tag, open, close, children } = piece
  if (!textTags.has(tag) && !(flowTags.has(tag) && children.every(one => isInline(one) || isSpace(one))))
    return undefined
  const paired = pair(children, [...element.childNodes])
  if (!paired) return undefined
  const content = children.flatMap((one, n) => inlineOf(one, paired[n]?.[0], { path: `${n}` }))
  if (isOnlyKept(content)) return undefined
  const attrs = { open, close, source: children.map(({ raw }) => raw).join('') }
  const level = /^h([1-6])$/.exec(tag)?.[1]
  return {
    ...(level
      ? { type: 'heading', attrs: { ...attrs, level: Number(level) } }
      : { type: 'paragraph', attrs }),
    content: paragraphContent(content),
  }
}

function containerOf(piece: ElementPiece, element: Element): JSONContent | undefined {
  const { tag, open, close, children } = piece
  const type = flowTags.has(tag) ? 'section' : nodeOfTag[tag]
  if (!type) return undefined
  const only = onlyIn[type]
  const read = only ? structureOf(children, element, only) : readPieces(children, [...element.childNodes])
  if (!read) return undefined
  const isEmpty = read.blocks.length === 0
  if (isEmpty && only) return undefined
  const blocks = isEmpty ? [{ type: 'paragraph', attrs: { bare: true, source: '' } }] : read.blocks
  return { type, attrs: { open, close, after: read.after }, content: blocks }
}

/** Lists and tables: nothing but rows and the like, and blank space between them. */
function structureOf(
  children: readonly Piece[],
  element: Element,
  only: readonly string[],
): Blocks | undefined {
  const paired = pair(children, [...element.childNodes])
  if (!paired) return undefined
  const blocks: JSONContent[] = []
  let before = ''
  for (const [n, piece] of children.entries()) {
    if (isSpace(piece)) {
      before += piece.raw
      continue
    }
    const inner = piece.kind === 'element' && elementOf(piece, paired[n] ?? [])
    const isOwn = piece.kind === 'element' && only.includes(nodeOfTag[piece.tag] ?? '')
    const block = inner && isOwn ? containerOf(piece, inner) : undefined
    if (!block) return undefined
    blocks.push({ ...block, attrs: { ...block.attrs, before } })
    before = ''
  }
  return { blocks, after: before }
}
