import { type Static, Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { personSight, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { countSeen } from '../../organisation/directory/read/count-seen.ts'
import { reached } from '../../organisation/rights/reached.ts'
import { recentRuns } from '../../organisation/sync/runs/run-store.ts'
import { syncStatus } from '../../organisation/sync/status.ts'
import type { Core } from '../../platform/core.ts'
import { optionalInteger } from '../../platform/http/input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { languageOf } from '../../platform/words.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { figuresOf, figuresSchema } from './figures.ts'
import { stepSchema, stepsToLive } from './steps.ts'

const overviewRunSchema = Type.Object({
  id: Type.Number(),
  kind: Type.String(),
  state: Type.String(),
  requestedBy: Type.String(),
  createdAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
  /** Numbers of rows written and deleted, of all kinds. */
  put: Type.Number(),
  drop: Type.Number(),
})
export type OverviewRun = Static<typeof overviewRunSchema>

const membersFigureSchema = Type.Object({
  listed: Type.Number(),
  active: Type.Number(),
  /** Those who quit at WeCom: they are kept, and not listed. */
  quit: Type.Number(),
  departments: Type.Number(),
})
export type MembersFigure = Static<typeof membersFigureSchema>

/** `whole` is absent for a graded administrator, who sees only figures of the assigned departments. */
const overviewSchema = Type.Object({
  members: membersFigureSchema,
  /** Set for a role that does not read the address book: `members` says nothing. */
  withoutMembers: Type.Optional(Type.Literal(true)),
  whole: Type.Optional(
    Type.Object({
      /** The steps of going live, including finished ones; empty when all are finished. */
      steps: Type.Array(stepSchema),
      figures: figuresSchema,
      runs: Type.Array(overviewRunSchema),
    }),
  ),
})
export type Overview = Static<typeof overviewSchema>

export const consoleOverview = pageCall({
  method: 'GET',
  path: '/web/overview',
  access: administrator('graded'),
  point: 'console:use',
  directory: true,
  input: { days: optionalInteger('天数，默认 14', { min: 2, max: 30 }) },
  output: overviewSchema,
  async handle(
    ctx: Core & {
      corps: Corps
      developers: Developers
      messageSettings: MessageSettingsOfCorps
      mirrors: Mirrors
    },
    { input, visitor, corpId, request },
  ): Promise<Overview> {
    const reader = reached(visitor, { point: 'directory:read', range: 'departments' })
    if (!reader) return { members: nobody, withoutMembers: true }
    const members = countMembers(ctx, corpId, reader)
    const isSuper =
      visitor.roleLevel === roleLevel.system || visitor.roleLevel === roleLevel.superAdministrator
    if (!isSuper) return { members }
    const status = await syncStatus(ctx, corpId)
    const language = languageOf(request.headers['accept-language'])
    const figures = await figuresOf(ctx, corpId, input.days ?? 14, status.inbox.oldestPendingAt, language)
    const [steps, runs] = await Promise.all([stepsToLive(ctx, corpId, status), recentRuns(ctx.db, corpId, 5)])
    return {
      members,
      whole: {
        steps: steps.every(step => step.done) ? [] : steps,
        figures,
        runs: runs.map(runRow),
      },
    }
  },
})

const nobody: MembersFigure = { listed: 0, active: 0, quit: 0, departments: 0 }

function countMembers(ctx: Core & { mirrors: Mirrors }, corpId: string, person: Person): MembersFigure {
  const mirror = ctx.mirrors.of(corpId)
  const { listed, active, quit, departments } = countSeen(mirror, personSight(mirror.tree, person))
  return { listed, active, quit, departments }
}

function runRow(run: Awaited<ReturnType<typeof recentRuns>>[number]): OverviewRun {
  const counts = Object.values(run.counts)
  return {
    id: run.id,
    kind: run.kind,
    state: run.state,
    requestedBy: run.requestedBy,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    put: counts.reduce((sum, one) => sum + one.put, 0),
    drop: counts.reduce((sum, one) => sum + one.drop, 0),
  }
}
