import { type ReactNode, useState } from 'react'
import { useText } from '../../ui/text.ts'
import type { Tile, WorkbenchAnswer } from '../data.ts'
import { type AppFilter, filterApps, groupApps } from './groups.ts'

/** The filter of the grid of apps, and what it leaves. A category that is gone meanwhile shows all. */
export function useAppFilter(data: WorkbenchAnswer | undefined): {
  filter: AppFilter
  setFilter(filter: AppFilter): void
  shown: Tile[]
  categories: string[]
} {
  const t = useText('portal')
  const [chosen, setFilter] = useState<AppFilter>('all')
  const categories = groupApps(data?.apps ?? [], t('other')).map(({ name }) => name)
  const isGone = typeof chosen === 'object' && !categories.includes(chosen.category)
  const filter = isGone ? 'all' : chosen
  return { filter, setFilter, shown: data ? filterApps(data, filter, t('other')) : [], categories }
}

type Props = Pick<ReturnType<typeof useAppFilter>, 'filter' | 'setFilter' | 'categories'> & {
  hasRecent: boolean
}

/** One row of choices above the grid, which scrolls where it is too long. */
export function AppFilters({ filter, setFilter, categories, hasRecent }: Props): ReactNode {
  const t = useText('portal')
  const named = categories.length > 1 ? categories : []
  const choices: { name: string; value: AppFilter }[] = [
    { name: t('allApps'), value: 'all' },
    { name: t('favourites'), value: 'favourites' },
    ...(hasRecent ? [{ name: t('recent'), value: 'recent' as const }] : []),
    ...named.map(category => ({ name: category, value: { category } })),
  ]
  return (
    <fieldset className="wb-filters">
      <legend className="wisp-hidden">{t('categories')}</legend>
      {choices.map(({ name, value }) => (
        <button
          key={typeof value === 'object' ? `category ${name}` : value}
          type="button"
          className="wb-cut"
          title={name}
          aria-pressed={isSame(filter, value)}
          onClick={() => setFilter(value)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}

function isSame(one: AppFilter, other: AppFilter): boolean {
  return typeof one === 'object' && typeof other === 'object'
    ? one.category === other.category
    : one === other
}
