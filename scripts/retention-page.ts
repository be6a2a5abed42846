import type { RetentionOfFeatures } from '../server/platform/storage/retention.ts'

const head = '| Table | Feature | Days | Counted from |\n|---|---|---|---|\n'

/** docs/retention.md with the rows of its table made of the declarations. */
export function retentionPage(page: string, retention: RetentionOfFeatures): string {
  const rows = Object.entries(retention).flatMap(([owner, tables]) =>
    tables.flatMap(one =>
      'prune' in one ? [`| \`${one.table}\` | ${owner} | ${one.keptDays} | ${one.countedFrom} |\n`] : [],
    ),
  )
  const begin = page.indexOf(head) + head.length
  return page.slice(0, begin) + rows.join('') + page.slice(page.indexOf('\n\n', begin) + 1)
}
