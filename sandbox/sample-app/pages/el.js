/** Creates an element. Children are nodes or texts, never markup. */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else element.setAttribute(key, value === true ? '' : String(value))
  }
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== false && child !== '') element.append(child)
  return element
}

export const button = (words, onclick, kind = '') =>
  el('button', { type: 'button', class: `button ${kind}`, onclick }, words)

export const section = (title, ...children) =>
  el('section', { class: 'card' }, title && el('h2', {}, title), ...children)

const colours = 6

/** The person's picture, or the first character of the name. */
export function avatar({ userId, userName, avatarUrl }) {
  const colour = [...userId].reduce((sum, char) => sum + char.codePointAt(0), 0) % colours
  const letter = el(
    'span',
    { class: `avatar colour-${colour}`, 'aria-hidden': 'true' },
    [...userName][0] ?? '?',
  )
  if (!avatarUrl) return letter
  const image = el('img', { class: 'avatar', src: avatarUrl, alt: '', loading: 'lazy' })
  image.addEventListener('error', () => image.replaceWith(letter))
  return image
}

/** An error message in the place of the view that failed. */
export const failed = error => el('p', { class: 'failed', role: 'alert' }, error.message)
