/** A piece of HTML as it was written. The pieces of a text, put one behind the other by `raw`, are that text. */
export type Piece =
  | { kind: 'text' | 'comment'; raw: string }
  | { kind: 'element'; raw: string; tag: string; open: string; children: readonly Piece[]; close: string }
export type ElementPiece = Extract<Piece, { kind: 'element' }>

const voidTags = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
/** Up to their end tag these contain text, whatever it looks like. */
const rawTextTags = new Set('script style textarea title xmp iframe noembed noframes'.split(' '))
const foreignTags = new Set(['svg', 'math'])

/** The pieces of an HTML text, or undefined where tags do not match, so that nobody can say what belongs to what. */
export function piecesOf(html: string): readonly Piece[] | undefined {
  const stack: OpenElement[] = [{ tag: '', from: 0, open: '', children: [] }]
  let at = 0
  while (at < html.length) {
    const next = nextToken(html, at, isForeign(stack))
    if (!next) return undefined
    at = next.end
    const inner = stack.at(-1)!
    if (next.kind === 'start') stack.push({ tag: next.tag, from: next.from, open: next.open, children: [] })
    else if (next.kind !== 'end') inner.children.push(next.piece)
    else if (stack.length > 1 && inner.tag === next.tag) {
      stack.pop()
      stack.at(-1)!.children.push(closed(html, inner, next))
    } else return undefined
  }
  return stack.length === 1 ? stack[0]!.children : undefined
}

type OpenElement = { tag: string; from: number; open: string; children: Piece[] }
type Token =
  | { kind: 'piece'; end: number; piece: Piece }
  | { kind: 'start'; end: number; from: number; tag: string; open: string }
  | { kind: 'end'; end: number; tag: string; close: string }

const isForeign = (stack: readonly OpenElement[]): boolean => stack.some(({ tag }) => foreignTags.has(tag))

function closed(
  html: string,
  inner: OpenElement,
  { end, close }: { end: number; close: string },
): ElementPiece {
  const { tag, from, open, children } = inner
  return { kind: 'element', raw: html.slice(from, end), tag, open, children, close }
}

const text = /<?[^<]*(?:<(?![a-z/!?])[^<]*)*/iy
const comment = /<!--(?!-?>)[\s\S]*?-->/y
const endTag = /<\/([a-z][^\s/>]*)[^>]*>/iy

function nextToken(html: string, at: number, isForeign: boolean): Token | undefined {
  const piece = (kind: 'text' | 'comment', raw: string): Token => ({
    kind: 'piece',
    end: at + raw.length,
    piece: { kind, raw },
  })
  if (!/^<[a-z/!?]/i.test(html.slice(at, at + 2))) return piece('text', matchAt(text, html, at)![0])
  const commented = matchAt(comment, html, at)
  if (commented) return piece('comment', commented[0])
  const ended = matchAt(endTag, html, at)
  if (ended) return { kind: 'end', end: at + ended[0].length, tag: ended[1]!.toLowerCase(), close: ended[0] }
  const started = tagAt(html, at)
  if (!started) return undefined
  const { tag, end, isSelfClosing } = started
  const open = html.slice(at, end)
  if (voidTags.has(tag) || (isForeign && isSelfClosing) || (foreignTags.has(tag) && isSelfClosing))
    return { kind: 'piece', end, piece: { kind: 'element', raw: open, tag, open, children: [], close: '' } }
  if (rawTextTags.has(tag) && !isForeign) return rawText(html, at, { tag, end, open })
  return { kind: 'start', end, from: at, tag, open }
}

function rawText(
  html: string,
  at: number,
  { tag, end, open }: { tag: string; end: number; open: string },
): Token | undefined {
  const closing = new RegExp(`</${tag}(?=[\\s/>])[^>]*>`, 'ig')
  closing.lastIndex = end
  const found = closing.exec(html)
  if (!found) return undefined
  const close = found[0]
  const raw = html.slice(at, found.index + close.length)
  const inside = html.slice(end, found.index)
  const children: Piece[] = inside ? [{ kind: 'text', raw: inside }] : []
  return {
    kind: 'piece',
    end: at + raw.length,
    piece: { kind: 'element', raw, tag, open, children, close },
  }
}

/** A start tag, with where the names of its attributes begin. */
export type Tag = {
  tag: string
  end: number
  isSelfClosing: boolean
  names: readonly { name: string; at: number }[]
}

const tagName = /<([a-z][^\s/>]*)/iy
const separator = /[\s/]*/y
const attribute = /([^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?/y

/** Reads a start tag as browsers do; undefined for what is none. */
export function tagAt(html: string, from: number): Tag | undefined {
  const named = matchAt(tagName, html, from)
  if (!named) return undefined
  const names: { name: string; at: number }[] = []
  let at = from + named[0].length
  for (;;) {
    const between = matchAt(separator, html, at)![0]
    at += between.length
    if (html[at] === '>') {
      const tag = named[1]!.toLowerCase()
      return { tag, end: at + 1, isSelfClosing: between.endsWith('/'), names }
    }
    const found = matchAt(attribute, html, at)
    if (!found) return undefined
    names.push({ name: found[1]!.toLowerCase(), at })
    at += found[0].length
  }
}

/** Whether nothing is to be seen of it: a comment, or an element of a line with nothing in it. */
export const isUnseen = (raw: string): boolean =>
  /^(<!--|<(span|strong|em|b|i|u|a|font|label)(\s[^>]*)?>\s*<\/[a-z]+\s*>$)/i.test(raw)

function matchAt(pattern: RegExp, html: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(html)
}
