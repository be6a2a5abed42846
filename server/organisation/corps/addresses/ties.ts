import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { TiedAddress } from '../../../platform/manifest/setup/tied.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Corps, publicUrlOf } from '../corps.ts'
import { type Finding, failed } from '../doctor/check.ts'
import { adoptAddresses, keptAddresses, putAddress } from './store.ts'

/** What hangs on an address of wisp: `address` is where it was verified, `now` that of the corp today. */
export type Tie = TiedAddress & { address: string; now: string; isOld: boolean }

type Needs = Core & { corps: Corps; offered: FeatureOffers }

/** Where people and upstreams reach wisp for this corp: scheme, host and port. */
function addressNow(ctx: Core & { corps: Corps }, corpId: string): string {
  const url = publicUrlOf(ctx, ctx.corps.find(corpId))
  return URL.parse(url)?.origin ?? url
}

/** Keeps that something works at today's address. Call it in the transaction that notes its verification. */
export async function noteAddress(
  ctx: Core & { corps: Corps },
  db: Db,
  corpId: string,
  kind: string,
  subject: string | number = '',
): Promise<void> {
  const address = addressNow(ctx, corpId)
  await putAddress(db, { corpId, kind, subject: String(subject) }, address, new Date(ctx.now()))
}

/** Of each database handle, what `noteUse` has kept. */
const noted = new WeakMap<object, Map<string, string>>()
const notedAtMost = 50_000

/** Like `noteAddress`, for what shows with each use that it works: written once for an address by each process. */
export async function noteUse(
  ctx: Core & { corps: Corps },
  corpId: string,
  kind: string,
  subject: string | number = '',
): Promise<void> {
  const known = noted.get(ctx.db) ?? new Map<string, string>()
  noted.set(ctx.db, known)
  const key = `${corpId} ${kind} ${subject}`
  const address = addressNow(ctx, corpId)
  if (known.get(key) === address) return
  if (known.size >= notedAtMost) known.clear()
  await noteAddress(ctx, ctx.db, corpId, kind, subject)
  known.set(key, address)
}

/** All that hangs on an address of the corp, as far as it was verified at one. */
export async function tiesOf(ctx: Needs, corpId: string): Promise<Tie[]> {
  const [tied, kept] = await Promise.all([ctx.offered.tied(corpId), keptAddresses(ctx.db, corpId)])
  const addresses = new Map(kept.map(one => [`${one.kind} ${one.subject}`, one.address]))
  const now = addressNow(ctx, corpId)
  return tied.flatMap(one => {
    const stored = one.address ?? addresses.get(`${one.kind} ${one.subject ?? ''}`)
    const address = stored ?? (one.isProved ? now : undefined)
    if (address === undefined) return []
    return [{ ...one, address, now, isOld: address !== now && address !== one.alsoAt }]
  })
}

/**
 * Findings of a check-up, in which what was verified at another address than today's is wrong, whatever else is known of it. `checkUp`
 * is '' for that of the corp.
 */
export async function withOldAddresses(
  ctx: Needs,
  corpId: string,
  findings: readonly Finding[],
  checkUp = '',
): Promise<Finding[]> {
  const old = (await tiesOf(ctx, corpId)).filter(one => one.isOld && (one.checkUp ?? '') === checkUp)
  const oldOf = (id: string) => old.find(({ check }) => check === id)
  const told = new Set(findings.map(one => one.id))
  return [
    ...findings.map(one => {
      const tie = one.state === 'failed' ? undefined : oldOf(one.id)
      return tie ? failed(one.id, one.title, oldAddress(tie), tie.fix) : one
    }),
    ...old.flatMap(tie =>
      told.has(tie.check) ? [] : [failed(tie.check, tie.title, oldAddress(tie), tie.fix)],
    ),
  ]
}

function oldAddress({ address, now }: Tie) {
  return {
    zh: `是在旧地址 ${address} 通过验证的，现在的地址是 ${now}`,
    en: `It was verified at the old address ${address}; the address is ${now} now`,
  }
}

/** For corps that were set up before addresses were kept, and for what needs no verification: takes today's address. */
export async function adoptTies(ctx: Needs): Promise<void> {
  const kept = new Set(
    (await keptAddresses(ctx.db, undefined)).map(one => `${one.corpId} ${one.kind} ${one.subject}`),
  )
  for (const { corpId } of ctx.corps.all()) {
    const proved = (await ctx.offered.tied(corpId)).filter(one => one.isProved && one.address === undefined)
    const missing = proved
      .map(({ kind, subject = '' }) => ({ corpId, kind, subject, address: addressNow(ctx, corpId) }))
      .filter(({ kind, subject }) => !kept.has(`${corpId} ${kind} ${subject}`))
    await adoptAddresses(ctx.db, missing, new Date(ctx.now()))
  }
}
