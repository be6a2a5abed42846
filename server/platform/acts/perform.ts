import type { Act } from '../audit/acts.ts'
import { record, type WithWords } from '../audit/audit.ts'
import type { Core } from '../core.ts'
import { signal } from '../storage/bus.ts'
import type { Db } from '../storage/db.ts'

/** What a rule has written: what the audit log keeps of it, and the rule's answer. */
type ActResult<R, D extends object> = {
  target: string
  /** The target's name, where it is not what is stored under `target` now. */
  targetName?: string
  /** Must not contain a secret. */
  detail: D & WithWords<D>
  answer: R
}

/**
 * Does what an act writes. The transaction of `write` also records the act and tells all nodes that the corp's configuration is
 * another; this node has read it again when the answer is returned. Vendors are asked before, and never in the transaction.
 */
export async function perform<R, D extends object>(
  ctx: Core,
  { act, actor, corpId }: { act: Act; actor: string; corpId: string },
  write: (tx: Db) => Promise<ActResult<R, D>>,
): Promise<R> {
  const answer = await ctx.db.transaction().execute(async tx => {
    const { answer, ...entry } = await write(tx)
    await record(tx, ctx, { corpId, actor, act, ...entry })
    await signal(tx, 'wisp_config', corpId)
    return answer
  })
  await ctx.reloadConfig(corpId)
  return answer
}
