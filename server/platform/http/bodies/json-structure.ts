import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'
import { depthAtMost, type Excess, elementsAtMost } from './excess.ts'

const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const space = 0x20
const shortText = 64

/** Throws 1000 for a body of more elements than these, or one that is nested too deep. */
export function checkStructure(bytes: Buffer, atMost: number): void {
  const excess = excessOfJson(bytes, atMost)
  if (excess) throw excess === 'depth' ? tooDeep() : tooManyElements(atMost)
}

/**
 * Counts elements and depth of JSON from its bytes, because building the objects of a large body would hold everybody else.
 * Input that is not JSON may pass here; the parser refuses it.
 */
export function excessOfJson(bytes: Buffer, atMost = elementsAtMost): Excess | undefined {
  const endOfText = createTextEnds(bytes)
  let elements = 0
  let depth = 0
  /** Whether a list or object has just begun: it has one element more than commas, unless it is empty. */
  let isFresh = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte <= space) continue
    if (byte === closeBracket || byte === closeBrace) {
      depth--
      isFresh = false
      continue
    }
    if (isFresh || byte === comma) {
      elements++
      isFresh = false
      if (elements > atMost) return 'elements'
    }
    if (byte === quote) at = endOfText(at + 1)
    else if (byte === openBracket || byte === openBrace) {
      depth++
      isFresh = true
      if (depth > depthAtMost) return 'depth'
    }
  }
  return undefined
}

/** Texts in either quotes and comments, also such as do not end. */
const opaque =
  /"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|\/\/[^\r\n\u2028\u2029]*|\/\*[\s\S]*?(?:\*\/|$)/g

/** The same for JSON5, which knows single quotes and comments. */
export function excessOfJson5(text: string, atMost = elementsAtMost): Excess | undefined {
  const plain = text.replace(opaque, part => (part.startsWith('/') ? ' ' : '""'))
  return excessOfJson(Buffer.from(plain), atMost)
}

/**
 * Finds the quote that ends a text which begins at `from`. Long texts are searched by the buffer, which is ten times as fast; what it
 * found is kept until it is passed, so that no byte is searched twice.
 */
function createTextEnds(bytes: Buffer): (from: number) => number {
  const find = (byte: number, from: number) => {
    const at = bytes.indexOf(byte, from)
    return at < 0 ? bytes.length : at
  }
  let quoteAt = -1
  let backslashAt = -1
  return from => {
    let at = from
    while (at < bytes.length) {
      for (const end = at + shortText; at < end && at < bytes.length; at++) {
        if (bytes[at] === quote) return at
        if (bytes[at] === backslash) at++
      }
      if (backslashAt < at) backslashAt = find(backslash, at)
      if (quoteAt < at) quoteAt = find(quote, at)
      at = Math.min(quoteAt, backslashAt)
    }
    return bytes.length
  }
}

function tooManyElements(atMost: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`请求体的元素（数组的项与对象的成员）超过 ${own(atMost)} 个，请分批`,
    en: told`the body has more than ${own(atMost)} elements (items of arrays and members of objects): send less at once`,
  })
}

function tooDeep(): ApiError {
  return new ApiError('badParameter', {
    zh: `请求体的嵌套超过 ${depthAtMost} 层，请减少层数`,
    en: `the body is nested deeper than ${depthAtMost} levels: nest it less`,
  })
}
