import { type Static, Type } from 'typebox'
import { zoneOf } from '../../organisation/corps/corps.ts'
import { isThere } from '../../organisation/directory/mirror/members.ts'
import { listJointActs, roleOfPerson } from '../../organisation/three/joint-acts.ts'
import { type ThreeRole, threeRoles } from '../../platform/http/admin/three-role.ts'
import { time } from '../../platform/http/output.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { type Language, wordsIn } from '../../platform/words.ts'
import { detailIn } from '../audit/telling.ts'
import type { ThreeNeeds } from './needs.ts'

const roleSchema = Type.Enum([...threeRoles])
const nullable = Type.Union([time, Type.Null()])

export const holderSchema = Type.Object({
  role: roleSchema,
  userId: Type.String(),
  name: Type.String(),
  /** False for somebody who left or was disabled; the role stays theirs. */
  isThere: Type.Boolean(),
  declared: Type.Boolean(),
  givenBy: Type.String(),
  givenAt: time,
})

export const actSchema = Type.Object({
  id: Type.Number(),
  kind: Type.String(),
  title: Type.String(),
  about: Type.String(),
  given: Type.Unknown(),
  /** What is given, in words. */
  facts: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  state: Type.Enum(['open', 'done', 'refused', 'expired']),
  proposedAt: time,
  expiresAt: time,
  decidedAt: nullable,
  agreed: Type.Array(Type.Object({ role: roleSchema, actor: Type.String(), at: time })),
  waitsFor: Type.Array(roleSchema),
  lacking: Type.Number(),
})

export const stateShape = {
  isOn: Type.Boolean(),
  since: nullable,
  holders: Type.Array(holderSchema),
  acts: Type.Array(actSchema),
}
const stateSchema = Type.Object(stateShape)
export type ThreeState = Static<typeof stateSchema>

const withoutEmpty = (detail: object) =>
  Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined && value !== null))

/** Where the three stand in a corp or, with undefined, in the installation. */
export async function threeState(
  ctx: ThreeNeeds,
  corpId: string | undefined,
  language: Language,
): Promise<ThreeState> {
  const acts = await listJointActs(ctx, corpId)
  const mirror = corpId === undefined ? undefined : await ctx.mirrors.load(corpId)
  const telling = { language, mirror, timeZone: zoneOf(ctx, corpId) }
  const holders: ThreeState['holders'] = []
  for (const {
    role,
    userId,
    name,
    adminName,
    memberCorp,
    memberId,
    declared,
    givenBy,
    givenAt,
  } of ctx.three.holders(corpId)) {
    const there = adminName !== null || (await isMemberThere(ctx, memberCorp ?? '', memberId ?? -1))
    holders.push({ role, userId, name, isThere: there, declared, givenBy, givenAt })
  }
  return {
    isOn: ctx.three.isOn(corpId),
    since: ctx.three.since(corpId) ?? null,
    holders,
    acts: acts.map(({ title, detail, ...act }) => ({
      ...act,
      title: wordsIn(language, title),
      facts: detailIn(telling, withoutEmpty(detail)).facts,
    })),
  }
}

async function isMemberThere(
  { corps, mirrors }: ThreeNeeds,
  corpId: string,
  memberId: number,
): Promise<boolean> {
  if (!corps.find(corpId)) return false
  const member = (await mirrors.load(corpId)).members.byId(memberId)
  return member !== undefined && isThere(member)
}

/** Which of the three somebody is; null for none. */
export function roleIn({ three }: ThreeNeeds, person: Person, corpId: string | undefined): ThreeRole | null {
  return roleOfPerson(three, person, corpId) ?? null
}
