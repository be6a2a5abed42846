import type { FastifyRequest } from 'fastify'
import type { Corps } from '../../organisation/corps/corps.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import type { AttemptKey, AttemptLimit } from '../../platform/security/counters.ts'
import { networkOf } from '../../platform/security/network-of.ts'
import type { Db } from '../../platform/storage/db.ts'
import { storable } from '../../platform/storage/foreign-text.ts'
import { type Words, wordsToStore } from '../../platform/words.ts'
import type { Strangers } from '../strangers/strangers.ts'
import { eraseRefusals, insertRefusals } from './store.ts'

/** What somebody was refused. `member` is missing before it is known who they are. */
export type NewRefusal = {
  request: FastifyRequest
  corpId: string | undefined
  member: { id: number } | undefined
  place: string
  reason: string
  detail: Words | string
}

export type Refusals = {
  /** Keeps it for whom they ask about it. Nobody waits for that, and what is too much is left out. */
  note(refused: NewRefusal): void
}

const windowMs = 86_400_000

/** Somebody who tries again and again needs no more rows to be understood. */
const ofMember: AttemptLimit = { purpose: 'refusals-of-member', atMost: 50, windowMs }
/** Without a member, by network: enough for a campus behind one address. */
const ofNetwork: AttemptLimit = { purpose: 'refusals-of-network', atMost: 200, windowMs }
/** Without a member, from all networks, so that an attacker who has many cannot fill the table. */
const ofNobody: AttemptLimit = { purpose: 'refusals-of-nobody', atMost: 5000, windowMs }

const detailAtMost = 500
const userAgentAtMost = 300

export function createRefusals(ctx: { now(): number; corps: Corps; strangers: Strangers }): Refusals {
  const keep = ctx.strangers.kind('refusal', insertRefusals)
  return {
    note(refused) {
      const { request, corpId, member, place, reason, detail } = refused
      // Nobody has to name a corp that exists.
      const known = corpId === undefined ? undefined : ctx.corps.find(corpId)?.corpId
      const row = {
        number: request.id,
        corpId: known ?? null,
        memberId: known === undefined ? null : (member?.id ?? null),
        at: new Date(ctx.now()),
        place,
        reason,
        detail: toStore(detail),
        address: callerAddress(request),
        userAgent: (request.headers['user-agent'] ?? '').slice(0, userAgentAtMost),
      }
      keep(row, limitsOf(refused))
    },
  }
}

function limitsOf({ request, corpId = '', member }: NewRefusal): AttemptKey[] {
  if (member) return [{ limit: ofMember, subject: { corpId, of: String(member.id) } }]
  return [
    { limit: ofNetwork, subject: { corpId: '', of: networkOf(request.ip) } },
    { limit: ofNobody, subject: { corpId: '', of: '' } },
  ]
}

/** Each language is cut by itself, because cut JSON could not be read back. A cut may halve a character. */
function toStore(detail: Words | string): string {
  const cut = (text: string) => storable(text.slice(0, detailAtMost))
  return typeof detail === 'string' ? cut(detail) : wordsToStore({ zh: cut(detail.zh), en: cut(detail.en) })
}

/** Takes away who was refused and from where; when, at which place and why stay. */
export async function blankRefusals(tx: Db, numbers: readonly string[]): Promise<void> {
  await eraseRefusals(tx, numbers)
}
