import { h, link } from './dom.js'

const anchor =
  /<a\s[^>]*?href\s*=\s*["']?([^"'>\s]+)["']?[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；！？、（）【】《》]+)/gi

/** Renders a text as WeCom does: `<a href>` and plain addresses become links, everything else stays text. */
export function richText(text) {
  const nodes = []
  let end = 0
  for (const match of text.matchAll(anchor)) {
    nodes.push(text.slice(end, match.index))
    const [all, href, label, bare] = match
    nodes.push(link(bare ?? href, {}, bare ?? plain(label)))
    end = match.index + all.length
  }
  nodes.push(text.slice(end))
  return nodes
}

const plain = label => new DOMParser().parseFromString(label, 'text/html').body.textContent

/** Renders the description of a card: line breaks and WeCom's three kinds of div. Other markup is shown as text. */
export function cardText(html) {
  const { body } = new DOMParser().parseFromString(html.replaceAll('\n', '<br>'), 'text/html')
  return children(body)
}

function children(node) {
  return [...node.childNodes].flatMap(child => {
    if (child.nodeType === Node.TEXT_NODE) return [child.data]
    if (!(child instanceof Element) || /^(script|style|template)$/i.test(child.tagName)) return []
    if (child.tagName === 'BR') return [h('br')]
    if (child.tagName !== 'DIV') return children(child)
    const kind = ['gray', 'highlight', 'normal'].find(name => child.classList.contains(name))
    return [h('div', { class: kind }, ...children(child))]
  })
}

const inline =
  /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]*)\]\(([^)\s]+)\)|<font color="?(info|comment|warning)"?>([\s\S]*?)<\/font>/g

/** Renders WeCom's subset of Markdown: headings, bold, code, quotes, links and three colours. */
export function markdown(text) {
  return text.split('\n').map(line => {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    if (heading) return h('div', { class: `md-heading level-${heading[1].length}` }, ...spans(heading[2]))
    const quote = /^>\s?(.*)$/.exec(line)
    if (quote) return h('div', { class: 'md-quote' }, ...spans(quote[1]))
    return h('div', { class: 'md-line' }, ...spans(line))
  })
}

function spans(text) {
  const nodes = []
  let end = 0
  for (const match of text.matchAll(inline)) {
    const [all, bold, code, label, url, colour, coloured] = match
    nodes.push(...richText(text.slice(end, match.index)))
    if (bold !== undefined) nodes.push(h('b', {}, ...spans(bold)))
    else if (code !== undefined) nodes.push(h('code', {}, code))
    else if (colour !== undefined) nodes.push(h('span', { class: `md-${colour}` }, ...spans(coloured)))
    else nodes.push(link(url, {}, label || url))
    end = match.index + all.length
  }
  nodes.push(...richText(text.slice(end)))
  return nodes
}
