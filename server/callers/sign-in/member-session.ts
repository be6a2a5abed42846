import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import { checkTakesSignIns } from '../../organisation/corps/suspension/check-open.ts'
import {
  externalFeature,
  isExternal,
  isHere,
  type MemberCore,
} from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { memberPerson, type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { checkRestored } from '../../organisation/three/check-restored.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Amr } from '../../platform/http/visitor.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Protection } from '../protection/protection.ts'
import { countsAsActive } from '../sessions/counts-as-active.ts'
import type { NewSession, Sessions, SignInProof } from '../sessions/sessions.ts'
import type { SignInLog, SignInWay } from '../sign-in-log/sign-in-log.ts'
import { type BrowserMember, isKnownHere, rememberHere } from './known-browser.ts'
import { noteMemberSignIn } from './sign-in-audit.ts'
import { readWays } from './ways/ways-store.ts'

type Needs = Core & {
  corps: Corps
  mirrors: Mirrors
  protection: Protection
  roles: Roles
  sessions: Sessions
  signInLog: SignInLog
  three: Three
}

const dayMs = 86_400_000

/** A member, and where they proved themselves. */
export type SignedInMember = { corpId: string; member: MemberCore; isInside?: boolean }

/**
 * Signs a member in. Somebody else who is signed in in this browser is signed out; the same person goes on with what they have open
 * where `keeps` says so, as after 确认登录. Throws 1009 (403) while the corp is suspended.
 */
export async function enterMember(
  ctx: Needs,
  { corpId, member, isInside = false }: SignedInMember,
  proved: SignInProof,
  keeps: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  checkTakesSignIns(ctx, corpId, 403)
  checkRestored(ctx, corpId, memberPerson(ctx, corpId, member))
  const before = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
  const { acr, amr } = proved
  const note = () => ctx.signInLog.note({ request, corpId, way: wayOf(amr), member, acr, amr })
  const holder = { corpId, memberId: member.id }
  if (keeps && before?.member?.id === member.id) {
    note()
    rememberHere(ctx, request, reply, holder)
    return ctx.sessions.prove(before.sessionId, proved)
  }
  if (before) await ctx.sessions.end(before.sessionId)
  const {
    roleLevel: level,
    isHelpDesk,
    grants,
    separated,
    ofInstallation,
  } = memberPerson(ctx, corpId, member)
  const isOfThree = separated?.as !== undefined || ofInstallation !== undefined
  const hasRole = level !== roleLevel.member || grants !== undefined || isOfThree
  const { insideDays } =
    isInside && !hasRole && !isHelpDesk ? await readWays(ctx.db, corpId) : { insideDays: 0 }
  const told = toldOfNewDevice(ctx, request, holder, hasRole || isHelpDesk === true)
  await ctx.sessions.open(
    holder,
    { ...proved, longMs: insideDays * dayMs, hasRole: hasRole || isHelpDesk === true, ...told },
    request,
    reply,
  )
  note()
  rememberHere(ctx, request, reply, holder)
  if (!hasRole) return
  const { userId: id, name } = member
  await noteMemberSignIn(ctx, { corpId, id, name, address: request.ip }, proved.amr)
}

/**
 * What is stored with the session of somebody who is told of it: the message is due, by the session's id. A browser that signs in for the
 * first time in half a year, or has lost its cookies, is new.
 */
function toldOfNewDevice(
  ctx: Needs,
  request: FastifyRequest,
  holder: BrowserMember,
  hasRole: boolean,
): Pick<NewSession, 'also'> {
  const { newDevice } = ctx.protection.ofCorp(holder.corpId)
  const isTold = newDevice === 'everyone' || (newDevice === 'administrators' && hasRole)
  if (!isTold || isKnownHere(ctx, request, holder)) return {}
  const { corpId } = holder
  return { also: (tx, key) => enqueue(tx, [{ corpId, stream: 'new-device', key }], new Date(ctx.now())) }
}

/** The last thing that somebody did to prove themselves. */
function wayOf(amr: readonly Amr[]): SignInWay {
  const ways = ['sms', 'mail', 'passkey', 'qr'] as const
  return ways.find(one => amr.includes(one)) ?? 'wecom'
}

/** The member of a passkey, while they may sign in. Throws 1009. */
export async function passkeyMember(ctx: Needs, corpId: string, memberId: number): Promise<MemberCore> {
  const find = async () => ctx.mirrors.of(corpId).members.byId(memberId)
  const member = await ctx.mirrors.during(corpId, find, { ids: [memberId] })
  const isOpen = member && (!isExternal(member) || isOn(ctx, corpId, externalFeature))
  if (!member || !isOpen || !isHere(member) || !countsAsActive(member, ['passkey']))
    throw new ApiError('forbidden', {
      zh: '账号未激活或已停用，不能登录',
      en: 'the account is not activated, or disabled',
    })
  return member
}
