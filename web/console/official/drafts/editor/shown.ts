import { attributesOf, parse, styleName } from './inert-html.ts'
import { isUnseen } from './source-tree.ts'

/** Classes, ids and handlers of an article mean something else in this page. */
const shownAttributes =
  'align width height colspan rowspan cellpadding cellspacing border start type value color face size dir lang title'.split(
    ' ',
  )

/** An element with the looks of a start tag. Styles are set one by one, which the page's policy allows. */
export function shownElement(tag: string, open: string | null): HTMLElement {
  const element = document.createElement(tag)
  if (!open) return element
  const given = attributesOf(open)
  for (const name of shownAttributes) {
    const value = given.getAttribute(name)
    if (value !== null) element.setAttribute(name, value)
  }
  const href = given.getAttribute('href') ?? ''
  if (tag === 'a' && /^https?:/i.test(href)) element.setAttribute('href', href)
  element.style.cssText = given.getAttribute(styleName) ?? ''
  return element
}

export function shownImage(open: string): HTMLElement {
  const image = shownElement('img', open) as HTMLImageElement
  const given = attributesOf(open)
  const url = given.getAttribute('src') ?? given.getAttribute('data-src') ?? ''
  if (/^(https?:)?\/\//i.test(url)) image.src = url
  image.alt = given.getAttribute('alt') ?? ''
  return image
}

/** What an article can contain beside text and pictures. */
const keptKinds = [
  ['video', /<(mpvideo|video|mp-common-videosnap)\b|video_iframe/i],
  ['audio', /<(mpvoice|audio|qqmusic|mp-common-mpaudio|mp-common-qqmusic)\b/i],
  ['miniProgram', /<(mp-miniprogram|mp-common-miniprogram|mp-weapp)\b|weapp_(text|image|display)/i],
  ['profile', /<mp-common-profile\b/i],
  ['vote', /vote_iframe|<mp-common-vote\b/i],
  ['drawing', /<svg\b/i],
  ['table', /<table\b/i],
  ['code', /<(pre|code)\b/i],
  ['script', /<(script|style|link|meta)\b/i],
] as const
export type KeptKind = (typeof keptKinds)[number][0] | 'other'

const kindOf = (raw: string): KeptKind => keptKinds.find(([, pattern]) => pattern.test(raw))?.[0] ?? 'other'
const excerptChars = 60

/** Stands for HTML that is not edited: what it is, and how its text begins. */
export function shownKept(raw: string, labels: (kind: KeptKind) => string): HTMLElement {
  const kind = kindOf(raw)
  const block = document.createElement('div')
  block.className = 'oa-kept'
  const name = document.createElement('strong')
  name.textContent = labels(kind)
  block.append(name)
  const text = kind === 'script' ? '' : (parse(raw).textContent ?? '').trim()
  if (text) block.append(` ${[...text].slice(0, excerptChars).join('')}`)
  return block
}

/** As `shownKept`, in a line. An empty element shows nothing, as on telephones. */
export function shownKeptInline(raw: string, labels: (kind: KeptKind) => string): HTMLElement {
  const place = document.createElement('span')
  if (isUnseen(raw)) return place
  const kind = kindOf(raw)
  const text = (parse(raw).textContent ?? '').trim()
  place.className = 'oa-kept-inline'
  place.textContent = [labels(kind), [...text].slice(0, excerptChars).join('')].filter(Boolean).join(' ')
  return place
}
