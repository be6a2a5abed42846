import { noteAddress } from '../../../organisation/corps/addresses/ties.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { examineAgain } from '../../../organisation/corps/doctor/again.ts'
import type { Core } from '../../../platform/core.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { AgentCallback, CallbackKeys } from './callbacks.ts'
import { callbackPurpose } from './sealed.ts'
import * as store from './store.ts'
import { agentCallback } from './tied.ts'

/** So long is taken what WeCom signed with the old token before it saved the new one, and repeats. */
export const oldKeysMs = 3_600_000

/** Notes that WeCom verified the address with these keys. New ones take the place of those that were in use. */
export async function noteVerified(
  ctx: Core & { corps: Corps },
  callback: AgentCallback,
  keys: CallbackKeys,
): Promise<void> {
  const { corpId, agentId } = callback
  await ctx.db.transaction().execute(async tx => {
    const row = await store.lockCallback(tx, corpId, agentId)
    // It may have been removed since, or made anew.
    if (!row || ctx.seal.open(row.address_key, callbackPurpose) !== callback.addressKey) return
    const now = ctx.now()
    await store.updateCallback(tx, corpId, agentId, {
      verified_at: new Date(now),
      ...(isNext(ctx, row, keys) ? promoted(row, new Date(now + oldKeysMs)) : {}),
    })
    await noteAddress(ctx, tx, corpId, agentCallback, agentId)
    await examineAgain(ctx, tx, corpId)
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

function isNext({ seal }: Core, { next_token: token }: store.CallbackRow, keys: CallbackKeys): boolean {
  return token !== null && seal.open(token, callbackPurpose) === keys.token
}

function promoted(row: store.CallbackRow, until: Date): Partial<store.CallbackRow> {
  const { next_token: token, next_aes_key: aesKey } = row
  if (token === null || aesKey === null) return {}
  return {
    token,
    aes_key: aesKey,
    next_token: null,
    next_aes_key: null,
    old_token: row.token,
    old_aes_key: row.aes_key,
    old_until: until,
  }
}
