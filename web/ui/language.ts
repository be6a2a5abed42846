import { useSyncExternalStore } from 'react'
import { readChoice, writeChoice } from './data/stored.ts'

export type Language = 'zh' | 'en'

const listeners = new Set<() => void>()
let language: Language = readChoice('wisp.language', ['zh', 'en']) ?? 'zh'

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
