import { viewerOf } from '../../../organisation/directory/console/viewer.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoney } from '../../../platform/format.ts'
import { hitsAtMost, type SearchKind } from '../../../platform/manifest/search.ts'
import { reachOf } from '../bills/creator.ts'
import { newestBills } from '../bills/store.ts'

/** Bills by number, title and payer. */
export const billsSearched: SearchKind<Core & { mirrors: Mirrors }> = {
  title: { zh: '账单', en: 'Bills' },
  path: '/console/payments/bills',
  point: 'payment:read',
  graded: true,
  async find(ctx, { corpId, visitor, words }) {
    const filter = { text: words, reach: reachOf(viewerOf(ctx, corpId, visitor)) }
    const page = { limit: hitsAtMost, now: new Date(ctx.now()) }
    return (await newestBills(ctx.db, corpId, filter, page)).map(
      ({ id, title, amount, payerName, billNo }) => ({
        id: String(id),
        title: `${title} ${formatMoney(amount)}`,
        detail: `${payerName} ${billNo}`,
      }),
    )
  },
}
