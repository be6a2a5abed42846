export type Language = 'zh' | 'en'

/** The first of the two that a browser prefers; Chinese where it names neither. `web/public/start.js` says the same for the first paint. */
export function preferred(languages: readonly string[]): Language {
  for (const tag of languages) {
    if (/^zh(-|$)/i.test(tag)) return 'zh'
    if (/^en(-|$)/i.test(tag)) return 'en'
  }
  return 'zh'
}
