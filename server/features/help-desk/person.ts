import { type Static, Type } from 'typebox'
import type { Protection } from '../../callers/protection/protection.ts'
import { refusalsOf } from '../../callers/refusals/store.ts'
import { sessionsOf, signInsOf } from '../../callers/sessions/session-store.ts'
import { seenAfter } from '../../callers/sessions/sessions.ts'
import { signInView } from '../../callers/sign-in-log/sign-in-view.ts'
import { findSignIns } from '../../callers/sign-in-log/store.ts'
import { avatarOf, seenDepartments, type Viewer } from '../../organisation/directory/console/viewer.ts'
import { memberHistory } from '../../organisation/directory/feed-store.ts'
import { maskMobile } from '../../organisation/directory/mask-mobile.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import { membersById } from '../../organisation/directory/store.ts'
import { recentRuns } from '../../organisation/sync/runs/run-store.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Language } from '../../platform/words.ts'
import type { PersonNeeds } from '../message-choices/person-choices.ts'
import { messageOfPersonSchema, messagesOfPerson } from '../messages/fate/messages-of-person.ts'
import { appOfPersonSchema, appsOfPerson } from './apps-of-person.ts'
import { choicesForHelper, choicesOfPersonSchema } from './choices-of-person.ts'
import { namesOf } from './find-people.ts'
import { firstLineOf, firstLineSchema } from './first-line.ts'
import { maskEmail } from './mask-email.ts'
import { refusalSchema, refusalView } from './refusal-view.ts'
import { factorOf } from './reset-factor.ts'

const sessionSchema = Type.Object({
  id: Type.String(),
  signedInAt: Type.String(),
  seenAt: Type.String(),
  address: Type.String(),
  userAgent: Type.String(),
})

export const personSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  /** A signed link that is valid for an hour; '' without an avatar. */
  avatarUrl: Type.String(),
  position: Type.String(),
  /** Masked, as is the e-mail address. */
  mobile: Type.String(),
  email: Type.String(),
  /** Paths of the departments in sight. */
  orgs: Type.Array(Type.String()),
  /** 1 active, 2 disabled, 4 not activated. */
  status: Type.Number(),
  /** Sums up what the rows below say. */
  firstLine: firstLineSchema,
  /** When the whole address book was last read; '' before that. */
  syncedAt: Type.String(),
  /** When something about this member last changed, as far as changes are kept. */
  changedAt: Type.String(),
  sessions: Type.Array(sessionSchema),
  /** A second factor: an authenticator or passkeys. */
  factor: Type.Object({ isOn: Type.Boolean(), passkeys: Type.Number() }),
  signIns: Type.Array(
    Type.Object({
      at: Type.String(),
      address: Type.String(),
      userAgent: Type.String(),
      /** '' for a session that was not ended by anybody. */
      endedAt: Type.String(),
    }),
  ),
  refusals: Type.Array(refusalSchema),
  /** To applications, the latest first. */
  appSignIns: Type.Array(
    Type.Object({
      number: Type.String(),
      at: Type.String(),
      appName: Type.String(),
      wayName: Type.String(),
      /** '' where it succeeded. */
      why: Type.String(),
    }),
  ),
  messages: Type.Array(messageOfPersonSchema),
  messageChoices: choicesOfPersonSchema,
  apps: Type.Array(appOfPersonSchema),
})
export type Person = Static<typeof personSchema>

const shownAtMost = 20
const messagesAtMost = 100
const messagesMs = 30 * 86_400_000
/** The last of these that is done tells when the address book was read. */
const runsLookedAt = 20

/** Returns all that a help desk may see of a member whom it serves. @throws ApiError 1007 for any other member. */
export async function personOf(
  ctx: PersonNeeds & { protection: Protection },
  viewer: Viewer,
  core: MemberCore,
  language: Language,
): Promise<Person> {
  const { db } = ctx
  const { corpId } = viewer
  const now = ctx.now()
  const [[member], [change], runs, sessions, signIns, refusals, entered, messages, factor, messageChoices] =
    await Promise.all([
      membersById(db, corpId, [core.id]),
      memberHistory(db, corpId, core.id, 1),
      recentRuns(db, corpId, runsLookedAt),
      sessionsOf(db, { corpId, memberId: core.id }, new Date(now)),
      signInsOf(db, { corpId, memberId: core.id }, shownAtMost),
      refusalsOf(db, corpId, core.id, shownAtMost),
      findSignIns(
        db,
        { corpId, person: { memberIds: [core.id], userId: core.userId } },
        { limit: shownAtMost, offset: 0 },
      ),
      messagesOfPerson(
        ctx,
        { corpId, memberId: core.id },
        { status: core.status, after: new Date(now - messagesMs), limit: messagesAtMost },
        language,
      ),
      factorOf(ctx, corpId, core),
      choicesForHelper(ctx, { corpId, memberId: core.id }, language),
    ])
  if (!member) throw new ApiError('unknownMember', told`${core.userId}`)
  const lastDone = runs.find(run => run.state === 'done' && run.kind !== 'dry-run')
  const aliveAfter = seenAfter(ctx, corpId, now).member
  const { userId, name: userName, position, status } = member
  const shown = {
    status,
    messages,
    signIns: signIns.map(({ createdAt, address, userAgent, endedAt }) => ({
      address,
      userAgent,
      at: createdAt.toISOString(),
      endedAt: isoOf(endedAt),
    })),
    refusals: refusals.map(one => refusalView(one, language)),
  }
  return {
    ...shown,
    firstLine: firstLineOf(language, shown),
    userId,
    userName,
    position,
    avatarUrl: avatarOf(ctx, corpId, member),
    mobile: maskMobile(member.mobile),
    email: maskEmail(member.email),
    orgs: seenDepartments(viewer, member.departments).map(namesOf),
    syncedAt: isoOf(lastDone?.finishedAt),
    changedAt: isoOf(change?.at),
    sessions: sessions.filter(one => one.seenAt > aliveAfter || one.idleSeconds !== null).map(sessionView),
    appSignIns: entered.list
      .filter(one => one.appId !== null)
      .map(one => {
        const { number, at, appName, wayName, why } = signInView(one, language)
        return { number, at: at.toISOString(), appName, wayName, why }
      }),
    factor,
    messageChoices,
    apps: appsOfPerson(ctx, viewer, core),
  }
}

function sessionView(session: Awaited<ReturnType<typeof sessionsOf>>[number]) {
  const { id, createdAt, seenAt, address, userAgent } = session
  return { id, address, userAgent, signedInAt: createdAt.toISOString(), seenAt: seenAt.toISOString() }
}

function isoOf(at: Date | null | undefined): string {
  return at?.toISOString() ?? ''
}
