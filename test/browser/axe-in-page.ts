import type { AxeResults } from 'axe-core'
import type { AxeRules } from './axe.ts'

/** What is used of axe beyond what it declares: `matches` says whether a rule looks at an element, `evaluate` what comes of it. */
type Axe = {
  run(around: Document, options: object): Promise<AxeResults>
  _audit: {
    rules: { id: string; impact: string; matches(element: Element, ...more: unknown[]): boolean }[]
    checks: Record<string, { evaluate(element: Element, ...more: unknown[]): unknown }>
  }
}

/**
 * How each text of the page looks: a number of what decides about contrast, which is size, weight and colour of the text, and of each
 * element around it what it is, its classes, and how it is painted. So it is another one in the other theme, and in another place of the
 * page. A text that may have something else behind it than what is around it has none.
 */
export function listLooks(): Map<Element, string> {
  const ways = new Map<Element, [number, number]>()
  const numbers = new Map<string, [number, number]>()
  const numberOf = (text: string): [number, number] => {
    const known = numbers.get(text)
    if (known) return known
    let [one, other] = [0x811c9dc5, 0x1b873593]
    for (let n = 0; n < text.length; n++) {
      const code = text.charCodeAt(n)
      one = Math.imul(one ^ code, 0x01000193)
      other = Math.imul(other ^ code, 0x5bd1e995) ^ (other >>> 15)
    }
    numbers.set(text, [one, other])
    return [one, other]
  }
  const join = (a: [number, number], b: [number, number]): [number, number] => [
    Math.imul(a[0], 0x01000193) ^ b[0],
    Math.imul(a[1] ^ (a[1] >>> 13), 0x5bd1e995) ^ b[1],
  ]
  const wayTo = (element: Element): [number, number] => {
    const known = ways.get(element)
    if (known) return known
    const style = getComputedStyle(element)
    const painted = `${style.backgroundColor} ${style.backgroundImage} ${style.opacity} ${style.filter} ${style.position}`
    const own = numberOf(`${element.localName} ${element.getAttribute('class')} ${painted}`)
    const way = element.parentElement ? join(wayTo(element.parentElement), own) : own
    ways.set(element, way)
    return way
  }

  const isMoved = (style: CSSStyleDeclaration) =>
    /^(absolute|fixed|sticky)$/.test(style.position) || style.transform !== 'none'
  const isOpaque = (style: CSSStyleDeclaration) =>
    style.backgroundColor.startsWith('rgb(') && style.opacity === '1'
  const above = new Map<Element, boolean>()
  /** Whether it was moved from its place together with nothing opaque behind it. */
  const isAbove = (element: Element): boolean => {
    const known = above.get(element)
    if (known !== undefined) return known
    const style = getComputedStyle(element)
    const { parentElement } = element
    const is = !isOpaque(style) && (isMoved(style) || (parentElement !== null && isAbove(parentElement)))
    above.set(element, is)
    return is
  }
  const all = [...document.querySelectorAll('body *')].filter(element => element.checkVisibility())
  const moved = all
    .filter(element => {
      const style = getComputedStyle(element)
      const isPainted = style.backgroundColor !== 'rgba(0, 0, 0, 0)' || style.backgroundImage !== 'none'
      return isPainted && isMoved(style)
    })
    .map(element => ({ element, box: element.getBoundingClientRect() }))
  const meets = (a: DOMRect, b: DOMRect) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  /** Whether something painted that is not around it was moved to where it is. */
  const isMet = (text: Element): boolean => {
    const box = text.getBoundingClientRect()
    return moved.some(
      one => meets(one.box, box) && !one.element.contains(text) && !text.contains(one.element),
    )
  }

  const isText = (element: Element) =>
    /^(input|select|textarea)$/.test(element.localName) ||
    [...element.childNodes].some(one => one.nodeType === Node.TEXT_NODE && one.nodeValue?.trim())
  const looks = new Map<Element, string>()
  for (const element of all) {
    if (!isText(element) || isAbove(element) || isMet(element)) continue
    const style = getComputedStyle(element)
    const text = numberOf(`${style.color} ${style.fontSize} ${style.fontWeight} ${style.textShadow}`)
    looks.set(element, join(wayTo(element), text).join(' '))
  }
  return looks
}

/**
 * Runs what may find something serious, contrast on texts alone whose look is not known to be legible; and says which more axe has found
 * legible. Resolves with nothing when axe is not in the page.
 */
export async function runAxe(
  given: { rules: AxeRules; legible: readonly string[] },
  looksNow: typeof listLooks,
): Promise<{ faults: string[]; legible: string[] } | undefined> {
  const { axe } = window as Window & { axe?: Axe }
  if (!axe) return undefined
  const known = new Set(given.legible)
  const legible = new Set<string>()
  const illegible = new Set<string>()
  const { rules, checks } = axe._audit
  const contrast = rules.find(({ id }) => id === 'color-contrast')
  const check = checks['color-contrast']
  if (!contrast || !check) throw new Error('axe has changed: there is no color-contrast')
  const { matches } = contrast
  const { evaluate } = check
  // Now, because until axe begins the page may still change.
  const looks = given.rules === 'form' ? new Map<Element, string>() : looksNow()
  contrast.matches = function (element, ...more) {
    const look = looks.get(element)
    return (look === undefined || !known.has(look)) && matches.call(this, element, ...more)
  }
  check.evaluate = function (element, ...more) {
    const outcome = evaluate.call(this, element, ...more)
    const look = looks.get(element)
    if (look !== undefined) (outcome === true ? legible : illegible).add(look)
    return outcome
  }
  try {
    // What is neither serious nor critical is not asked for below.
    const unasked = rules.filter(
      ({ id, impact }) =>
        impact === 'minor' || impact === 'moderate' || (given.rules === 'form' && id === contrast.id),
    )
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      ...(given.rules === 'colours'
        ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }
        : { rules: Object.fromEntries(unasked.map(({ id }) => [id, { enabled: false }])) }),
    })
    const faults = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => {
        const places = nodes.map(
          ({ html, any }) => `${html.slice(0, 200)} ${any.map(({ message }) => message).join(', ')}`,
        )
        return `${id}: ${help}: ${places.join(' | ')}`
      })
    return { faults, legible: [...legible].filter(look => !illegible.has(look)) }
  } finally {
    contrast.matches = matches
    check.evaluate = evaluate
  }
}
