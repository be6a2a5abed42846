import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { adminPaging } from '../../../platform/http/admin/paging.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { choice, integer, optionalChoice, optionalInteger } from '../../../platform/http/input.ts'
import { pageOf } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Corps } from '../../corps/corps.ts'
import { approveRun, cancelRun, startSync } from '../request.ts'
import { driftOps, pageDrift, pageRuns, recentRuns } from '../runs/run-store.ts'
import { outageIn, outageSchema, runRow, runRowSchema } from '../runs/run-view.ts'
import { describeRun, syncStatus } from '../status.ts'

type Needs = Core & { corps: Corps; queue: Queue }

const idAtMost = Number.MAX_SAFE_INTEGER
const runId = integer({ zh: '同步编号', en: 'Number of the run' }, { min: 1, max: idAtMost })
const started = Type.Object({ id: Type.Number({ about: { zh: '同步编号', en: 'Number of the run' } }) })

const none = { put: 0, drop: 0 }
const sampleRun = {
  id: 12,
  kind: 'full',
  state: 'done',
  phase: '',
  requestedBy: 'admin',
  counts: { department: none, member: { put: 2, drop: 0 }, tag: none },
  changes: 2,
  progress: {
    departmentsDone: 12,
    departments: 12,
    members: 60,
    percent: 100,
    membersPerSecond: 60,
    secondsLeft: null,
  },
  problems: [],
  error: null,
  approved: false,
  first: false,
  createdAt: '2026-11-26T08:00:00.000Z',
  startedAt: '2026-11-26T08:00:00.000Z',
  finishedAt: '2026-11-26T08:00:01.000Z',
  durationMs: 1000,
}

export const adminSyncStatus = adminCall({
  method: 'GET',
  path: '/api/admin/sync/status',
  summary: { zh: '通讯录与同步的状态', en: 'State of the address book and its syncs' },
  scope: 'admin:read',
  point: 'sync:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    regime: Type.Enum(['unknown', 'full', 'restricted']),
    departments: Type.Number(),
    members: Type.Number(),
    quit: Type.Number({ about: { zh: '已退出企业的成员', en: 'Members who quit at WeCom' } }),
    tags: Type.Number(),
    changeSeq: Type.Number({ about: { zh: '变更序号', en: 'Number of the last change' } }),
    callbackVerifiedAt: Type.Union([time, Type.Null()]),
    lastEventAt: Type.Union([time, Type.Null()]),
    inbox: Type.Object({
      pending: Type.Number({ about: { zh: '待处理的事件', en: 'Events that wait' } }),
      parked: Type.Number({ about: { zh: '搁置的事件', en: 'Events that were given up' } }),
      oldestPendingAt: Type.Union([time, Type.Null()]),
    }),
    outage: Type.Union([outageSchema, Type.Null()], {
      about: { zh: '企业微信连不上时的原因', en: 'Why WeCom cannot be reached; null while it can' },
    }),
    runs: Type.Array(runRowSchema, { about: { zh: '最近五次同步', en: 'The last five runs' } }),
  }),
  errors: [],
  sample: {
    regime: 'full',
    departments: 12,
    members: 60,
    quit: 0,
    tags: 4,
    changeSeq: 76,
    callbackVerifiedAt: null,
    lastEventAt: null,
    outage: null,
    inbox: { pending: 0, parked: 0, oldestPendingAt: null },
    runs: [sampleRun],
  },
  async handle(ctx: Core & { corps: Corps }, { corpId, language }) {
    const { corpId: _corp, outage, runs, ...status } = await syncStatus(ctx, corpId)
    return {
      ...status,
      outage: outage && outageIn(language, outage),
      runs: runs.map(run => runRow(ctx, run, language)),
    }
  },
})

export const adminSyncRuns = adminCall({
  method: 'GET',
  path: '/api/admin/sync/runs',
  summary: { zh: '同步历史', en: 'Sync runs' },
  scope: 'admin:read',
  point: 'sync:read',
  reach: 'corp',
  input: {
    ...adminPaging,
    state: optionalChoice({ zh: '状态', en: 'State' }, [
      'waiting',
      'running',
      'approval',
      'done',
      'failed',
      'cancelled',
    ]),
  },
  output: Type.Object({ list: Type.Array(runRowSchema), total: Type.Number() }),
  errors: [],
  sample: { list: [sampleRun], total: 1 },
  async handle(ctx: Core, { corpId, input, language }) {
    const { list, total } = await pageRuns(
      ctx.db,
      corpId,
      { state: input.state && [input.state] },
      pageOf(input),
    )
    return { list: list.map(run => runRow(ctx, run, language)), total }
  },
})

export const adminSyncRun = adminCall({
  method: 'GET',
  path: '/api/admin/sync/run',
  summary: { zh: '一次同步', en: 'One sync run' },
  scope: 'admin:read',
  point: 'sync:read',
  reach: 'corp',
  input: { id: runId },
  output: runRowSchema,
  errors: [],
  sample: sampleRun,
  sampleInput: { id: 12 },
  handle: async (ctx: Core, { corpId, input, language }) =>
    runRow(ctx, await describeRun(ctx, corpId, input.id), language),
})

export const adminStartSync = adminCall({
  method: 'POST',
  path: '/api/admin/sync/start',
  summary: { zh: '发起同步', en: 'Start a sync' },
  description: {
    zh: '由节点执行，立即返回编号；进度用 `GET /api/admin/sync/run` 查询。同种的同步已在进行时返回它的编号。',
    en: 'A node does it; the number is returned at once, and `GET /api/admin/sync/run` tells how far it has come. A run of the same kind that is under way is joined.',
  },
  scope: 'admin:sync',
  point: 'sync:run',
  reach: 'corp',
  input: {
    kind: choice(
      {
        zh: 'full 全量同步；reconcile 核对；dry-run 只比较不写入',
        en: 'full; reconcile, as every night; dry-run, which compares and writes nothing',
      },
      ['full', 'reconcile', 'dry-run'],
    ),
  },
  output: started,
  errors: [],
  sample: { id: 12 },
  sampleInput: { kind: 'dry-run' },
  handle: async (ctx: Needs, { corpId, input, caller }) => ({
    id: await startSync(ctx, caller.actor, corpId, input.kind),
  }),
})

export const adminApproveSync = adminCall({
  method: 'POST',
  path: '/api/admin/sync/approve',
  summary: { zh: '批准因删除过多而停下的同步', en: 'Approve a run that stopped before many deletions' },
  scope: 'admin:sync',
  point: 'sync:run',
  reach: 'corp',
  input: { id: runId },
  output: started,
  errors: [],
  sample: { id: 12 },
  sampleInput: { id: 12 },
  async handle(ctx: Core & { queue: Queue }, { corpId, input, caller }) {
    await approveRun(ctx, caller.actor, corpId, input.id)
    return { id: input.id }
  },
})

export const adminCancelSync = adminCall({
  method: 'POST',
  path: '/api/admin/sync/cancel',
  summary: { zh: '停止同步', en: 'Cancel a run' },
  scope: 'admin:sync',
  point: 'sync:run',
  reach: 'corp',
  input: { id: runId },
  output: started,
  errors: [],
  sample: { id: 12 },
  sampleInput: { id: 12 },
  async handle(ctx: Core & { queue: Queue }, { corpId, input, caller }) {
    await cancelRun(ctx, caller.actor, corpId, input.id)
    return { id: input.id }
  },
})

export const adminDrift = adminCall({
  method: 'GET',
  path: '/api/admin/sync/drift',
  summary: { zh: '一次同步发现的差异', en: 'The differences that a run found' },
  description: {
    zh: '逐字段；含成员资料，因此需要 admin:sync。',
    en: 'Field by field; it holds data of members, and therefore needs admin:sync.',
  },
  scope: 'admin:sync',
  point: 'sync:inspect',
  reach: 'corp',
  input: {
    id: optionalInteger(
      { zh: '同步编号，默认最近一次', en: 'Number of the run; the last one unless given' },
      { min: 1, max: idAtMost },
    ),
    kind: optionalChoice({ zh: '对象', en: 'Kind of object' }, ['department', 'member', 'tag']),
    change: optionalChoice(
      {
        zh: 'add 缺少，change 不同，drop 多余',
        en: 'add: missing here; change: differs; drop: gone at WeCom',
      },
      driftOps,
    ),
    ...adminPaging,
  },
  output: Type.Object({
    run: Type.Number({ about: { zh: '同步编号', en: 'Number of the run' } }),
    list: Type.Array(
      Type.Object({
        kind: Type.Enum(['department', 'member', 'tag']),
        change: Type.Enum(driftOps),
        entityId: Type.String(),
        fields: Type.Array(
          Type.Object({
            field: Type.String(),
            mirror: Type.Unknown({ about: { zh: '本平台的值', en: 'The value here' } }),
            wecom: Type.Unknown({ about: { zh: '企业微信的值', en: 'The value at WeCom' } }),
          }),
        ),
      }),
    ),
    total: Type.Number(),
  }),
  errors: [],
  sample: {
    run: 12,
    list: [
      {
        kind: 'member',
        change: 'change',
        entityId: 'wangwu',
        fields: [{ field: 'name', mirror: '王五', wecom: '王五改' }],
      },
    ],
    total: 1,
  },
  async handle(ctx: Core, { corpId, input }) {
    const { id, kind, change: op } = input
    const run = id ? await describeRun(ctx, corpId, id) : (await recentRuns(ctx.db, corpId, 1))[0]
    if (!run)
      throw new ApiError('badParameter', {
        zh: '还没有同步过，请先同步一次',
        en: 'there has been no sync yet: run one first',
      })
    const { list, total } = await pageDrift(
      ctx.db,
      run.id,
      { kind: kind && [kind], op: op && [op] },
      pageOf(input),
    )
    const rows = list.map(({ kind, change, entityId, fields }) => ({
      kind,
      change,
      entityId,
      fields: Object.entries(fields).map(([field, [mirror, wecom]]) => ({ field, mirror, wecom })),
    }))
    return { run: run.id, list: rows, total }
  },
})
