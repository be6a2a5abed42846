import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOpen } from '../../organisation/corps/suspension/check-open.ts'
import { isListed, type MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { memberPerson, type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Amr } from '../../platform/http/visitor.ts'
import { countsAsActive } from '../sessions/counts-as-active.ts'
import { openSession, type Sessions, type SignInProof } from '../sessions/sessions.ts'
import type { SignInLog, SignInWay } from '../sign-in-log/sign-in-log.ts'
import { rememberHere } from './known-browser.ts'
import { noteMemberSignIn } from './sign-in-audit.ts'
import { readWays } from './ways/ways-store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; roles: Roles; sessions: Sessions; signInLog: SignInLog }

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
  checkOpen(ctx, corpId, 403)
  const before = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
  const { acr, amr } = proved
  ctx.signInLog.note({ request, corpId, way: wayOf(amr), member, acr, amr })
  const holder = { corpId, memberId: member.id }
  if (keeps && before?.member?.id === member.id) {
    rememberHere(ctx, request, reply, holder)
    return ctx.sessions.prove(before.sessionId, proved)
  }
  if (before) await ctx.sessions.end(before.sessionId)
  const { roleLevel: level, isHelpDesk, grants } = memberPerson(ctx, corpId, member)
  const hasRole = level !== roleLevel.member || grants !== undefined
  const { insideDays } =
    isInside && !hasRole && !isHelpDesk ? await readWays(ctx.db, corpId) : { insideDays: 0 }
  await openSession(ctx, holder, { ...proved, longMs: insideDays * dayMs }, request, reply)
  rememberHere(ctx, request, reply, holder)
  if (!hasRole) return
  const { userId: id, name } = member
  await noteMemberSignIn(ctx, { corpId, id, name, address: request.ip }, proved.amr)
}

/** The last thing that somebody did to prove themselves. */
function wayOf(amr: readonly Amr[]): SignInWay {
  const ways = ['sms', 'passkey', 'qr'] as const
  return ways.find(one => amr.includes(one)) ?? 'wecom'
}

/** The member of a passkey, while they may sign in. Throws 1009. */
export async function passkeyMember(ctx: Needs, corpId: string, memberId: number): Promise<MemberCore> {
  const find = async () => ctx.mirrors.of(corpId).members.byId(memberId)
  const member = await ctx.mirrors.during(corpId, find, { ids: [memberId] })
  if (!member || !isListed(member) || !countsAsActive(member, ['passkey']))
    throw new ApiError('forbidden', {
      zh: '账号未激活或已停用，不能登录',
      en: 'the account is not activated, or disabled',
    })
  return member
}
