import { use, useCallback } from 'react'
import type { Areas } from '../text/areas.ts'
import { currentLanguage, formatNumber, type Language, setLanguage, useLanguage } from './language.ts'

export type Area = keyof Areas
export type Values = Record<string, string | number>
export type Translator<A extends Area> = (key: keyof Areas[A] & string, values?: Values) => string

type Texts = Record<string, string>

const files = import.meta.glob<Texts>('../text/{zh,en}/*.ts', { import: 'text' })
const loads = new Map<string, Promise<Texts>>()

/**
 * Returns a function for the texts of one area in the chosen language; suspends until they are loaded.
 * `{name}` is replaced by a value (numbers are grouped), `{name|one|many}` by the word that fits the number.
 */
export function useText<A extends Area>(area: A): Translator<A> {
  const texts = use(load(useLanguage(), area))
  return useCallback((key, values) => fill(texts[key] ?? key, values), [texts])
}

/** Loads the texts of the first screen in advance, so that it does not suspend. */
export async function preloadText(...areas: Area[]): Promise<void> {
  await Promise.all(areas.map(area => load(currentLanguage(), area)))
}

/** Begins to load the texts of code that has just been loaded; the build adds the call (vite.config.ts). */
export function expectText(areas: readonly Area[]): void {
  for (const area of areas) void load(currentLanguage(), area)
}

/** Resolves when nothing that was asked for is missing. What could not be loaded is asked for again where it is shown. */
export async function expectedTexts(): Promise<void> {
  await Promise.allSettled(loads.values())
}

/** The texts of some areas in every language, for whoever looks for a word in any of them. */
export async function textsInAll(
  areas: readonly Area[],
): Promise<(area: Area, key: string) => Record<Language, string>> {
  const inLanguage = async (language: Language) =>
    new Map(await Promise.all(areas.map(async area => [area, await load(language, area)] as const)))
  const [zh, en] = await Promise.all([inLanguage('zh'), inLanguage('en')])
  return (area, key) => ({ zh: zh.get(area)?.[key] ?? key, en: en.get(area)?.[key] ?? key })
}

/** Changes the language after all texts in use have been loaded, so that no text is missing in between. */
export async function changeLanguage(next: Language): Promise<void> {
  const shown = [...loads.keys()].map(path => path.replace(/^.*\/(.+)\.ts$/, '$1') as Area)
  await Promise.all([...new Set(shown)].map(area => load(next, area)))
  setLanguage(next)
}

function load(wanted: Language, area: Area): Promise<Texts> {
  const path = `../text/${wanted}/${area}.ts`
  const known = loads.get(path)
  if (known) return known
  const loading = (files[path] ?? (() => Promise.reject(new Error(`no texts ${path}`))))()
  loads.set(path, loading)
  loading.then(
    // What is there already is shown in the same render: React reads this of a promise before it waits.
    value => Object.assign(loading, { status: 'fulfilled', value }),
    () => loads.delete(path),
  )
  return loading
}

function fill(text: string, values: Values | undefined): string {
  if (!values) return text
  return text.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
    (whole, name: string, one?: string, many?: string) => {
      const value = values[name]
      if (value === undefined) return whole
      if (one !== undefined && many !== undefined) return value === 1 ? one : many
      return typeof value === 'number' ? formatNumber(value) : value
    },
  )
}
