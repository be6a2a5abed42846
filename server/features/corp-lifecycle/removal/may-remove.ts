import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import { closureOf } from '../../../organisation/corps/suspension/closure.ts'
import type { SuspensionRow } from '../../../organisation/corps/suspension/store.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoment } from '../../../platform/format.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import { openOrderNumbers } from '../../payments/orders/order-list-store.ts'
import { openRefundNumbers } from '../../payments/refunds/refund-store.ts'
import { findHolds } from '../../personal-data/holds/hold-store.ts'
import { type CorpExport, readExport } from '../export/export-store.ts'

/** A corp is suspended for so long before it can be deleted, so that everybody who misses it has time to say so. */
export const suspendedDays = 7
const dayMs = 86_400_000

/** What keeps a corp from being deleted. */
export type Obstacle = {
  what: 'suspended' | 'days' | 'export' | 'orders' | 'refunds' | 'holds'
  words: Words
}

/** The one place that decides when a corp may be deleted, beside the id that is typed in. */
export async function obstaclesTo(
  db: Db,
  ctx: Pick<Core, 'now'> & { corps: Pick<Corps, 'find'> },
  corpId: string,
  row: SuspensionRow,
): Promise<{ obstacles: Obstacle[]; lastExport: CorpExport | undefined }> {
  const [lastExport, orders, refunds, holds] = await Promise.all([
    readExport(db, corpId),
    openOrderNumbers(db, corpId, numbersAtMost),
    openRefundNumbers(db, corpId, numbersAtMost),
    findHolds(db, { corpId, isOpen: true }, { limit: numbersAtMost, offset: 0 }),
  ])
  const timeZone = zoneOf(ctx, corpId)
  const told = (at: Date) => formatMoment(at, timeZone, ctx.now())
  const obstacles: Obstacle[] = []
  const closure = closureOf(row)
  if (!closure)
    obstacles.push({
      what: 'suspended',
      words: {
        zh: `企业没有暂停；暂停满 ${suspendedDays} 天后才能删除`,
        en: `the corp is not suspended; it can be deleted after ${suspendedDays} days of suspension`,
      },
    })
  const from = removableFrom(row)
  if (from && from.getTime() > ctx.now())
    obstacles.push({
      what: 'days',
      words: {
        zh: `暂停还不满 ${suspendedDays} 天，${told(from).zh} 之后才能删除`,
        en: `the corp has not been suspended for ${suspendedDays} days; it can be deleted after ${told(from).en}`,
      },
    })
  if (!row.suspendedAt || !lastExport || lastExport.exportedAt < row.suspendedAt)
    obstacles.push({
      what: 'export',
      words: {
        zh: lastExport
          ? `最近一次导出（${told(lastExport.exportedAt).zh}）早于这次暂停，请重新导出`
          : '还没有导出；暂停之后须先导出整个企业',
        en: lastExport
          ? `the last export (${told(lastExport.exportedAt).en}) is older than the suspension: export the corp again`
          : 'there is no export; the whole corp has to be exported after it was suspended',
      },
    })
  if (orders.length > 0)
    obstacles.push({
      what: 'orders',
      words: {
        zh: `还有支付没有结束，订单号：${numbersIn('zh', orders)}`,
        en: `payments are under way, by the numbers ${numbersIn('en', orders)}`,
      },
    })
  if (refunds.length > 0)
    obstacles.push({
      what: 'refunds',
      words: {
        zh: `还有退款没有结束，退款单号：${numbersIn('zh', refunds)}；可在 统一支付 → 账单 → 退款 中处理`,
        en: `refunds are not complete, by the numbers ${numbersIn('en', refunds)}; see Payments → Bills → Refunds`,
      },
    })
  if (holds.total > 0) {
    const named = holds.list.map(one => `${one.id} ${one.name}（${one.reason}）`)
    obstacles.push({
      what: 'holds',
      words: {
        zh: `还有 ${holds.total} 项保全没有结束：${numbersIn('zh', named)}；到期或结束保全后才能删除`,
        en: `legal holds are open (${holds.total}): ${numbersIn('en', named)}; the corp can be deleted once they have ended`,
      },
    })
  }
  return { obstacles, lastExport }
}

/** Null while it is not suspended. */
export function removableFrom({ suspendedAt }: Pick<SuspensionRow, 'suspendedAt'>): Date | null {
  return suspendedAt && new Date(suspendedAt.getTime() + suspendedDays * dayMs)
}

const numbersAtMost = 20

function numbersIn(language: 'zh' | 'en', numbers: readonly string[]): string {
  const shown = numbers.join(language === 'zh' ? '、' : ', ')
  if (numbers.length < numbersAtMost) return shown
  return language === 'zh' ? `${shown} 等` : `${shown} and perhaps more`
}
