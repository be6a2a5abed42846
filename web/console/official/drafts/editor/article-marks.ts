import { type Attribute, Mark } from '@tiptap/core'
import { styleName } from './inert-html.ts'
import { shownElement } from './shown.ts'
import { tagOf } from './write-article.ts'

const written: Attribute = { default: null, rendered: false, parseHTML: () => null }
/** `path`: where in its paragraph it was read, see `inlineOf`. */
const ofMark = { open: written, close: written, path: written }

const asWritten: Mark['config']['renderHTML'] = ({ mark }) => {
  const { open, href } = mark.attrs
  const dom = shownElement(tagOf(mark.type.name, mark.attrs), open)
  if (href && !open) dom.setAttribute('href', href)
  return { dom, contentDOM: dom }
}

/** A weight or slant that a style gives counts as much as a tag. */
const styled = (pattern: RegExp) => ({
  tag: `span[${styleName}]`,
  consuming: false,
  getAttrs: (element: HTMLElement) => pattern.test(element.getAttribute(styleName) ?? '') && null,
})
const bold = /font-weight:\s*(bold|[6-9]00)/i
const notBold = /font-weight:\s*(normal|[1-4]00)/i

const Bold = Mark.create({
  name: 'bold',
  addAttributes: () => ofMark,
  parseHTML: () => [
    { tag: 'strong' },
    { tag: 'b', getAttrs: element => !notBold.test(element.getAttribute(styleName) ?? '') && null },
    styled(bold),
  ],
  renderHTML: asWritten,
  addKeyboardShortcuts() {
    return { 'Mod-b': () => this.editor.commands.toggleMark(this.name) }
  },
})

const Italic = Mark.create({
  name: 'italic',
  addAttributes: () => ofMark,
  parseHTML: () => [{ tag: 'em' }, { tag: 'i' }, styled(/font-style:\s*italic/i)],
  renderHTML: asWritten,
  addKeyboardShortcuts() {
    return { 'Mod-i': () => this.editor.commands.toggleMark(this.name) }
  },
})

export const linkPattern = /^https?:\/\/[^\s"<>]+$/

const Link = Mark.create({
  name: 'link',
  inclusive: false,
  clearable: false,
  addAttributes: () => ({ ...ofMark, href: written }),
  parseHTML: () => [
    {
      tag: 'a[href]',
      getAttrs: element => {
        const href = element.getAttribute('href') ?? ''
        return linkPattern.test(href) && { href }
      },
    },
  ],
  renderHTML: asWritten,
})

/** Any other element in a line; there may be several around the same text. */
const Inline = Mark.create({
  name: 'inline',
  excludes: '',
  addAttributes: () => ofMark,
  parseHTML: () =>
    ['u', 's', 'strike', 'del', 'sub', 'sup'].map(tag => ({
      tag,
      attrs: { open: `<${tag}>`, close: `</${tag}>` },
    })),
  renderHTML: asWritten,
})

export const markNodes = [Inline, Link, Bold, Italic]
