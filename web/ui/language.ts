import { useSyncExternalStore } from 'react'
import { type Language, preferred } from './storage/preferred-language.ts'
import { readChoice, writeChoice } from './storage/stored.ts'

export type { Language }

const listeners = new Set<() => void>()
let language: Language = readChoice('wisp.language', ['zh', 'en']) ?? preferred(navigator.languages)

export function currentLanguage(): Language {
  return language
}

export function setLanguage(next: Language): void {
  language = next
  writeChoice('wisp.language', next)
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN'
  for (const listener of listeners) listener()
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** In which numbers and times are written. */
export const locale = () => (language === 'en' ? 'en-GB' : 'zh-CN')

/** Returns for example 12,345. */
export function formatNumber(value: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: 2 })
}
