/**
 * Creates an element. Children are nodes or texts, never markup, so nothing in a message can become an
 * element.
 * @param {string} tag
 * @param {Record<string, unknown>} [props] `class`, `on…` handlers, attributes
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else element.setAttribute(key, value === true ? '' : String(value))
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false && child !== '') element.append(child)
  }
  return element
}

/** Returns the address if it is safe to follow, otherwise undefined. */
export function safeUrl(text) {
  const url = typeof text === 'string' ? URL.parse(text) : null
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined
}

/** A link that opens in a new tab; plain text when the address is not http or https. */
export function link(url, props, ...children) {
  const href = safeUrl(url)
  if (!href) return h('span', props, ...children)
  return h('a', { ...props, href, target: '_blank', rel: 'noopener noreferrer' }, ...children)
}

/** A picture that is replaced by a plain area when it cannot be loaded. */
export function picture(url, className) {
  const src = safeUrl(url)
  if (!src) return h('div', { class: `${className} missing` })
  const image = h('img', { class: className, src, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer' })
  image.addEventListener('error', () => image.replaceWith(h('div', { class: `${className} missing` })))
  return image
}

const colours = 6

/** The member's picture, or the first character of the name on a coloured square. */
export function face(name, number, src) {
  if (src) return h('img', { class: 'face', src, alt: '' })
  const first = [...name][0] ?? '?'
  return h('span', { class: `face colour-${Math.abs(number) % colours}`, 'aria-hidden': 'true' }, first)
}
