import { requestSync } from '../../../../server/organisation/sync/request.ts'
import { describeRun } from '../../../../server/organisation/sync/status.ts'
import { actor, dayMs, daysBack, type HistoryFill, personOf, until } from './part.ts'
import { changesSince, isThere, moveBeginning, repeatRun, spreadChanges } from './past-store.ts'

/** New positions of members after the first few, whom people look up by what they know of them. */
const positions = [
  '高级工程师',
  '项目经理',
  '产品经理',
  '会计主管',
  '招聘专员',
  '运维工程师',
  '客户经理',
  '测试工程师',
  '行政主管',
  '法务专员',
]
const firstOther = 20
const nights = 14

/** The corp was connected a month ago; since then members changed in WeCom, which called back, and every night all was compared. */
export async function fillAddressBook(filling: HistoryFill): Promise<void> {
  const { ctx, corpId } = filling
  if (await isThere(ctx.db, 'sync_run', corpId, new Date(ctx.now() - dayMs))) return
  const since = new Date(ctx.now())
  for (const [n, position] of positions.entries()) {
    const { userId } = personOf(filling, firstOther + n)
    await filling.sandbox('admin/user/update', { userid: userId, position })
  }
  await until('the changes of the address book', async () => {
    const changes = await changesSince(ctx.db, corpId, since)
    return changes >= positions.length
  })
  const run = await compareAsAtNight(filling)
  await ctx.db.transaction().execute(async tx => {
    await spreadChanges(tx, corpId, since, daysBack - 2)
    await moveBeginning(tx, corpId, actor, daysBack)
    await repeatRun(tx, run, nightsBefore(ctx.now(), nights))
  })
}

/** Compares the address book now, and returns the run. */
export async function compareAsAtNight({
  ctx,
  corpId,
}: Pick<HistoryFill, 'ctx' | 'corpId'>): Promise<number> {
  const run = await requestSync(ctx, 'nightly', corpId, 'reconcile')
  await until('the nightly run', async () => (await describeRun(ctx, corpId, run)).state === 'done')
  return run
}

/** Half past two of each of the last nights, where wisp runs: then the address book is compared. */
export function nightsBefore(now: number, nights: number): Date[] {
  const last = new Date(now).setHours(2, 30, 0, 0)
  const times = Array.from({ length: nights }, (_, n) => last - (nights - 1 - n) * dayMs)
  return times.filter(at => at < now).map(at => new Date(at))
}
