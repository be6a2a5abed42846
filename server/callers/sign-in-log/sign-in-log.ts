import type { Core } from '../../platform/core.ts'
import { describeError } from '../../platform/operation/log.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import type { AttemptKey, AttemptLimit } from '../../platform/security/counters.ts'
import { networkOf } from '../../platform/security/network-of.ts'
import { storable } from '../../platform/storage/foreign-text.ts'
import { type Words, wordsToStore } from '../../platform/words.ts'
import type { Strangers } from '../strangers/strangers.ts'
import { insertSignIns, type SignInRow } from './store.ts'

/** How an application asked for a sign-in, or how somebody proved to wisp who they are. */
export type SignInWay =
  | 'oidc'
  | 'device'
  | 'refresh'
  | 'cas'
  | 'ldap'
  | 'wecom'
  | 'qr'
  | 'sms'
  | 'mail'
  | 'passkey'
  | 'password'
  | 'second-factor'

/** A sign-in, or a refusal where there is a `reason`. */
export type NotedSignIn = {
  request: { id: string; ip: string; headers: { 'user-agent'?: string | undefined } }
  corpId: string
  way: SignInWay
  /** Missing: wisp itself. */
  app?: { id: string; name: string } | undefined
  /** Missing before it is known who they are. */
  member?: { id: number; userId: string; name: string } | undefined
  reason?: string | undefined
  detail?: Words | string | undefined
  acr?: number | undefined
  amr?: readonly string[] | undefined
  /** Names of the claims or attributes that the application was given. */
  released?: readonly string[] | undefined
}

export type SignInLog = {
  /** Keeps it. Nobody waits for that; of refusals, what is too much is left out. */
  note(signIn: NotedSignIn): void
  /** Resolves when all that was noted has been written. */
  settled(): Promise<void>
}

const windowMs = 86_400_000
const refusalsOfMember: AttemptLimit = { purpose: 'sign-in-refusals-of-member', atMost: 200, windowMs }
/** Without a member, by network and in all, so that nobody can fill the table. */
const refusalsOfNetwork: AttemptLimit = { purpose: 'sign-in-refusals-of-network', atMost: 1000, windowMs }
const refusalsOfNobody: AttemptLimit = { purpose: 'sign-in-refusals-of-nobody', atMost: 20_000, windowMs }

const detailAtMost = 500
const userAgentAtMost = 300

export function createSignInLog(ctx: Core & { strangers: Strangers }): SignInLog {
  const keepRefusal = ctx.strangers.kind('refused sign-in', insertSignIns)
  /** Sign-ins that succeeded: there are no more of them than sessions and tickets, whose rows people wait for. */
  const open = new Set<Promise<void>>()
  return {
    note(signIn) {
      const row = rowOf(signIn, new Date(ctx.now()))
      if (row.reason !== '') return keepRefusal(row, limitsOf(signIn))
      const work = insertSignIns(ctx.db, [row])
        .catch(error => ctx.log.warn(describeError(error), 'sign-in not kept'))
        .finally(() => open.delete(work))
      open.add(work)
    },
    async settled() {
      await Promise.all([...open, ctx.strangers.settled()])
    },
  }
}

function limitsOf({ request, corpId, member }: NotedSignIn): AttemptKey[] {
  if (member) return [{ limit: refusalsOfMember, subject: { corpId, of: String(member.id) } }]
  return [
    { limit: refusalsOfNetwork, subject: { corpId, of: networkOf(request.ip) } },
    { limit: refusalsOfNobody, subject: { corpId, of: '' } },
  ]
}

function rowOf(signIn: NotedSignIn, at: Date): SignInRow {
  const { request, corpId, way, app, member, reason = '', detail = '', acr, amr, released } = signIn
  return {
    corpId,
    at,
    number: request.id,
    appId: app?.id ?? null,
    appName: app?.name ?? '',
    memberId: member?.id ?? null,
    userId: member?.userId ?? '',
    userName: member?.name ?? '',
    way,
    reason,
    detail: toStore(detail),
    acr: acr ?? null,
    amr: amr ?? [],
    released: released ?? [],
    address: callerAddress(request),
    userAgent: cut(request.headers['user-agent'] ?? '', userAgentAtMost),
  }
}

/** A cut may halve a character. */
function cut(text: string, atMost: number): string {
  return storable(text.slice(0, atMost))
}

/** Each language is cut by itself, because cut JSON could not be read back. */
function toStore(detail: Words | string): string {
  if (typeof detail === 'string') return cut(detail, detailAtMost)
  return wordsToStore({ zh: cut(detail.zh, detailAtMost), en: cut(detail.en, detailAtMost) })
}
