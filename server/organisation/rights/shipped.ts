/**
 * The fixed roles as sets of points, and what roles of a corp's own may be made of. `test/roles.test.ts` compares the sets with what
 * these levels could call before there were points: whoever has a fixed role has exactly that.
 */

import { type Point, points } from '../../platform/http/admin/points.ts'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { Words } from '../../platform/words.ts'
import { roleLevel } from '../directory/permissions/person.ts'
import { pointsOfOthers, pointsOfThree } from '../three/split.ts'

const all = Object.keys(points) as Point[]

/** They concern the installation, so that the system super administrator alone holds them. */
const ofInstallation = (point: Point) =>
  /^(backup|installation|operator):/.test(point) || point === 'corp:add' || point === 'sign-in:ticket'

/** Points whose holder could give themselves, or have given to them, every other one. */
const givesOthers: readonly Point[] = ['role:edit', 'settings:apply', 'three:agree']

export const corpPoints: readonly Point[] = all.filter(one => !ofInstallation(one))
/** What an own role may hold. */
export const givablePoints: readonly Point[] = corpPoints.filter(one => !givesOthers.includes(one))

const helpDeskPoints: readonly Point[] = ['help-desk:read', 'help-desk:help', 'help-desk:copy']
const gradedPoints: readonly Point[] = [
  'console:use',
  'directory:read',
  'directory:export',
  'directory:edit',
  ...helpDeskPoints,
  'official:read',
  'official:content',
  'official:mass',
  'official:approve',
  'official:inspect',
  'official:replay',
  'follower:read',
  'follower:edit',
  'follower:export',
  'conversation:read',
  'conversation:answer',
  'payment:read',
  'payment:bill',
  'payment:export',
]

/** Rights by the names under which pages, calls and commands show them. */
export const shipped = {
  system: new Set(all),
  super: new Set(corpPoints),
  graded: new Set(gradedPoints),
  helpDesk: new Set(helpDeskPoints),
} satisfies Record<string, ReadonlySet<Point>>

const nothing: ReadonlySet<Point> = new Set()

/** What is left of them where the three administrators are separated. */
const separately = {
  system: pointsOfThree.system,
  super: pointsOfOthers.intersection(shipped.super),
  graded: pointsOfOthers.intersection(shipped.graded),
  helpDesk: pointsOfOthers.intersection(shipped.helpDesk),
} satisfies Record<keyof typeof shipped, ReadonlySet<Point>>

/** What a member who is one of the three holds in their corp. */
const ofThree: Record<ThreeRole, ReadonlySet<Point>> = {
  system: pointsOfThree.system.intersection(shipped.super),
  security: pointsOfThree.security.intersection(shipped.super),
  auditor: pointsOfThree.auditor.intersection(shipped.super),
}

/** What a person holds by their level, as one of the help desk, or as one of the three administrators. */
export function shippedPoints(person: Person): ReadonlySet<Point> {
  const { roleLevel: level, isHelpDesk, separated, member } = person
  if (member && separated?.as) return ofThree[separated.as]
  const sets: Record<keyof typeof shipped, ReadonlySet<Point>> = separated ? separately : shipped
  if (level === roleLevel.system) return sets.system
  if (level === roleLevel.superAdministrator) return sets.super
  if (level === roleLevel.graded) return sets.graded
  return isHelpDesk ? sets.helpDesk : nothing
}

/** Whether a role of the corp's own gives its holders this point. */
export function isGiven(point: Point, { separated }: Person): boolean {
  return !separated || pointsOfOthers.has(point)
}

/** Why an own role cannot hold a point; undefined where it can. */
export function whyNotGivable(point: Point): Words | undefined {
  if (ofInstallation(point))
    return {
      zh: '涉及整个平台，只属于系统超级管理员',
      en: 'it concerns the whole installation and belongs to the system super administrator alone',
    }
  if (givesOthers.includes(point))
    return {
      zh: '持有者可以给自己任何权限，只属于超级管理员',
      en: 'its holder could give themselves every other point, so it belongs to super administrators alone',
    }
  return undefined
}
