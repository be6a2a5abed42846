import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'
import type { Outbound } from '../security/outbound.ts'
import { putSetting, readSetting } from '../storage/settings.ts'

type Needs = Core & { outbound: Outbound }

const timeoutMs = 5000
const hostsAtOnce = 8
const setting = 'certificates'

/** When the certificate ends that an https address shows, in ms since the epoch; undefined when it could not be seen. */
export async function certificateEndAt(ctx: Needs, origin: string): Promise<number | undefined> {
  // Addresses that only a corp entered are not looked at in our own network (security/outbound.ts).
  const isOwn = origin === URL.parse(ctx.publicUrl())?.origin
  const errand = { asker: { slot: 'servers', of: `certificate ${origin}` }, timeoutMs, isOwn } as const
  try {
    return (await ctx.outbound.certificateEnd(origin, errand)).getTime()
  } catch (error) {
    ctx.log.info({ origin, ...describeError(error) }, 'certificate not seen')
    return undefined
  }
}

/**
 * When the certificates of all https addresses end; those that cannot be seen are left out. The results are stored; an address
 * that cannot be seen now keeps its last one.
 */
export async function lookAtCertificates(
  ctx: Needs,
  origins: readonly string[],
): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const left = [...origins]
  const look = async () => {
    for (let origin = left.pop(); origin !== undefined && !ctx.stopping.aborted; origin = left.pop()) {
      const endsAt = await certificateEndAt(ctx, origin)
      if (endsAt !== undefined) seen.set(origin, endsAt)
    }
  }
  await Promise.all(Array.from({ length: hostsAtOnce }, look))
  const before = await lastSeen(ctx)
  const known = origins.flatMap(origin => {
    const endsAt = seen.get(origin) ?? before.get(origin)
    return endsAt === undefined ? [] : [[origin, endsAt]]
  })
  await putSetting(ctx.db, setting, Object.fromEntries(known))
  return seen
}

/** The ends by address, as they were stored when all of them were last looked at. */
export async function lastSeen({ db }: Pick<Core, 'db'>): Promise<Map<string, number>> {
  return new Map(Object.entries(((await readSetting(db, setting)) ?? {}) as Record<string, number>))
}
