import { viewOf } from '../../organisation/directory/read/view.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { WecomError } from '../../upstream/wecom/errors.ts'
import { answered } from './ask.ts'
import { detailOf, type Subject, takeOver } from './follow/reread.ts'
import { maySee } from './may-see.ts'
import type { ApprovalNeeds } from './needs.ts'
import { grantsOf } from './setup/setup-store.ts'
import * as store from './store.ts'

/** Throws 1000 for one that the developer does not see; whether it exists is not told. */
export async function seenApproval(
  ctx: ApprovalNeeds,
  developer: Caller,
  asked: { spNo?: string | undefined; thirdNo?: string | undefined; requestId?: string | undefined },
): Promise<store.ApprovalRow> {
  const { corpId, devId } = developer
  const { spNo, thirdNo, requestId } = asked
  const name = spNo ?? thirdNo ?? requestId ?? ''
  const subject: Subject = thirdNo === undefined ? { flow: 'wecom', no: name } : { flow: 'own', no: name }
  const isByNumber = spNo !== undefined || thirdNo !== undefined
  const grants = await grantsOf(ctx.db, corpId, devId)
  if (isByNumber && grants.size > 0) await readUnknown(ctx, corpId, subject)
  const row = isByNumber
    ? await store.findByNo(ctx.db, corpId, subject.flow, subject.no)
    : await store.findByRequest(ctx.db, corpId, devId, name)
  if (row && maySee(viewOf(ctx, developer), grants, row)) return row
  throw new ApiError('badParameter', {
    zh: told`没有审批 ${name}，或此开发者不能查看`,
    en: told`there is no approval ${name} that this developer may see`,
  })
}

/** One that wisp has not met, such as one of before, is read now. */
async function readUnknown(ctx: ApprovalNeeds, corpId: string, subject: Subject): Promise<void> {
  if (await store.findByNo(ctx.db, corpId, subject.flow, subject.no)) return
  const detail = await detailOf(ctx, corpId, subject).catch(error => {
    if (error instanceof WecomError) return undefined
    return answered(() => Promise.reject(error))
  })
  if (!detail) return
  await ctx.db.transaction().execute(async tx => {
    // An event may have brought it meanwhile, by a later reading than this.
    if (await store.findByNo(tx, corpId, subject.flow, subject.no)) return
    await takeOver(tx, ctx, corpId, subject, detail, true)
  })
}
