/** A text for people, in the product's languages. Chinese is the first of them; English is for those who ask for it. */
export type Words = { readonly zh: string; readonly en: string }

export type Language = keyof Words

/** What an `Accept-Language` header prefers of the two; Chinese when it names neither. */
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

/** A plain string is the same in every language: a name, a number, what a vendor said. */
export function wordsIn(language: Language, words: Words | string): string {
  return typeof words === 'string' ? words : words[language]
}

/** Words as one text column keeps them. A plain string stays as it is. */
export function wordsToStore(words: Words | string): string {
  return typeof words === 'string' ? words : JSON.stringify({ zh: words.zh, en: words.en })
}

/** What `wordsToStore` made; every other text is a plain string, such as what a vendor said. */
export function storedWords(text: string): Words | string {
  if (!text.startsWith('{"zh":')) return text
  try {
    const { zh, en } = JSON.parse(text) as Record<string, unknown>
    return typeof zh === 'string' && typeof en === 'string' ? { zh, en } : text
  } catch {
    // A vendor's own JSON, cut off: shown as it came.
    return text
  }
}
