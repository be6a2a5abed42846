import { type Language, type Words, wordsIn } from '../words.ts'

/**
 * A text in which it is known what is wisp's own and what came from elsewhere: a caller's value, a name, a vendor's words. Its values
 * stand between two characters that Unicode keeps for such use, until `ApiError` takes them out.
 */
export type MarkedText = string & { readonly told: true }

export type ToldWords = { readonly [L in Language]: MarkedText }

/** wisp's own part of a text: a limit, the name of an input, a scope, one of its choices. */
type OwnPart = { readonly own: string | number }

const begin = '\uFDD0'
const end = '\uFDD1'
const marks = /[\uFDD0\uFDD1]/g

/** `` told`${own(name)} 应为数字：${id}` ``: whatever is not marked as own is kept out of logs. */
export function told(
  parts: TemplateStringsArray,
  ...values: readonly (OwnPart | string | number | undefined)[]
): MarkedText {
  let text = parts[0] ?? ''
  values.forEach((value, index) => {
    text += typeof value === 'object' ? value.own : `${begin}${withoutMarks(String(value))}${end}`
    text += parts[index + 1]
  })
  return text as MarkedText
}

/** A told text in the place of a value keeps its own values apart. */
export function own(value: string | number): OwnPart {
  return { own: value }
}

/** Words that are wisp's own as a whole, such as those of a table of its reasons. */
export function ownWords(words: Words | string): ToldWords {
  return { zh: wordsIn('zh', words) as MarkedText, en: wordsIn('en', words) as MarkedText }
}

/** Words of which it is not known what they are made of: a vendor's, another host's, an uploaded file's. All of it is a value. */
export function wordsOfOthers(words: Words | string): ToldWords {
  return { zh: told`${wordsIn('zh', words)}`, en: told`${wordsIn('en', words)}` }
}

/** The whole text. */
export function wholeText(text: string): string {
  return text.includes(begin) ? withoutMarks(text) : text
}

/** A caller may send such characters too, and could end a value early with them. */
function withoutMarks(text: string): string {
  return text.replace(marks, '')
}

/** The text with … in the place of each value. */
export function textWithoutValues(text: string): string {
  let kept = ''
  let depth = 0
  for (const part of text.split(/([\uFDD0\uFDD1])/)) {
    if (part === begin && depth++ === 0) kept += '…'
    else if (part === end) depth--
    else if (depth === 0) kept += part
  }
  return kept
}

/**
 * What an error may be told with: told texts, and those that the compiler knows to the letter. Anything else does not compile, so that
 * no value gets into a log because somebody forgot to say that it is one.
 */
export type TellableText<D> = D extends string
  ? LiteralText<D>
  : { readonly [L in keyof D]: D[L] extends string ? LiteralText<D[L]> : D[L] }

type LiteralText<S extends string> = S extends MarkedText
  ? S
  : // A pattern such as `a ${string}` makes a record that any other fits; a literal asks for its property.
    { [name: string]: 1 } extends { [K in S]: 1 }
    ? never
    : S
