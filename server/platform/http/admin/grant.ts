import type { Point } from './points.ts'

/**
 * Where a role applies. `departments` includes all departments below; `apps` are single apps and developers, none of which follows
 * from another: an app that moves to another developer opens nothing of that developer.
 */
export type Range =
  | { kind: 'corp' }
  | { kind: 'departments'; departmentIds: readonly number[] }
  | { kind: 'apps'; appIds: readonly string[]; devIds: readonly string[] }

/** A role of the corp's own (自定义角色) that somebody has at this moment. */
export type Grant = { roleId: number; name: string; points: ReadonlySet<Point>; range: Range }

/** What a call can be restricted to beside the whole corp. `app`: the input `id` is an app. `apps`: a list of apps or developers. */
export type CallRange = 'app' | 'apps' | 'departments'
