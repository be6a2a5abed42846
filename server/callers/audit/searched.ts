import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import { hiddenActors } from '../../organisation/three/not-of-three.ts'
import { latestActs } from '../../platform/audit/store.ts'
import type { Core } from '../../platform/core.ts'
import { hitsAtMost, type SearchKind } from '../../platform/manifest/search.ts'
import { momentIn } from '../../platform/moments.ts'
import { actIn } from './telling.ts'

/**
 * The latest acts of or on somebody. Old acts are looked for in the audit log itself, which takes longer.
 */
export const actsSearched: SearchKind<Core & { corps: Corps }> = {
  title: { zh: '审计', en: 'Audit' },
  path: '/console/system/audit',
  point: 'audit:read',
  async find(ctx, { corpId, words, language, visitor }) {
    const hidden = await hiddenActors(ctx.db, visitor, corpId)
    const found = await latestActs(ctx.db, corpId, words, hitsAtMost)
    const shown = hidden ? found.filter(entry => !hidden.includes(entry.actor)) : found
    return shown.map(entry => {
      const who = entry.actorName || entry.actor
      const whom = entry.targetName || entry.target
      return {
        id: String(entry.id),
        title: actIn(language, entry.act),
        detail: `${who} → ${whom} ${momentIn(language, entry.at, { timeZone: zoneOf(ctx, corpId), now: ctx.now() })}`,
      }
    })
  },
}
