import type { Core } from '../../../platform/core.ts'
import { counted } from '../../../platform/format.ts'
import type { Words } from '../../../platform/words.ts'
import { countOpenBills } from './store.ts'

/** Why somebody with open bills is not erased: who owes them would not be known. */
export async function openBills(ctx: Core, corpId: string, memberId: number): Promise<Words | undefined> {
  const n = await countOpenBills(ctx.db, corpId, memberId)
  if (n === 0) return undefined
  return {
    zh: `还有 ${n} 张账单未付：请先收款或关闭账单`,
    en: `${counted(n, 'bill')} not paid yet: have them paid, or close them`,
  }
}
