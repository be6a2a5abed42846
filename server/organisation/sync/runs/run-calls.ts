import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId, several } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { taskState } from '../../../platform/queue/queue-store.ts'
import { languageOf } from '../../../platform/words.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { outageShown } from '../outage-of-all.ts'
import { approveRun, cancelRun, startSync } from '../request.ts'
import { describeRun, syncStatus } from '../status.ts'
import { driftCountSchema, driftCounts, driftOps, openRun, pageDrift, pageRuns } from './run-store.ts'
import { outageIn, outageSchema, runRow, runRowSchema } from './run-view.ts'

type Needs = Core & { mirrors: Mirrors }

/**
 * The console's pages about synchronisation (docs/interface/address-book.md#mirror). Drift and events are personal data, so
 * graded administrators have no access.
 */
const access = administrator('super')

const kinds = ['full', 'reconcile', 'dry-run'] as const
const states = ['waiting', 'running', 'approval', 'done', 'failed', 'cancelled'] as const
const entityKinds = ['department', 'member', 'tag'] as const

export const syncOverview = pageCall({
  method: 'GET',
  path: '/web/sync/status',
  point: 'sync:read',
  access,
  input: {},
  output: Type.Object({
    corpId: Type.String(),
    corpName: Type.String(),
    regime: Type.Enum(['unknown', 'full', 'restricted']),
    /** The agent that reads the names when the contact secret is restricted. */
    namesAgent: Type.Union([
      Type.Object({
        agentId: Type.Number(),
        name: Type.String(),
      }),
      Type.Null(),
    ]),
    departments: Type.Number(),
    members: Type.Number(),
    /** Those who quit at WeCom; they are not among the members. */
    quit: Type.Number(),
    tags: Type.Number(),
    changeSeq: Type.Number(),
    callbackVerifiedAt: Type.Union([time, Type.Null()]),
    lastEventAt: Type.Union([time, Type.Null()]),
    inbox: Type.Object({
      pending: Type.Number(),
      parked: Type.Number(),
      oldestPendingAt: Type.Union([time, Type.Null()]),
    }),
    /** How long the oldest open event has waited, in ms. */
    lagMs: Type.Number(),
    /** The node that is working on the address book; null when there is no work. `isHere`: it is the node that answers. */
    writer: Type.Union([Type.Object({ nodeId: Type.String(), isHere: Type.Boolean() }), Type.Null()]),
    nightly: Type.String(),
    /** In which the nightly check begins. */
    timeZone: Type.String(),
    /** Null while WeCom answers. */
    outage: Type.Union([outageSchema, Type.Null()]),
    openRun: Type.Union([runRowSchema, Type.Null()]),
    awaitingApproval: Type.Union([runRowSchema, Type.Null()]),
    lastDone: Type.Union([runRowSchema, Type.Null()]),
  }),
  async handle(ctx: Core & { corps: Corps }, { corpId, request }) {
    const corp = ctx.corps.get(corpId)
    const status = await syncStatus(ctx, corpId)
    const [task, open, awaiting, done] = await Promise.all([
      taskState(ctx.db, { corpId, stream: 'directory', key: '' }),
      openRun(ctx.db, corpId),
      pageRuns(ctx.db, corpId, { state: ['approval'] }, { limit: 1, offset: 0 }),
      pageRuns(ctx.db, corpId, { state: ['done'] }, { limit: 5, offset: 0 }),
    ])
    const { oldestPendingAt } = status.inbox
    const language = languageOf(request.headers['accept-language'])
    const names = corp.agents.find(agent => agent.uses.includes('names'))
    const lastDone = done.list.find(run => run.kind !== 'dry-run')
    const rowOf = (run: typeof open) => (run ? runRow(ctx, run, language) : null)
    return {
      corpId,
      corpName: corp.name,
      regime: corp.regime,
      namesAgent: names ? { agentId: names.agentId, name: names.name } : null,
      departments: status.departments,
      members: status.members,
      quit: status.quit,
      tags: status.tags,
      changeSeq: status.changeSeq,
      callbackVerifiedAt: corp.callbackVerifiedAt,
      lastEventAt: status.lastEventAt,
      inbox: status.inbox,
      lagMs: oldestPendingAt ? Math.max(ctx.now() - oldestPendingAt.getTime(), 0) : 0,
      writer: task?.nodeId ? { nodeId: task.nodeId, isHere: task.nodeId === ctx.nodeId } : null,
      nightly: ctx.config.nightly,
      timeZone: corp.timeZone,
      outage: status.outage && outageIn(language, status.outage),
      openRun: rowOf(open),
      awaitingApproval: rowOf(awaiting.list[0]),
      lastDone: rowOf(lastDone),
    }
  },
})

export const listSyncRuns = pageCall({
  method: 'GET',
  path: '/web/sync/runs',
  point: 'sync:read',
  access,
  input: {
    ...paging,
    kind: several('种类', kinds),
    state: several('状态', states),
  },
  output: Type.Object({
    list: Type.Array(runRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Core, { corpId, input, request }) {
    const { list, total } = await pageRuns(ctx.db, corpId, input, pageOf(input))
    const language = languageOf(request.headers['accept-language'])
    return { list: list.map(run => runRow(ctx, run, language)), total }
  },
})

const runDetailSchema = Type.Object({
  ...runRowSchema.properties,
  /** Counts of the differences found; for a run that waits for approval, of the deletions that it asks for. */
  differences: Type.Array(driftCountSchema),
  /** How many differences are stored; at most 5000 per run. */
  differencesKept: Type.Number(),
  /** What an open run waits for; null while WeCom answers. */
  outage: Type.Union([outageSchema, Type.Null()]),
  /** For a run that waits for approval: the first of the entities that it would delete, by name. */
  deletes: Type.Array(
    Type.Object({
      kind: Type.Enum(entityKinds),
      count: Type.Number(),
      sample: Type.Array(Type.String()),
    }),
  ),
})
export type RunDetail = Static<typeof runDetailSchema>

const sampleSize = 10

export const showSyncRun = pageCall({
  method: 'GET',
  path: '/web/sync/run',
  point: 'sync:read',
  access,
  directory: true,
  input: { id: requiredId('同步编号') },
  output: runDetailSchema,
  async handle(ctx: Needs, { corpId, input, request }): Promise<RunDetail> {
    const run = await describeRun(ctx, corpId, input.id)
    const differences = await driftCounts(ctx.db, run.id)
    const deletes = differences
      .filter(one => run.state === 'approval' && one.change === 'drop')
      .map(async ({ kind, count }) => {
        const filter = { kind: [kind], op: ['drop'] } as const
        const { list } = await pageDrift(ctx.db, run.id, filter, { limit: sampleSize, offset: 0 })
        return { kind, count, sample: list.map(one => nameOf(ctx, corpId, kind, one.entityId)) }
      })
    const language = languageOf(request.headers['accept-language'])
    const isOpen = run.state === 'waiting' || run.state === 'running'
    const outage = isOpen ? await outageShown(ctx.db, corpId) : undefined
    return {
      ...runRow(ctx, run, language),
      outage: outage ? outageIn(language, outage) : null,
      differences,
      differencesKept: differences.reduce((sum, one) => sum + one.count, 0),
      deletes: await Promise.all(deletes),
    }
  },
})

const driftRowSchema = Type.Object({
  n: Type.Number(),
  kind: Type.Enum(entityKinds),
  change: Type.Enum(['drop', 'add', 'change']),
  entityId: Type.String(),
  /** The entity's current name in the mirror. */
  name: Type.String(),
  fields: Type.Array(
    Type.Object({
      field: Type.String(),
      mirror: Type.Unknown(),
      wecom: Type.Unknown(),
    }),
  ),
})
export type DriftRow = Static<typeof driftRowSchema>

export const listDrift = pageCall({
  method: 'GET',
  path: '/web/sync/drift',
  point: 'sync:inspect',
  access,
  directory: true,
  input: {
    ...paging,
    id: requiredId('同步编号'),
    kind: several('对象', entityKinds),
    change: several('差异', driftOps),
  },
  output: Type.Object({
    list: Type.Array(driftRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input }) {
    const run = await describeRun(ctx, corpId, input.id)
    const filter = { kind: input.kind, op: input.change }
    const { list, total } = await pageDrift(ctx.db, run.id, filter, pageOf(input))
    const rows = list.map(({ n, kind, change, entityId, fields }) => ({
      n,
      kind,
      change,
      entityId,
      name: nameOf(ctx, corpId, kind, entityId),
      fields: Object.entries(fields).map(([field, [mirror, wecom]]) => ({ field, mirror, wecom })),
    }))
    return { list: rows, total }
  },
})

function nameOf(ctx: Needs, corpId: string, kind: DriftRow['kind'], id: string): string {
  const { tree, tags, members } = ctx.mirrors.of(corpId)
  if (kind === 'department') return tree.get(Number(id))?.department.name ?? id
  if (kind === 'tag') return tags.get(Number(id))?.name ?? id
  return members.byKey(id.toLowerCase())?.name || id
}

export const startSyncRun = pageCall({
  method: 'POST',
  path: '/web/sync/start',
  point: 'sync:run',
  access,
  input: { kind: choice('种类', kinds) },
  output: Type.Object({
    id: Type.Number(),
  }),
  async handle(ctx: Core & { corps: Corps; queue: Queue }, { corpId, input, visitor }) {
    const id = await startSync(ctx, visitor.actor, corpId, input.kind)
    return { id }
  },
})

export const approveSyncRun = pageCall({
  method: 'POST',
  path: '/web/sync/approve',
  point: 'sync:run',
  access,
  input: { id: requiredId('同步编号') },
  output: Type.Object({
    id: Type.Number(),
  }),
  async handle(ctx: Core & { queue: Queue }, { corpId, input, visitor }) {
    await approveRun(ctx, visitor.actor, corpId, input.id)
    return { id: input.id }
  },
})

export const cancelSyncRun = pageCall({
  method: 'POST',
  path: '/web/sync/cancel',
  point: 'sync:run',
  access,
  input: { id: requiredId('同步编号') },
  output: Type.Object({
    id: Type.Number(),
  }),
  async handle(ctx: Core & { queue: Queue }, { corpId, input, visitor }) {
    await cancelRun(ctx, visitor.actor, corpId, input.id)
    return { id: input.id }
  },
})
