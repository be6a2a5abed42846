import { styleNonce } from '../../../../ui/look/style-nonce.ts'
import { type ElementPiece, type Piece, piecesOf, tagAt } from './source-tree.ts'

/** `inert` names styles and handlers so that no browser looks for them: the page's policy complains about each that is seen. */
const prefix = 'data-wisp-'
export const styleName = `${prefix}style`

/** The HTML with its styles and handlers as attributes that mean nothing, and its style sheets of a kind that nobody knows. */
export function inert(html: string): string {
  let made = ''
  let done = 0
  const insert = (what: string, at: number) => {
    made += `${html.slice(done, at)}${what}`
    done = at
  }
  for (const { index } of html.matchAll(/<(?=[a-z])/gi)) {
    if (index < done) continue
    const tag = tagAt(html, index)
    if (!tag) continue
    // Even one that is none needs the page's nonce, or there is a complaint.
    if (tag.tag === 'style') insert(` type="text/plain" nonce="${styleNonce()}"`, index + '<style'.length)
    for (const { name, at } of tag.names) if (name === 'style' || name.startsWith('on')) insert(prefix, at)
  }
  return made + html.slice(done)
}

/** What a browser reads in the HTML. Nothing in it runs, and nothing of it is fetched. */
export function parse(html: string): HTMLElement {
  // Styles and the like at its beginning would else be taken for a head, and get lost.
  return new DOMParser().parseFromString(`<body>${inert(html)}`, 'text/html').body
}

/** The attributes of a start tag, on an element that is none in particular. */
export function attributesOf(open: string): Element {
  return parse(open.replace(/^<[^\s/>]+/, '<span')).firstElementChild ?? document.createElement('span')
}

/**
 * The nodes that a browser makes of each piece of an HTML text, of which it made `nodes`. Undefined where it reads them
 * otherwise than they are written, and a piece cannot be told from its neighbours.
 */
export function pair(
  pieces: readonly Piece[],
  nodes: readonly ChildNode[],
): readonly (readonly ChildNode[])[] | undefined {
  const isPlain = pieces.length === nodes.length && pieces.every((piece, n) => isOf(nodes[n], piece))
  if (isPlain) return nodes.map(node => [node])
  const alone = pieces.map(({ raw }) => [...parse(raw).childNodes])
  const all = alone.flat()
  const isSame = all.length === nodes.length && all.every((node, n) => node.isEqualNode(nodes[n] ?? null))
  return isSame ? alone : undefined
}

function isOf(node: ChildNode | undefined, piece: Piece): boolean {
  if (piece.kind === 'element') return node instanceof Element && node.localName === piece.tag
  return piece.kind === 'text' ? node instanceof Text : node instanceof Comment
}

/** The element of a piece, if it is one for a browser too. */
export function elementOf(piece: ElementPiece, nodes: readonly ChildNode[]): Element | undefined {
  const [node] = nodes
  return nodes.length === 1 && node instanceof Element && isOf(node, piece) ? node : undefined
}

/** Whether an article can be edited as it looks. What belongs to what is not known of one with tags that do not match. */
export function isReadable(html: string): boolean {
  const pieces = piecesOf(html)
  return pieces !== undefined && pair(pieces, [...parse(html).childNodes]) !== undefined
}
