import { type Corps, unknownCorp } from '../../../organisation/corps/corps.ts'
import { setRemoving } from '../../../organisation/corps/suspension/change.ts'
import { lockSuspension } from '../../../organisation/corps/suspension/store.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { wordsOfOthers } from '../../../platform/http/told.ts'
import { dropTasksOf, enqueue } from '../../../platform/queue/queue-store.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { obstaclesTo } from './may-remove.ts'
import { insertRemoval } from './removal-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'corp-removal': true
  }
}

/**
 * Begins to delete a corp with everything that wisp keeps of it; WeCom is not changed. From this transaction on the corp is unknown on
 * every way in, whoever was working on it writes nothing more, and a task deletes the rows in batches. Throws 1000, with everything that
 * is in the way.
 * @param typed the corp's id as somebody typed it in
 */
export async function removeCorp(
  ctx: Core & { corps: Corps },
  actor: string,
  corpId: string,
  typed: string,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const row = await lockSuspension(tx, corpId)
    if (!row) throw unknownCorp(corpId)
    if (typed !== corpId)
      throw new ApiError('badParameter', {
        zh: 'confirm 与要删除的企业 ID 不一致',
        en: 'confirm is not the id of the corp to be deleted',
      })
    if (row.removingAt)
      throw new ApiError('badParameter', { zh: '企业已经在删除', en: 'the corp is being deleted already' })
    const { obstacles, lastExport } = await obstaclesTo(tx, ctx, corpId, row)
    if (obstacles.length > 0 || !lastExport || !row.suspendedAt)
      throw new ApiError(
        'badParameter',
        wordsOfOthers({
          zh: `现在不能删除：${obstacles.map(one => one.words.zh).join('；')}`,
          en: `the corp cannot be deleted now: ${obstacles.map(one => one.words.en).join('; ')}`,
        }),
      )
    const now = new Date(ctx.now())
    await setRemoving(tx, corpId, now)
    const { name, suspendedAt, suspendedReason } = row
    const { exportedAt, sha256: exportSha256 } = lastExport
    await insertRemoval(tx, {
      corpId,
      name,
      begunAt: now,
      begunBy: actor,
      suspendedAt,
      suspendedReason,
      exportedAt,
      exportSha256,
    })
    await dropTasksOf(tx, corpId)
    await enqueue(tx, [{ corpId, stream: 'corp-removal' }], now)
    // Of no corp: the corp's own entries are deleted with it.
    await record(tx, ctx, {
      corpId: null,
      actor,
      act: 'corp.remove',
      target: corpId,
      targetName: name,
      detail: { reason: suspendedReason, sha256: exportSha256 },
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}
