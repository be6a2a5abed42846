import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { randomText } from '../../../upstream/transport/push/callback-keys.ts'
import type { AgentCallback, Agents } from './callbacks.ts'
import { callbackPurpose } from './sealed.ts'
import { aesKeyLength, callbackNow, noCallback, tokenLength } from './set-callback.ts'
import * as store from './store.ts'

type Needs = Core & { agents: Agents; corps: Corps }

/**
 * Makes a Token and an EncodingAESKey anew. Those that are in use stay good until WeCom has verified the new ones. Throws 1000 for an
 * agent without a callback.
 */
export function rotateKeys(ctx: Needs, actor: string, corpId: string, agentId: number) {
  const seal = (length: number) => ctx.seal.seal(randomText(length), callbackPurpose)
  const change = { next_token: seal(tokenLength), next_aes_key: seal(aesKeyLength) }
  return changeKeys(ctx, { actor, corpId, agentId, act: 'agent.callback.rotate' }, change)
}

/** Forgets keys that WeCom has not verified yet. */
export function keepKeys(ctx: Needs, actor: string, corpId: string, agentId: number) {
  const change = { next_token: null, next_aes_key: null }
  return changeKeys(ctx, { actor, corpId, agentId, act: 'agent.callback.keep' }, change)
}

type Change = {
  actor: string
  corpId: string
  agentId: number
  act: 'agent.callback.rotate' | 'agent.callback.keep'
}

async function changeKeys(
  ctx: Needs,
  { actor, corpId, agentId, act }: Change,
  change: Pick<store.CallbackRow, 'next_token' | 'next_aes_key'>,
): Promise<AgentCallback> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.lockCallback(tx, corpId, agentId))) throw noCallback(agentId)
    await store.updateCallback(tx, corpId, agentId, change)
    await record(tx, ctx, { corpId, actor, act, target: String(agentId), detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return callbackNow(ctx, corpId, agentId)
}
