import { latestActs } from '../../platform/audit/store.ts'
import type { Core } from '../../platform/core.ts'
import { hitsAtMost, type Searched } from '../../platform/manifest/search.ts'

/**
 * The latest acts of or on somebody; `title` is the act's code, for which the page has the words. Old acts are looked for in the
 * audit log itself, which takes longer.
 */
export const actsSearched: Searched<Core> = {
  title: { zh: '审计', en: 'Audit' },
  path: '/console/system/audit',
  find: async ({ db }, { corpId, words }) =>
    (await latestActs(db, corpId, words, hitsAtMost)).map(entry => {
      const who = entry.actorName || entry.actor
      const whom = entry.targetName || entry.target
      return { id: String(entry.id), title: entry.act, detail: `${who} → ${whom} ${entry.at.toISOString()}` }
    }),
}
