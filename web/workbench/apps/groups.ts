type AppCategory = { id: string; category: string }

/** Groups apps by category in the order in which the categories first appear; apps without a category come last. */
export function groupApps<T extends AppCategory>(
  apps: readonly T[],
  rest: string,
): { name: string; apps: T[] }[] {
  const groups = Map.groupBy(apps, app => app.category.trim())
  const named = [...groups].filter(([name]) => name !== '')
  const others = groups.get('')
  return [...named, ...(others ? [[rest, others] as const] : [])].map(([name, list]) => ({
    name,
    apps: [...list],
  }))
}

/** The apps with these ids, in the order of the ids. */
export function pick<T extends { id: string }>(apps: readonly T[], ids: readonly string[]): T[] {
  const byId = new Map(apps.map(app => [app.id, app]))
  return ids.flatMap(id => byId.get(id) ?? [])
}

/** `all`: those of the person first; or one category. */
export type AppFilter = 'all' | 'favourites' | 'recent' | { category: string }

type Arrangement<T> = { apps: readonly T[]; favourites: readonly string[]; recent: readonly string[] }

/** What the grid shows under a filter. `rest`: the name of the category of apps without one. */
export function filterApps<T extends AppCategory>(
  { apps, favourites, recent }: Arrangement<T>,
  filter: AppFilter,
  rest: string,
): T[] {
  if (filter === 'favourites') return pick(apps, favourites)
  if (filter === 'recent') return pick(apps, recent)
  if (filter !== 'all') return groupApps(apps, rest).find(({ name }) => name === filter.category)?.apps ?? []
  const own = new Set(favourites)
  return [...pick(apps, favourites), ...apps.filter(app => !own.has(app.id))]
}

/** The list with one id moved by `step` places. */
export function moved(ids: readonly string[], id: string, step: number): string[] {
  const at = ids.indexOf(id)
  if (at < 0) return [...ids]
  return ids.toSpliced(at, 1).toSpliced(Math.max(0, at + step), 0, id)
}
