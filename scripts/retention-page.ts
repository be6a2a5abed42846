import type { RetentionOfFeatures } from '../server/platform/storage/retention.ts'
import { countedFromZh } from './retention-words.ts'

/** The pages of the developers' site that have the table, and how its head reads. */
export const retentionPages = {
  en: {
    file: 'web/docs/content/en/run/retention.md',
    head: '| Table | Feature | Days | Counted from |\n|---|---|---|---|\n',
  },
  zh: {
    file: 'web/docs/content/zh/run/retention.md',
    head: '| 表 | 所属功能 | 天数 | 从何时算起 |\n|---|---|---|---|\n',
  },
} as const

/** A page with the rows of its table made of the declarations. Throws for a table without Chinese words. */
export function retentionPage(
  language: keyof typeof retentionPages,
  page: string,
  retention: RetentionOfFeatures,
): string {
  const { head } = retentionPages[language]
  const rows = Object.entries(retention).flatMap(([owner, tables]) =>
    tables.flatMap(one => {
      if (!('prune' in one)) return []
      const from = language === 'en' ? one.countedFrom : countedFromZh[one.table]
      if (!from) throw new Error(`scripts/retention-words.ts does not say from when ${one.table} is counted`)
      return [`| \`${one.table}\` | ${owner} | ${one.keptDays} | ${from} |\n`]
    }),
  )
  const begin = page.indexOf(head) + head.length
  return page.slice(0, begin) + rows.join('') + page.slice(page.indexOf('\n\n', begin) + 1)
}
