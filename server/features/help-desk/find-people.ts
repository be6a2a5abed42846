import { type Static, Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import { refusalNumbered } from '../../callers/refusals/store.ts'
import { findCalls } from '../../callers/requests/store.ts'
import { findSignIns } from '../../callers/sign-in-log/store.ts'
import type { Strangers } from '../../callers/strangers/strangers.ts'
import { pathOf, seenDepartments, sees, type Viewer } from '../../organisation/directory/console/viewer.ts'
import { maskMobile } from '../../organisation/directory/mask-mobile.ts'
import { type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { hasRole, type Roles } from '../../organisation/directory/permissions/person.ts'
import { isEverything } from '../../organisation/directory/permissions/sight.ts'
import { ownersOfMobile, wholeMobile } from '../../organisation/directory/read/find-member.ts'
import { leftPeople, membersById } from '../../organisation/directory/store.ts'
import type { Core } from '../../platform/core.ts'
import { codes } from '../../platform/http/errors.ts'
import type { Language } from '../../platform/words.ts'
import { type RefusalView, refusalSchema, refusalView, refusedSignInView } from './refusal-view.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors; roles: Roles; strangers: Strangers }

const foundPersonSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  /** The path of the main department among those in sight. */
  org: Type.String(),
  /** Masked. */
  mobile: Type.String(),
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: Type.Number(),
  /** '' unless they left. */
  leftAt: Type.String(),
  /** The help desk does not serve people with a role. */
  hasRole: Type.Boolean(),
})
export type FoundPerson = Static<typeof foundPersonSchema>

const foundCallSchema = Type.Object({
  requestId: Type.String(),
  at: Type.String(),
  path: Type.String(),
  developer: Type.String(),
  code: Type.String(),
  /** What the code says; '' for a call that succeeded. */
  words: Type.String(),
})

export const foundSchema = Type.Object({
  /** What was asked for turned out to be this. */
  by: Type.Enum(['refusal', 'call', 'mobile', 'words']),
  people: Type.Array(foundPersonSchema),
  /** There are more people than are shown. */
  isMore: Type.Boolean(),
  /** Under the number that was asked for. */
  refusal: Type.Union([refusalSchema, Type.Null()]),
  call: Type.Union([foundCallSchema, Type.Null()]),
})
export type FoundPeople = Static<typeof foundSchema>

const foundAtMost = 20
const leftAtMost = 3

/**
 * Finds people by whatever they can say on the phone: their name, 工号 (userid), whole mobile, the number on an error page, or the
 * request id of a call. A part of a mobile finds nobody, so that mobiles cannot be tried out.
 */
export async function findPeople(
  ctx: Needs,
  viewer: Viewer,
  asked: string,
  language: Language,
): Promise<FoundPeople> {
  const mobile = wholeMobile(asked)
  const known = mobile === undefined ? [] : await byMobile(ctx, viewer, mobile)
  const { cores, isMore } = byWords(viewer, asked)
  const numbered = await byNumber(ctx, viewer, asked, language, mobile !== undefined || cores.length > 0)
  if (numbered) return numbered
  const people = [...new Map([...known, ...cores].map(core => [core.id, core])).values()]
  const left = isEverything(viewer.sight) ? await leftWith(ctx, viewer.corpId, asked) : []
  return {
    by: known.length > 0 ? 'mobile' : 'words',
    people: [...(await rowsOf(ctx, viewer, people)), ...left],
    isMore,
    refusal: null,
    call: null,
  }
}

/** How the audit log names what was asked for. */
export function maskAsked(asked: string): string {
  return wholeMobile(asked) === undefined ? asked : maskMobile(asked.replace(/[\s-]/g, ''))
}

const numbers = /^[\w.]{1,40}-[\w.-]{1,40}$/

async function byNumber(
  ctx: Needs,
  viewer: Viewer,
  asked: string,
  language: Language,
  isOther: boolean,
): Promise<FoundPeople | undefined> {
  const number = asked.toLowerCase()
  if (!numbers.test(number)) return undefined
  const nothing = { people: [], isMore: false, refusal: null, call: null }
  const stored = () => storedUnder(ctx.db, viewer.corpId, number, language)
  // Whoever reads a number out has it for a moment only, and another node may not have written it.
  const { refusal, call } = (isOther ? await stored() : await ctx.strangers.look(stored)) ?? {}
  if (refusal) {
    const core = refusal.memberId === null ? undefined : viewer.mirror.members.byId(refusal.memberId)
    const isSeen = core ? sees(viewer, core) : refusal.memberId === null && isEverything(viewer.sight)
    if (!isSeen) return undefined
    // What administrators were refused tells of the console, which the help desk does not see.
    const isShown = !core || !hasRole(ctx.roles, viewer.corpId, core.id)
    const people = core ? await rowsOf(ctx, viewer, [core]) : []
    return { ...nothing, by: 'refusal', people, refusal: isShown ? refusal.view : null }
  }
  if (!call || !isEverything(viewer.sight)) return undefined
  const { params } = call
  const named = [params['userId'], params['userIds']].flatMap(one => one?.split('|') ?? [])
  const cores = named.flatMap(one => viewer.mirror.members.byKey(userKey(one)) ?? [])
  return {
    ...nothing,
    by: 'call',
    people: await rowsOf(
      ctx,
      viewer,
      cores.filter(core => sees(viewer, core)),
    ),
    call: {
      requestId: call.requestId,
      at: call.at.toISOString(),
      path: call.path,
      developer: ctx.developers.get(call.devId)?.name ?? call.devId,
      code: call.code,
      words: Object.values(codes).find(one => one.code === call.code)?.[language] ?? '',
    },
  }
}

/** What somebody was refused, or a call of a developer. */
async function storedUnder(db: Core['db'], corpId: string, number: string, language: Language) {
  const refusal = await refusedUnder(db, corpId, number, language)
  if (refusal) return { refusal }
  const asked = { corpId, requestId: number, from: new Date(0) }
  const [call] = (await findCalls(db, asked, { limit: 1, offset: 0 })).list
  return call && { call }
}

/** A sign-in to an application says more of itself than the refusal of its page does. */
async function refusedUnder(
  db: Core['db'],
  corpId: string,
  number: string,
  language: Language,
): Promise<{ memberId: number | null; view: RefusalView } | undefined> {
  const asked = { corpId, number, result: 'refused' as const }
  const [signIn] = (await findSignIns(db, asked, { limit: 1, offset: 0 })).list
  if (signIn?.appId) return { memberId: signIn.memberId, view: refusedSignInView(signIn, language) }
  const refusal = await refusalNumbered(db, corpId, number)
  return refusal && { memberId: refusal.memberId, view: refusalView(refusal, language) }
}

function byMobile(ctx: Needs, viewer: Viewer, mobile: string): Promise<MemberCore[]> {
  return ownersOfMobile(ctx, viewer.mirror, mobile, foundAtMost, core => sees(viewer, core))
}

function byWords(viewer: Viewer, asked: string): { cores: MemberCore[]; isMore: boolean } {
  const { members, search } = viewer.mirror
  const allow = (ordinal: number) => {
    const core = members.at(ordinal)
    return core !== undefined && sees(viewer, core)
  }
  const cores = search
    .search(asked, { offset: 0, limit: foundAtMost + 1, mobile: false, allow })
    .flatMap(ordinal => members.at(ordinal) ?? [])
  return { cores: cores.slice(0, foundAtMost), isMore: cores.length > foundAtMost }
}

async function rowsOf(ctx: Needs, viewer: Viewer, cores: readonly MemberCore[]): Promise<FoundPerson[]> {
  const stored = await membersById(
    ctx.db,
    viewer.corpId,
    cores.map(core => core.id),
  )
  const byId = new Map(stored.map(member => [member.id, member]))
  return cores.flatMap(core => {
    const member = byId.get(core.id)
    if (!member) return []
    const [main] = seenDepartments(viewer, [member.mainDepartment, ...member.departments])
    return {
      userId: core.userId,
      userName: core.name,
      org: main ? namesOf(main) : '',
      mobile: maskMobile(member.mobile),
      status: member.status,
      leftAt: '',
      hasRole: hasRole(ctx.roles, viewer.corpId, core.id),
    }
  })
}

export function namesOf(node: Parameters<typeof pathOf>[0]): string {
  return pathOf(node)
    .map(one => one.orgName)
    .join(' / ')
}

const leftStatus = 5

/** By the whole userid only: nobody is looked for among those who are gone. */
async function leftWith(ctx: Core, corpId: string, asked: string): Promise<FoundPerson[]> {
  const left = await leftPeople(ctx.db, corpId, userKey(asked), leftAtMost)
  return left.map(({ userId, name, leftAt }) => ({
    userId,
    userName: name,
    org: '',
    mobile: '',
    status: leftStatus,
    leftAt: leftAt.toISOString(),
    hasRole: false,
  }))
}
