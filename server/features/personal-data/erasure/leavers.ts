import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import { corpsThatErase, eraseDaysOf, insertRequest } from '../request-store.ts'
import { broughtBack, type KnownPerson, leaversBefore } from '../rows/person-store.ts'
import { askErasure, tombstonePurpose } from './erase.ts'

type Needs = Core & { offered: FeatureOffers }

const dayMs = 86_400_000
/** Of a corp in a night, so that a first night with years of leavers leaves room for other work. */
const personsANight = 500

/** Those whom something keeps, such as an open bill, are tried again after so many days. */
const triedAgainDays = 7

/** Actor of erasures that no person asked for. */
export const byItself = 'wisp'

/** Asks for the erasure of those whose time after leaving is over, and of those whom a restored backup brought back. */
export async function eraseDueLeavers(ctx: Needs): Promise<void> {
  for (const corpId of await corpsThatErase(ctx.db)) {
    const now = ctx.now()
    const refusedBefore = new Date(now - triedAgainDays * dayMs)
    const back = await broughtBack(ctx.db, corpId, refusedBefore, personsANight)
    // A number that was given again after the restore is somebody else's.
    const same = back.filter(one => ctx.seal.isSigned(tombstonePurpose, one.userKey, one.keyHash))
    for (const person of same) await ask(ctx, corpId, person, 'again')
    const days = await eraseDaysOf(ctx.db, corpId)
    if (days === undefined) continue
    const limits = { before: new Date(now - days * dayMs), refusedBefore }
    for (const person of await leaversBefore(ctx.db, corpId, limits, personsANight))
      await ask(ctx, corpId, person, 'leaver')
  }
}

/** What forbids it is written down as a refused request, which administrators see. */
async function ask(
  ctx: Needs,
  corpId: string,
  person: KnownPerson,
  cause: 'leaver' | 'again',
): Promise<void> {
  try {
    await askErasure(ctx, byItself, corpId, person, { cause, reason: '' })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // The task finds again what forbids it, and says so in its report.
    await ctx.db.transaction().execute(async tx => {
      const { memberId, userId, name } = person
      const askedAt = new Date(ctx.now())
      const given = { kind: 'erase' as const, memberId, userId, name, cause, reason: '', askedBy: byItself }
      await insertRequest(tx, corpId, { ...given, askedAt })
      await enqueue(tx, [{ corpId, stream: 'personal-data' }], askedAt)
    })
  }
}
