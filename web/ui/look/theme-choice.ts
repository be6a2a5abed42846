import { useSyncExternalStore } from 'react'
import { readChoice, writeChoice } from '../storage/stored.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()
let choice: ThemeChoice = readChoice('wisp.theme', ['light', 'dark', 'system']) ?? 'system'

system.addEventListener('change', apply)

export function setThemeChoice(next: ThemeChoice): void {
  choice = next
  writeChoice('wisp.theme', next)
  apply()
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice)
}

export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark)
}

function isDark(): boolean {
  return choice === 'dark' || (choice === 'system' && system.matches)
}

function apply(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light'
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
