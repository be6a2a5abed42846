import { depthAtMost, type Excess, elementsAtMost } from './excess.ts'

const greaterThan = 0x3e
const doubleQuote = 0x22
const singleQuote = 0x27
const slash = '/'

/** What has no elements inside, whatever stands in it. */
const opaque = [
  ['<![CDATA[', ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
] as const

/**
 * Counts elements and depth of XML from its text, because the parser builds objects before anything of it can be refused. Each
 * comment, CDATA section and instruction counts as an element. Input that is not XML may pass here; the parser refuses it.
 */
export function excessOfXml(text: string, atMost = elementsAtMost): Excess | undefined {
  let elements = 0
  let depth = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const isEnd = text[at + 1] === slash
    const pair = opaque.find(([begin]) => text.startsWith(begin, at))
    const end = pair ? text.indexOf(pair[1], at) : isEnd ? text.indexOf('>', at) : endOfTag(text, at)
    if (end < 0) return undefined
    at = end + 1
    if (isEnd) {
      depth--
      continue
    }
    if (++elements > atMost) return 'elements'
    if (!pair && text[end - 1] !== slash && ++depth > depthAtMost) return 'depth'
  }
  return undefined
}

/** Where the tag ends that begins at `from`; -1 for one that does not. */
function endOfTag(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === greaterThan) return at
    if (code === doubleQuote || code === singleQuote) {
      at = text.indexOf(text[at]!, at + 1)
      if (at < 0) return -1
    }
  }
  return -1
}
