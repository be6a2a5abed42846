/**
 * The command line speaks one language at a time, its frame included. It is chosen once, before the command line is read, and every
 * text of a command asks here. Outside of a command line it is Chinese.
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import { type Language, type Words, wordsIn } from '../words.ts'

export const languages: readonly Language[] = ['zh', 'en']

const spoken = new AsyncLocalStorage<Language>()

/** Does the work in a language, in which `said` then answers. */
export function inLanguage<T>(language: Language, work: () => T): T {
  return spoken.run(language, work)
}

export function commandLanguage(): Language {
  return spoken.getStore() ?? 'zh'
}

/** Returns the text in the language of the command line. */
export function said(words: Words | string): string {
  return wordsIn(commandLanguage(), words)
}

/** What stands between the items of a list. */
export const comma: Words = { zh: '、', en: ', ' }

/**
 * Returns the language of a locale of the environment. As for other programs, the first of LC_ALL, LC_MESSAGES and LANG that is not
 * empty decides. No locale, and that of programs (C, POSIX), is Chinese.
 */
export function languageOfLocale(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || 'C'
  const [name = ''] = locale.split(/[.@]/, 1)
  return name === 'C' || name === 'POSIX' || name.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
