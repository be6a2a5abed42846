import { put as fill, type SiteWords, words } from '../build/words.ts'

/** The words of the page that is shown. */
export function say(): SiteWords {
  return words[document.documentElement.lang === 'en' ? 'en' : 'zh']
}

export const put = fill
