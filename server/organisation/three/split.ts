import { type Point, points } from '../../platform/http/admin/points.ts'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'

/**
 * Which of the three administrators (三员) holds a point while they are separated. This list is the only place that says so; a point
 * that it lacks does not compile.
 *
 * - `system` keeps accounts, parameters and backups, gives no rights and reads no logs;
 * - `security` gives roles and rights, sets policies and unlocks;
 * - `auditor` reads what all did and says where the audit log is sent; nothing else of it changes anything;
 * - `readers` are security and auditor: the security administrator gets nothing of what the three did (`not-of-three.ts`);
 * - `three` is each of the three, and nobody else;
 * - `all` may be held by each of the three, and by others through their roles;
 * - `business` is held by roles other than the three, as before, and by none of the three;
 * - `nobody` holds what would go around the separation: the three are separated no more before it can be used.
 */
export type Share = ThreeRole | 'three' | 'readers' | 'all' | 'business' | 'nobody'

export const split = {
  'console:use': 'all',
  'alert:read': 'all',
  'alert:acknowledge': 'system',
  'corp:read': 'all',
  'corp:edit': 'system',
  'corp:feature': 'system',
  'corp:branding': 'system',
  'corp:add': 'system',
  'settings:read': 'system',
  'settings:apply': 'nobody',
  'deleted:read': 'system',
  'deleted:restore': 'system',
  'directory:read': 'all',
  'directory:export': 'business',
  'directory:edit': 'system',
  'directory:group': 'business',
  'directory:external': 'all',
  'directory:invite': 'system',
  'sync:read': 'system',
  'sync:inspect': 'system',
  'sync:run': 'system',
  'role:read': 'readers',
  'role:edit': 'security',
  'role:token': 'security',
  'three:read': 'three',
  'three:agree': 'three',
  'sign-in:read': 'readers',
  'sign-in:edit': 'security',
  'sign-in:protect': 'security',
  'sign-in:log': 'readers',
  'sign-in:export': 'auditor',
  'sign-in:help': 'security',
  'sign-in:ticket': 'nobody',
  'help-desk:read': 'business',
  'help-desk:help': 'business',
  'help-desk:copy': 'business',
  'audit:read': 'readers',
  'audit:export': 'auditor',
  'audit:forward': 'auditor',
  'audit:settings': 'auditor',
  'person:read': 'business',
  'person:copy': 'business',
  'person:erase': 'business',
  'person:hold': 'business',
  'developer:read': 'all',
  'developer:edit': 'business',
  'developer:grant': 'security',
  'developer:secret': 'business',
  'developer:webhook': 'business',
  'developer:log': 'readers',
  'developer:export': 'auditor',
  'app:read': 'all',
  'app:edit': 'business',
  'app:sign-in': 'security',
  'app:announce': 'business',
  'message:read': 'business',
  'message:inspect': 'business',
  'message:export': 'business',
  'message:send': 'business',
  'message:settings': 'business',
  'message:type': 'business',
  'message:approve': 'business',
  'todo:read': 'business',
  'todo:export': 'business',
  'todo:delegate': 'business',
  'todo:settings': 'business',
  'agent:read': 'all',
  'agent:edit': 'system',
  'agent:content': 'business',
  'agent:inspect': 'business',
  'official:read': 'all',
  'official:content': 'business',
  'official:mass': 'business',
  'official:approve': 'business',
  'official:inspect': 'business',
  'official:replay': 'business',
  'official:edit': 'system',
  'follower:read': 'business',
  'follower:edit': 'business',
  'follower:export': 'business',
  'conversation:read': 'business',
  'conversation:answer': 'business',
  'payment:read': 'business',
  'payment:bill': 'business',
  'payment:export': 'business',
  'payment:ledger': 'business',
  'payment:refund': 'business',
  'payment:reconcile': 'business',
  'merchant:read': 'all',
  'merchant:edit': 'system',
  'backup:read': 'system',
  'backup:edit': 'system',
  'backup:restore': 'system',
  'installation:read': 'all',
  'installation:edit': 'system',
  'installation:forward': 'auditor',
  'installation:log': 'readers',
  'installation:three': 'three',
  'installation:agree': 'three',
  'installation:account': 'security',
  'installation:protect': 'security',
  'operator:read': 'system',
  'operator:edit': 'system',
  'operator:export': 'nobody',
  'operator:delete': 'nobody',
} as const satisfies Record<Point, Share>

const all = Object.keys(points) as Point[]
const sharesOf: Record<ThreeRole, readonly Share[]> = {
  system: ['system', 'three', 'all'],
  security: ['security', 'three', 'readers', 'all'],
  auditor: ['auditor', 'three', 'readers', 'all'],
}
const heldBy = (shares: readonly Share[]): ReadonlySet<Point> =>
  new Set(all.filter(point => shares.includes(split[point])))

/** All that one of the three holds, whatever else they were given. */
export const pointsOfThree: Readonly<Record<ThreeRole, ReadonlySet<Point>>> = {
  system: heldBy(sharesOf.system),
  security: heldBy(sharesOf.security),
  auditor: heldBy(sharesOf.auditor),
}

/** What fixed and own roles can still give to others while the three are separated. */
export const pointsOfOthers: ReadonlySet<Point> = heldBy(['business', 'all'])
