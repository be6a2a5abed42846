import type { Core } from '../../../platform/core.ts'
import { OfficialError } from '../../../upstream/official/errors.ts'
import { fetchStableToken } from '../../../upstream/official/token.ts'
import { roomAt } from '../../../upstream/transport/pace/room.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'

/** How many pieces of work that ask WeChat about official accounts, and that nobody waits for, may be under way. */
export type OfficialRoom = (atMost: number) => number

const withinMs = 10_000
/** Credentials of no account, whose refusal is an answer. */
const nobody = { appId: 'wx0000000000000000', secret: '0'.repeat(32) }

export function createOfficialRoom(ctx: Core & { upstreamPool: UpstreamPool }): OfficialRoom {
  const { upstreamPool: pool, stopping: signal, now } = ctx
  const options = { pool, baseUrl: ctx.config.officialUrl, ...nobody, timeoutMs: withinMs, now, signal }
  return roomAt(ctx, 'official', async () => {
    try {
      await fetchStableToken(options)
    } catch (error) {
      if (!(error instanceof OfficialError)) throw error
    }
  })
}
