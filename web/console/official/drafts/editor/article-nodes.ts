import { type Attribute, type Extensions, Node } from '@tiptap/core'
import { Dropcursor, Gapcursor, UndoRedo } from '@tiptap/extensions'
import { markNodes } from './article-marks.ts'
import { type KeptKind, shownElement, shownImage, shownKept, shownKeptInline } from './shown.ts'
import { attributeAsHtml, tagOf } from './write-article.ts'

/** What only `readArticle` gives; pasted HTML has no say in it. */
export const written: Attribute = {
  default: null,
  rendered: false,
  keepOnSplit: false,
  parseHTML: () => null,
}
/** The paragraph that Enter begins behind this one gets it too. */
const passedOn: Attribute = { ...written, keepOnSplit: true }

const tags = { open: passedOn, close: passedOn }
const textBlock = { before: written, source: written }

/** A block that looks as it was written. */
const asWritten: Node['config']['renderHTML'] = ({ node }) => {
  const dom = shownElement(tagOf(node.type.name, node.attrs), node.attrs['open'])
  return { dom, contentDOM: dom }
}

const Doc = Node.create({ name: 'doc', topNode: true, content: 'block+' })
const Text = Node.create({ name: 'text', group: 'inline' })

/** The first of the blocks: what is new is one. `bare`: it stands there without tags. */
const Paragraph = Node.create({
  name: 'paragraph',
  group: 'block',
  content: 'inline*',
  addAttributes: () => ({ ...tags, ...textBlock, bare: passedOn }),
  parseHTML: () => [{ tag: 'p' }],
  renderHTML: asWritten,
})

const Heading = Node.create({
  name: 'heading',
  group: 'block',
  content: 'inline*',
  defining: true,
  addAttributes: () => ({ ...textBlock, open: written, close: written, level: { ...written, default: 2 } }),
  parseHTML: () => [1, 2, 3, 4, 5, 6].map(level => ({ tag: `h${level}`, attrs: { level } })),
  renderHTML: asWritten,
})

/** What other blocks are in. */
const container = (name: string, content: string, of: Partial<Parameters<typeof Node.create>[0]> = {}) =>
  Node.create({
    name,
    content,
    addAttributes: () => ({ ...tags, before: written, after: written }),
    renderHTML: asWritten,
    ...of,
  })

const Section = container('section', 'block+', { group: 'block' })
const Quote = container('blockquote', 'block+', {
  group: 'block',
  defining: true,
  parseHTML: () => [{ tag: 'blockquote' }],
})
const BulletList = container('bulletList', 'listItem+', {
  group: 'block list',
  parseHTML: () => [{ tag: 'ul' }],
})
const OrderedList = container('orderedList', 'listItem+', {
  group: 'block list',
  parseHTML: () => [{ tag: 'ol' }],
})
const ListItem = container('listItem', 'block+', {
  defining: true,
  parseHTML: () => [{ tag: 'li' }],
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.commands.splitListItem(this.name) }
  },
})

const Table = container('table', '(tablePart | tableRow)+', {
  group: 'block',
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
})
const TablePart = container('tablePart', 'tableRow+', {
  parseHTML: () => ['thead', 'tbody', 'tfoot'].map(tag => ({ tag, attrs: { open: `<${tag}>` } })),
})
const TableRow = container('tableRow', 'tableCell+', { parseHTML: () => [{ tag: 'tr' }] })
const TableCell = container('tableCell', 'block+', {
  isolating: true,
  parseHTML: () => ['td', 'th'].map(tag => ({ tag, attrs: { open: `<${tag}>` } })),
})

const Line = Node.create({
  name: 'line',
  group: 'block',
  addAttributes: () => ({ open: written, before: written }),
  parseHTML: () => [{ tag: 'hr' }],
  renderHTML: ({ node }) => ({ dom: shownElement('hr', node.attrs['open']) }),
})

const HardBreak = Node.create({
  name: 'hardBreak',
  group: 'inline',
  inline: true,
  selectable: false,
  addAttributes: () => ({ open: written }),
  parseHTML: () => [{ tag: 'br' }],
  renderHTML: () => ['br'],
  renderText: () => '\n',
  addKeyboardShortcuts() {
    return { 'Shift-Enter': () => this.editor.commands.insertContent({ type: this.name }) }
  },
})

/** WeChat removes pictures of other places. */
const ownPicture = /^https?:\/\/mmbiz\.qpic\.cn\//

export const pictureHtml = (url: string): string => `<img src="${attributeAsHtml(url)}" alt="">`

const Image = Node.create({
  name: 'image',
  group: 'inline',
  inline: true,
  draggable: true,
  addAttributes: () => ({ open: written }),
  parseHTML: () => [
    {
      tag: 'img',
      getAttrs: element => {
        const url = element.getAttribute('data-src') ?? element.getAttribute('src') ?? ''
        return ownPicture.test(url) && { open: pictureHtml(url) }
      },
    },
  ],
  renderHTML: ({ node }) => ({ dom: shownImage(node.attrs['open']) }),
})

type Labels = (kind: KeptKind) => string

/** What the editor does not know stays as it was written, and can be moved and removed. */
const kept = (labels: Labels) => [
  Node.create({
    name: 'kept',
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () => ({ raw: { ...written, default: '' }, before: written }),
    renderHTML: ({ node }) => ({ dom: shownKept(node.attrs['raw'], labels) }),
  }),
  Node.create({
    name: 'keptInline',
    group: 'inline',
    inline: true,
    atom: true,
    draggable: true,
    addAttributes: () => ({ raw: { ...written, default: '' } }),
    renderHTML: ({ node }) => ({ dom: shownKeptInline(node.attrs['raw'], labels) }),
  }),
]

/** What an article consists of, for the editor. What is pasted becomes such nodes, and nothing else of it stays. */
export function articleNodes(labels: Labels): Extensions {
  return [
    ...[Doc, Text, Paragraph, Heading, Section, Quote, BulletList, OrderedList, ListItem, Line],
    ...[Table, TablePart, TableRow, TableCell, HardBreak, Image, ...kept(labels), ...markNodes],
    ...[UndoRedo, Gapcursor, Dropcursor],
  ]
}
