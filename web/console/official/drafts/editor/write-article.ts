import type { Fragment, Mark, Node } from '@tiptap/pm/model'

const defaultTag: Record<string, string> = {
  paragraph: 'p',
  section: 'section',
  blockquote: 'blockquote',
  line: 'hr',
  hardBreak: 'br',
  image: 'img',
  bulletList: 'ul',
  orderedList: 'ol',
  listItem: 'li',
  table: 'table',
  tablePart: 'tbody',
  tableRow: 'tr',
  tableCell: 'td',
  bold: 'strong',
  italic: 'em',
  link: 'a',
}

/** Writes a document that `readArticle` made, and that people edited since. */
export type Writer = (doc: Node) => string

/** `first` is the document as it was read, and `after` what stood behind its last block. */
export function createWriter(first: Node, after: string): Writer {
  const contents = new Map<string, Fragment>()
  first.descendants(node => {
    const source = node.attrs['source'] as string | null
    if (node.isTextblock && source !== null) contents.set(source, node.content)
    return !node.isTextblock
  })
  const isAsRead = ({ attrs, content }: Node) =>
    attrs['source'] !== null && (contents.get(String(attrs['source']))?.eq(content) ?? false)
  return doc => (isNothing(doc) ? '' : `${blocksHtml(doc, isAsRead)}${after}`)
}

function isNothing(doc: Node): boolean {
  const only = doc.childCount === 1 ? doc.firstChild : null
  return only?.type.name === 'paragraph' && only.content.size === 0
}

type IsAsRead = (node: Node) => boolean

function blocksHtml(parent: Node, isAsRead: IsAsRead): string {
  const htmls: string[] = []
  for (const [n, block] of parent.children.entries()) {
    const last = n > 0 ? parent.child(n - 1) : undefined
    // Two lines without tags would run into one.
    const isBare = block.attrs['bare'] === true && last?.attrs['bare'] !== true
    const html = isBare ? textHtml(block, isAsRead) : blockHtml(block, isAsRead)
    htmls.push(`${block.attrs['before'] ?? ''}${html}`)
  }
  return htmls.join('')
}

function blockHtml(block: Node, isAsRead: IsAsRead): string {
  if (block.type.name === 'kept') return String(block.attrs['raw'])
  const { open, close } = tagsOf(block)
  if (block.isLeaf) return open
  const inner = block.isTextblock
    ? textHtml(block, isAsRead)
    : `${blocksHtml(block, isAsRead)}${block.attrs['after'] ?? ''}`
  return `${open}${inner}${close}`
}

function textHtml(block: Node, isAsRead: IsAsRead): string {
  const source = String(block.attrs['source'] ?? '')
  if (isAsRead(block)) return source
  // Blank space at the ends is not shown, and has not been edited.
  const before = /^[ \t\r\n]*/.exec(source)?.[0] ?? ''
  const behind = /[ \t\r\n]*$/.exec(source.slice(before.length))?.[0] ?? ''
  return `${before}${inlineHtml(block.content) || '<br>'}${behind}`
}

/** The leaves with their marks as elements, those around that were read before those that are inside. */
function inlineHtml(content: Fragment): string {
  let html = ''
  const around: Mark[] = []
  const leaveTo = (depth: number) => {
    while (around.length > depth) html += tagsOf(around.pop()!).close
  }
  for (const leaf of content.content) {
    const marks = [...leaf.marks].sort(outerFirst)
    let depth = 0
    while (depth < marks.length && around[depth]?.eq(marks[depth]!)) depth++
    leaveTo(depth)
    for (const mark of marks.slice(depth)) {
      html += tagsOf(mark).open
      around.push(mark)
    }
    html += leafHtml(leaf)
  }
  leaveTo(0)
  return html
}

/** What was added by editing is innermost. */
function outerFirst(a: Mark, b: Mark): number {
  const depth = ({ attrs }: Mark) =>
    attrs['path'] ? String(attrs['path']).split('.').length : Number.MAX_SAFE_INTEGER
  return depth(a) - depth(b)
}

function leafHtml(leaf: Node): string {
  if (leaf.isText) return textAsHtml(leaf.text ?? '')
  return leaf.type.name === 'keptInline' ? String(leaf.attrs['raw']) : tagsOf(leaf).open
}

/** As browsers write it. */
export function textAsHtml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\u00a0': '&nbsp;' }
  return text.replace(/[&<>\u00a0]/g, one => names[one] ?? one)
}

export const attributeAsHtml = (value: string): string => textAsHtml(value).replaceAll('"', '&quot;')

/** The tags as they were written, or those of something new. Who made a heading of a paragraph kept its attributes. */
function tagsOf({ type, attrs }: Pick<Node | Mark, 'type' | 'attrs'>): { open: string; close: string } {
  const written = attrs['open'] as string | null
  const tag = tagOf(type.name, attrs)
  if (!written) {
    const href = type.name === 'link' ? ` href="${attributeAsHtml(String(attrs['href']))}"` : ''
    return { open: `<${tag}${href}>`, close: `</${tag}>` }
  }
  if (hasTag(written, tag)) return { open: written, close: String(attrs['close'] ?? `</${tag}>`) }
  return { open: written.replace(/^<[^\s/>]+/, `<${tag}`), close: `</${tag}>` }
}

/** Of these there are several kinds. */
const severalTags = new Set('paragraph section tablePart tableCell bold italic inline'.split(' '))

export function tagOf(name: string, attrs: Node['attrs']): string {
  if (name === 'heading') return `h${attrs['level']}`
  const written = /^<([^\s/>]+)/.exec(String(attrs['open'] ?? ''))?.[1]?.toLowerCase()
  const isOwn = severalTags.has(name) && !(name === 'paragraph' && /^h[1-6]$/.test(written ?? ''))
  return (isOwn && written) || (defaultTag[name] ?? 'span')
}

const hasTag = (open: string, tag: string): boolean =>
  open.slice(1, 1 + tag.length).toLowerCase() === tag && /[\s/>]/.test(open[1 + tag.length] ?? '')
