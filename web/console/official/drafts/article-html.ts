import { styleNonce } from '../../../ui/look/style-nonce.ts'

/** What can be edited as it looks. Of an article with anything else nothing may get lost, so it is edited as HTML. */
const editableTags = new Set(
  (
    'p br div span section h1 h2 h3 h4 h5 h6 strong b em i u s strike del sub sup font small ul ol li blockquote ' +
    'a img hr pre code figure figcaption table thead tbody tfoot tr th td colgroup col'
  ).split(' '),
)
const pastedTags = new Set('p br h1 h2 h3 h4 strong b em i u s ul ol li blockquote a'.split(' '))

/** Nothing in it runs, and nothing of it is fetched. The page's policy would complain about each style. */
function parse(html: string): HTMLElement {
  const styled = html.replace(/(<[a-z][^<>]*?\s)style(\s*=)/gi, '$1data-style$2')
  // Styles and the like at its beginning would else be taken for a head, and get lost.
  return new DOMParser().parseFromString(`<body>${styled}`, 'text/html').body
}

export function isEditable(html: string): boolean {
  return [...parse(html).querySelectorAll('*')].every(
    one => editableTags.has(one.localName) && one.getAttributeNames().every(name => isHarmless(one, name)),
  )
}

function isHarmless(element: Element, name: string): boolean {
  if (name.startsWith('on')) return false
  return !/^\s*(javascript|vbscript|data):/i.test(element.getAttribute(name) ?? '')
}

/** Shows an article of which `isEditable` is true. Styles are set one by one, which the page's policy allows. */
export function show(root: HTMLElement, html: string): void {
  // What is written into an empty article should be a paragraph.
  const { childNodes } = parse(html.trim() || '<p><br></p>')
  root.replaceChildren(...[...childNodes].map(node => document.importNode(node, true)))
  for (const one of root.querySelectorAll<HTMLElement>('[data-style]')) {
    one.style.cssText = one.dataset['style'] ?? ''
    delete one.dataset['style']
  }
  for (const one of root.querySelectorAll<HTMLImageElement>('img[data-src]:not([src])')) {
    one.src = one.dataset['src'] ?? ''
    one.dataset['lazy'] = ''
  }
}

/** The article that is shown, as it was given but for what was edited. */
export function htmlOf(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement
  for (const one of copy.querySelectorAll<HTMLImageElement>('img[data-lazy]')) {
    one.removeAttribute('src')
    delete one.dataset['lazy']
  }
  const isEmpty = copy.textContent?.trim() === '' && !copy.querySelector('img, hr')
  return isEmpty ? '' : copy.innerHTML
}

/** What is pasted keeps its structure, and nothing of how another program made it look. */
export function cleaned(html: string): string {
  const body = parse(html)
  for (const one of body.querySelectorAll('script, style, meta, link, title')) one.remove()
  for (const one of [...body.querySelectorAll('*')]) {
    for (const name of one.getAttributeNames())
      if (name !== 'href' || !/^https?:/i.test(one.getAttribute(name) ?? '')) one.removeAttribute(name)
    if (pastedTags.has(one.localName)) continue
    const isParagraph = one.localName === 'div' && !one.querySelector('p, div, ul, ol, h1, h2, h3, h4')
    const paragraph = document.createElement('p')
    if (isParagraph) paragraph.append(...one.childNodes)
    one.replaceWith(...(isParagraph ? [paragraph] : one.childNodes))
  }
  return body.innerHTML
}

/** A page with the article as WeChat will show it, for a frame in which nothing runs. */
export function pageOf({
  title,
  author,
  content,
}: {
  title: string
  author: string
  content: string
}): string {
  const body = parse(content)
  for (const one of body.querySelectorAll('script')) one.remove()
  for (const one of body.querySelectorAll<HTMLImageElement>('img[data-src]:not([src])'))
    one.src = one.dataset['src'] ?? ''
  const rules = ['img { max-width: 100% }', 'body { font: 16px/1.6 sans-serif; overflow-wrap: anywhere }']
  for (const [n, one] of [...body.querySelectorAll<HTMLElement>('[data-style]')].entries()) {
    rules.push(`[data-n="${n}"] { ${one.dataset['style'] ?? ''} }`)
    one.dataset['n'] = String(n)
  }
  const head = document.createElement('header')
  const name = document.createElement('h1')
  name.textContent = title
  const by = document.createElement('p')
  by.textContent = author
  head.append(name, by)
  const style = document.createElement('style')
  style.textContent = rules.join('\n')
  return `${style.outerHTML.replace('<style', `<style nonce="${styleNonce()}"`)}${head.outerHTML}${body.innerHTML}`
}
