import { useQuery } from '@tanstack/react-query'
import type { UrlPatch } from '../../../ui/address/url-state.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { type Language, useLanguage } from '../../../ui/language.ts'
import { type Area, textsInAll } from '../../../ui/text.ts'
import type { ConsolePage } from '../../console-page.ts'
import { type EntryName, entries, type GroupName } from '../../entries.ts'
import { useHasAccounts } from '../../official/has-accounts.ts'
import { placesFor } from '../../place.ts'
import { mayOpen } from '../../rights.ts'
import { type Settings, settings } from '../../settings.ts'

type Texts = Record<Language, string>
type TextOf = (area: Area, key: string) => Texts

/** A page, or a setting of one, as the search shows it: `detail` is where it is. */
export type SearchPlace = {
  id: string
  title: string
  detail: string
  path: string
  search: UrlPatch
  isSetting: boolean
}

const areas: Area[] = ['console', ...new Set(settings.map(one => one.area))]

/** The pages and settings that somebody may open and that have all words, in any language, in their names or above them. */
export function usePlaces(words: string): SearchPlace[] {
  const language = useLanguage()
  const session = useSession()
  const hasAccounts = useHasAccounts()
  const { data: textOf } = useQuery({
    queryKey: ['console', 'texts'],
    queryFn: () => textsInAll(areas),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!textOf || words === '') return []
  const asked = words.toLowerCase().split(/\s+/)
  const open = placesFor({ ...session, hasAccounts })
  const found = open
    .map(page => ({ place: placeOf(page, textOf, language), rank: rankOf(asked, ...textsOf(page, textOf)) }))
    .filter(({ rank }) => rank > 0)
    // By its own name before those that only their entry's name brings up.
    .sort((a, b) => b.rank - a.rank)
  const set = settings.flatMap(group => {
    const page = open.find(one => one.path === group.path)
    if (!page || !mayOpen({ ...page, level: group.level ?? page.level }, session)) return []
    return foundSettings(group, page, asked, textOf, language)
  })
  return [...found.map(one => one.place), ...set]
}

function foundSettings(
  group: Settings,
  page: ConsolePage,
  asked: string[],
  textOf: TextOf,
  language: Language,
): SearchPlace[] {
  const around = textsOf(page, textOf).flat()
  return group.labels
    .map(label => ({ label, texts: textOf(group.area, label) }))
    .filter(({ texts }) => rankOf(asked, [texts], around) > 1)
    .map(({ label, texts }) => ({
      id: `${group.area} ${label}`,
      title: texts[language],
      detail: textOf('console', page.name)[language],
      path: group.path,
      search: group.search ?? {},
      isSetting: true,
    }))
}

/** 0: words are missing; 1: all are there, in what is above alone; 2: one is its own. */
function rankOf(asked: string[], own: Texts[], above: Texts[]): number {
  const has = (texts: Texts[], word: string) =>
    texts.some(({ zh, en }) => zh.toLowerCase().includes(word) || en.toLowerCase().includes(word))
  if (!asked.every(word => has(own, word) || has(above, word))) return 0
  return asked.some(word => has(own, word)) ? 2 : 1
}

function above(page: ConsolePage): (EntryName | GroupName)[] {
  const group = entries.find(one => one.name === page.entry)?.group
  return group ? [group, page.entry] : [page.entry]
}

/** Its own names, and those of its entry and group. */
function textsOf(page: ConsolePage, textOf: TextOf): [own: Texts[], above: Texts[]] {
  const of = (key: string) => textOf('console', key)
  return [[of(page.name), ...(page.tab ? [of(page.tab)] : [])], above(page).map(of)]
}

function placeOf(page: ConsolePage, textOf: TextOf, language: Language): SearchPlace {
  const title = textOf('console', page.name)[language]
  const names = above(page).map(key => textOf('console', key)[language])
  return {
    id: page.path,
    title,
    path: page.path,
    search: {},
    isSetting: false,
    detail: names.filter(name => name !== title).join(' › '),
  }
}
