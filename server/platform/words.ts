import type { FastifyRequest } from 'fastify'

/**
 * A text for people in both languages of the product. Chinese is the default; English is for those who ask for it.
 */
export type Words = { readonly zh: string; readonly en: string }

export type Language = keyof Words

/** The language that an `Accept-Language` header prefers of the two; Chinese when it names neither. */
export function languageOf(accept: string | undefined): Language {
  if (accept === undefined) return 'zh'
  let [language, best]: [Language, number] = ['zh', 0]
  for (const part of accept.split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const [named] = tag.split('-', 1)
    if (named !== 'zh' && named !== 'en') continue
    const quality = parameters.find(one => one.trim().startsWith('q='))
    const weight = quality === undefined ? 1 : Number(quality.trim().slice(2))
    if (weight > best) [language, best] = [named, weight]
  }
  return language
}

/** Reads the raw headers, because most calls need none and `headers` would build an object of all of them. */
export function languageAsked({ raw: { rawHeaders } }: Pick<FastifyRequest, 'raw'>): Language {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 15 && name.toLowerCase() === 'accept-language') return languageOf(rawHeaders[at + 1])
  }
  return 'zh'
}

/** A plain string, such as a name, a number or a vendor's words, is the same in every language. */
export function wordsIn(language: Language, words: Words | string): string {
  return typeof words === 'string' ? words : words[language]
}

/** The form of words in one text column. A plain string is stored unchanged. */
export function wordsToStore(words: Words | string): string {
  return typeof words === 'string' ? words : JSON.stringify({ zh: words.zh, en: words.en })
}

/** Reads what `wordsToStore` wrote; any other text is a plain string, such as a vendor's words. */
export function storedWords(text: string): Words | string {
  if (!text.startsWith('{"zh":')) return text
  try {
    const { zh, en } = JSON.parse(text) as Record<string, unknown>
    return typeof zh === 'string' && typeof en === 'string' ? { zh, en } : text
  } catch {
    // This is a vendor's own JSON that was cut off. It is shown as it is.
    return text
  }
}
