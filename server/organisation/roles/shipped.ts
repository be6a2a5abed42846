/**
 * The fixed roles as sets of points, and what roles of a corp's own may be made of. `test/roles.test.ts` compares the sets with what
 * these levels could call before there were points: whoever has a fixed role has exactly that.
 */

import { type Point, points } from '../../platform/http/admin/points.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { Words } from '../../platform/http/words.ts'
import { roleLevel } from '../directory/permissions/person.ts'

const all = Object.keys(points) as Point[]

/** They concern the installation, so that the system super administrator alone holds them. */
const ofInstallation = (point: Point) =>
  /^(backup|installation|operator):/.test(point) || point === 'corp:add' || point === 'sign-in:ticket'

/** Points whose holder could give themselves every other one. */
const givesOthers: readonly Point[] = ['role:edit', 'settings:apply']

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

/** By the names under which pages, calls and commands show them. */
export const shipped = {
  system: new Set(all),
  super: new Set(corpPoints),
  graded: new Set(gradedPoints),
  helpDesk: new Set(helpDeskPoints),
} satisfies Record<string, ReadonlySet<Point>>

const nothing: ReadonlySet<Point> = new Set()

/** What a person holds by their level, or as one of the help desk. */
export function shippedPoints({ roleLevel: level, isHelpDesk }: Person): ReadonlySet<Point> {
  if (level === roleLevel.system) return shipped.system
  if (level === roleLevel.superAdministrator) return shipped.super
  if (level === roleLevel.graded) return shipped.graded
  return isHelpDesk ? shipped.helpDesk : nothing
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
