/**
 * People from outside WeCom: who they are, who answers for them (担保人) and until when. All ways in (page, file, API of management, command)
 * call this file. Their rows in the address book are written by `writeDirectory`, in one transaction with everything else.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import {
  externalFeature,
  isExternal,
  isListed,
  userKey,
} from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { wholeMobile } from '../../organisation/directory/read/find-member.ts'
import { newExternalId } from '../../organisation/directory/write/external.ts'
import type { ExternalOperation } from '../../organisation/directory/write/plan.ts'
import { type WriteResult, writeDirectory } from '../../organisation/directory/write/writer.ts'
import type { Act } from '../../platform/audit/acts.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion, versionOf } from '../../platform/http/form-version.ts'
import { isMailAddress, readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { enqueueEach } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { checkKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import { departmentAt, departmentsIn, lineageOf, readPath } from './departments.ts'
import { tellEnded } from './external-events.ts'
import * as store from './external-store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    'external-people': true
  }
}

export type ExternalNeeds = Core & {
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
}

/** The migration with which they came; older nodes would list them as members of WeCom. */
const since = '0186-external-people.sql'

const dayMs = 86_400_000
/** From the present moment: a year, which may be a leap year. */
export const daysAtMost = 366
const peopleAtMost = 50_000

export type Sponsor = { userId: string } | { departmentId: number }

export type ExternalInput = {
  name: string
  mobile: string
  email: string
  organisation: string
  /** The id of a department of theirs, or a path below the root that is made where it is missing; absent: the root. */
  department?: number | string | undefined
  sponsor: Sponsor
  endsAt: Date
}

export type CheckedPerson = Omit<ExternalInput, 'sponsor' | 'department'> & {
  department: number | string
  sponsorId: number | null
  sponsorDepartment: number | null
}

/** When reminders are due, in days before the end. */
export const remindDays = [14, 3] as const

/** When something has to be done next about somebody whose end is then. */
export function nextDue(endsAt: Date, now: number): Date {
  const times = [...remindDays.map(days => endsAt.getTime() - days * dayMs), endsAt.getTime()]
  return new Date(times.find(at => at > now) ?? now)
}

/** Reads what somebody gave. Throws 1000, 1001, 1005 and 1007. */
export function checkPerson(ctx: ExternalNeeds, corpId: string, given: ExternalInput): CheckedPerson {
  return { ...checkFields(ctx, given), ...sponsorOf(ctx, corpId, given.sponsor) }
}

/** `was`: the end that it had before, which stays good. */
function checkFields(
  ctx: Core,
  given: Omit<ExternalInput, 'sponsor'>,
  was?: Date,
): Omit<CheckedPerson, 'sponsorId' | 'sponsorDepartment'> {
  const name = readName(given.name)
  const organisation = readName(given.organisation, 'organisation')
  const mobile = given.mobile.trim() === '' ? '' : wholeMobile(given.mobile)
  if (mobile === undefined)
    throw new ApiError('badParameter', {
      zh: told`mobile：${given.mobile} 不是完整的手机号，其他国家和地区的以 + 开头`,
      en: told`mobile: ${given.mobile} is not a whole mobile number; one outside mainland China begins with +`,
    })
  const email = given.email.trim()
  if (email !== '' && (!isMailAddress(email) || email.length > 254))
    throw new ApiError('badParameter', {
      zh: told`email：${email} 不是邮箱地址，应如 name@example.com`,
      en: told`email: ${email} is not a mail address; it should be like name@example.com`,
    })
  if (mobile === '' && email === '')
    throw new ApiError('missingParameter', {
      zh: 'mobile 与 email 至少填一个，用来登录',
      en: 'mobile or email: at least one is needed to sign in',
    })
  if (was?.getTime() !== given.endsAt.getTime()) checkEnd(given.endsAt, ctx.now())
  if (typeof given.department === 'string') readPath(given.department)
  return {
    name,
    organisation,
    mobile,
    email,
    department: given.department ?? '',
    endsAt: given.endsAt,
  }
}

function checkEnd(endsAt: Date, now: number): void {
  if (endsAt.getTime() <= now)
    throw new ApiError('badParameter', {
      zh: told`endsAt：到期时间 ${own(endsAt.toISOString())} 已过；没有保存`,
      en: told`endsAt: ${own(endsAt.toISOString())} is in the past; nothing was saved`,
    })
  if (endsAt.getTime() > now + daysAtMost * dayMs)
    throw new ApiError('badParameter', {
      zh: told`endsAt：到期时间 ${own(endsAt.toISOString())} 超过一年；最长一年，到期前可续期。没有保存`,
      en: told`endsAt: ${own(endsAt.toISOString())} is more than a year away; a year at most, renewable before it ends. Nothing was saved`,
    })
}

function sponsorOf(ctx: ExternalNeeds, corpId: string, sponsor: Sponsor) {
  const { members, tree } = ctx.mirrors.of(corpId)
  if ('userId' in sponsor) {
    const core = members.byKey(userKey(sponsor.userId))
    if (!core || !isListed(core)) throw new ApiError('unknownMember', told`sponsor ${sponsor.userId}`)
    return { sponsorId: core.id, sponsorDepartment: null }
  }
  if (!tree.get(sponsor.departmentId))
    throw new ApiError('unknownDepartment', told`sponsor ${sponsor.departmentId}`)
  return { sponsorId: null, sponsorDepartment: sponsor.departmentId }
}

export type ContactOf = { id: number; mobile: string; email: string }

/**
 * What stands in the way of these people, by their places in the list: a member of WeCom or somebody else from outside has the mobile, or
 * somebody else from outside the mail address.
 */
export async function conflictsOf(
  db: Db,
  corpId: string,
  people: readonly ContactOf[],
): Promise<Map<number, ApiError>> {
  const mobiles = people.flatMap(one => one.mobile || [])
  const mails = people.flatMap(one => one.email.toLowerCase() || [])
  const holders = await store.holdersOf(db, corpId, { mobiles, mails })
  const byMobile = Map.groupBy(holders, one => one.mobile)
  const byMail = Map.groupBy(holders.filter(isExternal), one => one.email)
  const found = new Map<number, ApiError>()
  for (const [at, { id, mobile, email }] of people.entries()) {
    const others = (list: readonly store.Holder[] = []) => list.filter(one => one.id !== id)
    const sameMobile = mobile ? others(byMobile.get(mobile)) : []
    const member = sameMobile.find(isListed)
    const [outside = others(email ? byMail.get(email.toLowerCase()) : [])[0]] = sameMobile.filter(isExternal)
    if (member)
      found.set(
        at,
        new ApiError('badParameter', {
          zh: told`mobile：企业微信成员 ${member.userId} 使用这个手机号，不能再添加为外部人员`,
          en: told`mobile: the WeCom member ${member.userId} has this number, and cannot be added as a person from outside`,
        }),
      )
    else if (outside)
      found.set(
        at,
        new ApiError('badParameter', {
          zh: told`手机号或邮箱已被外部人员 ${outside.userId} 使用`,
          en: told`the person from outside ${outside.userId} has this mobile or mail address already`,
        }),
      )
  }
  return found
}

async function checkConflicts(db: Db, corpId: string, people: readonly ContactOf[]): Promise<void> {
  const [first] = (await conflictsOf(db, corpId, people)).values()
  if (first) throw first
}

/** Adds these people, all or none. Returns their userids. Throws 1000 to 1007, 1009, and 1013 while an older node lives. */
export async function addPeople(
  ctx: ExternalNeeds,
  actor: string,
  corpId: string,
  given: readonly ExternalInput[],
  fileName?: string,
): Promise<string[]> {
  checkOn(ctx, corpId, externalFeature)
  await checkKnownByAll(ctx.db, since)
  return ctx.mirrors.during(corpId, async () => {
    const people = given.map(one => ({ ...checkPerson(ctx, corpId, one), userId: newExternalId() }))
    if ((await store.countPresent(ctx.db, corpId)) + people.length > peopleAtMost)
      throw new ApiError('badParameter', {
        zh: told`每个企业最多 ${own(peopleAtMost)} 名外部人员`,
        en: told`a corp has at most ${own(peopleAtMost)} people from outside WeCom`,
      })
    // Departments come first, in a transaction of their own: one that stays empty does no harm.
    const places = await placesOf(ctx, corpId, people)
    const puts = people.map((one, at) => putOf(one.userId, one, places[at]!))
    await writeDirectory(ctx, corpId, puts, async (tx, written) => {
      const ids = idsOf(written)
      const rows = people.map((one, at) => ({
        ...one,
        memberId: ids.get(one.userId)!,
        departmentId: places[at]![0]!,
      }))
      const at = new Date(ctx.now())
      await store.insertPeople(tx, corpId, rows, { actor, at })
      await checkConflicts(
        tx,
        corpId,
        rows.map(({ memberId: id, mobile, email }) => ({ id, mobile, email })),
      )
      const tasks = rows.map(one => taskOf(ctx, corpId, one))
      await enqueueEach(tx, tasks)
      const [only, ...others] = rows
      if (!only) return
      const entry = { corpId, actor, act: 'external.add' as const }
      if (others.length > 0 || fileName !== undefined) {
        const detail = { count: rows.length, ...(fileName === undefined ? {} : { fileName }) }
        await record(tx, ctx, { ...entry, target: corpId, detail })
      } else {
        const detail = { changes: changesOf({}, shownOf(only)) }
        await record(tx, ctx, { ...entry, target: only.userId, targetName: only.name, detail })
      }
    })
    return people.map(one => one.userId)
  })
}

async function placesOf(
  ctx: ExternalNeeds,
  corpId: string,
  people: readonly Pick<CheckedPerson, 'department'>[],
): Promise<number[][]> {
  return ctx.db.transaction().execute(async tx => {
    const byDepartment = new Map<number | string, number>()
    for (const { department } of people)
      if (!byDepartment.has(department))
        byDepartment.set(
          department,
          typeof department === 'number' ? department : await departmentAt(tx, ctx, corpId, department),
        )
    const known = await departmentsIn(tx, ctx, corpId)
    return people.map(({ department }) => lineageOf(known, byDepartment.get(department)!))
  })
}

function putOf(
  userId: string,
  { name, mobile, email }: Pick<CheckedPerson, 'name' | 'mobile' | 'email'>,
  departments: readonly number[],
): ExternalOperation {
  return { kind: 'external', op: 'put', userId, person: { name, mobile, email, departments } }
}

function idsOf({ changes }: WriteResult): Map<string, number> {
  return new Map(changes.flatMap(one => (one.memberId === null ? [] : [[one.entityId, one.memberId]])))
}

function taskOf(ctx: Core, corpId: string, { memberId, endsAt }: { memberId: number; endsAt: Date }) {
  const dueAt = nextDue(endsAt, ctx.now())
  return { corpId, stream: 'external-people' as const, key: String(memberId), dueAt }
}

const shownOf = ({
  name,
  mobile,
  email,
  organisation,
  sponsorId,
  sponsorDepartment,
  endsAt,
}: Pick<
  store.ExternalRow,
  'name' | 'mobile' | 'email' | 'organisation' | 'sponsorId' | 'sponsorDepartment' | 'endsAt'
>) => ({
  name,
  mobile,
  email,
  organisation,
  sponsor: sponsorId ?? sponsorDepartment,
  endsAt: endsAt.toISOString(),
})

export const externalVersion = (row: store.ExternalRow): string =>
  versionOf({ ...shownOf(row), departmentId: row.departmentId })

/** Returns the person from outside with this userid. @throws ApiError 1007 if there is none, or they have ended. */
export async function presentPerson(db: Db, corpId: string, userId: string): Promise<store.ExternalRow> {
  const row = await store.presentPerson(db, corpId, userKey(userId))
  if (!row)
    throw new ApiError('unknownMember', {
      zh: told`${userId} 不是外部人员，或已结束`,
      en: told`${userId} is not a person from outside WeCom, or has ended`,
    })
  return row
}

export type ExternalChange = { [K in keyof ExternalInput]?: ExternalInput[K] | undefined }

/**
 * Changes what is given, a renewal (endsAt) included. With another mobile or mail address their sessions, application tokens and passkeys
 * end, because a code proves the number only. Throws as `addPeople`, and 1007.
 */
export async function setPerson(
  ctx: ExternalNeeds,
  actor: string,
  corpId: string,
  userId: string,
  change: ExternalChange,
  version?: string,
): Promise<void> {
  checkOn(ctx, corpId, externalFeature)
  await checkKnownByAll(ctx.db, since)
  await ctx.mirrors.during(corpId, async () => {
    const was = await presentPerson(ctx.db, corpId, userId)
    // A sponsor who left stays until somebody chooses another.
    const { sponsorId, sponsorDepartment } = change.sponsor ? sponsorOf(ctx, corpId, change.sponsor) : was
    const checked = checkFields(
      ctx,
      {
        name: change.name ?? was.name,
        mobile: change.mobile ?? was.mobile,
        email: change.email ?? was.email,
        organisation: change.organisation ?? was.organisation,
        department: change.department ?? was.departmentId,
        endsAt: change.endsAt ?? was.endsAt,
      },
      was.endsAt,
    )
    const [place = []] = await placesOf(ctx, corpId, [checked])
    const next = {
      ...checked,
      sponsorId,
      sponsorDepartment,
      memberId: was.memberId,
      departmentId: place[0]!,
    }
    const put = putOf(was.userId, checked, place)
    await writeDirectory(ctx, corpId, [put], async tx => {
      // What the address book has of them is written by now; everything else is as it was.
      const { organisation, departmentId, endsAt, ...now } = await presentPerson(tx, corpId, was.userId)
      const { name, mobile: before, email: mail } = was
      const row = { ...now, organisation, departmentId, endsAt, name, mobile: before, email: mail }
      // What was not given is as it was read, also for those who read no form.
      checkVersion({ ...shownOf(row), departmentId }, version ?? externalVersion(was))
      await store.updatePerson(tx, corpId, next)
      const { mobile, email } = checked
      await checkConflicts(tx, corpId, [{ id: was.memberId, mobile, email }])
      await enqueueEach(tx, [taskOf(ctx, corpId, next)])
      if (mobile !== was.mobile || email.toLowerCase() !== was.email.toLowerCase())
        await ctx.offered.endAccess(tx, corpId, [was.memberId], new Date(ctx.now()))
      await recordOf(ctx, tx, { corpId, actor, act: 'external.set' }, was, shownOf(next))
    })
  })
}

async function recordOf(
  ctx: Core,
  tx: Db,
  entry: { corpId: string; actor: string; act: Act },
  was: store.ExternalRow,
  after: ReturnType<typeof shownOf>,
): Promise<void> {
  const detail = { changes: changesOf(shownOf(was), after) }
  await record(tx, ctx, { ...entry, target: was.userId, targetName: was.name, detail })
}

/** `became`: the member that they are now. `within`: what must be so in the same transaction. */
export type ExternalEnd = {
  actor: string
  became?: { id: number; userId: string }
  within?: (tx: Db) => Promise<void>
}

/** Ends somebody: sessions, application tokens and the rest end with the same commit, on all nodes. Nothing to do for who has ended. */
export async function endPerson(
  ctx: ExternalNeeds,
  corpId: string,
  row: Pick<store.ExternalRow, 'memberId' | 'userId' | 'name'>,
  { actor, became, within }: ExternalEnd,
): Promise<void> {
  await ctx.mirrors.during(corpId, async () => {
    // Renamed meanwhile, where WeCom has a member with the userid by now.
    const { userId = row.userId } = ctx.mirrors.of(corpId).members.byId(row.memberId) ?? {}
    const drop = { kind: 'external', op: 'drop', userId, ...(became ? { became: became.id } : {}) } as const
    await writeDirectory(ctx, corpId, [drop], async (tx, { ended }) => {
      const at = new Date(ctx.now())
      await ctx.offered.endAccess(tx, corpId, ended, at)
      await store.markEnded(tx, corpId, row.memberId, { actor, at })
      await within?.(tx)
      if (ended.length === 0) return
      const act = became === undefined ? ('external.end' as const) : ('external.become' as const)
      const detail = became === undefined ? {} : { userId: became.userId }
      await record(tx, ctx, { corpId, actor, act, target: userId, targetName: row.name, detail })
      await tellEnded(tx, ctx, corpId, { userId, became: became?.userId ?? '' })
    })
  })
}
