import { Type } from 'typebox'
import { mayAlso } from '../../organisation/rights/reached.ts'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import {
  choice,
  integer,
  optionalInteger,
  optionalStructured,
  optionalText,
  text,
} from '../../platform/http/input.ts'
import { pageOf } from '../../platform/http/list-input.ts'
import { type PreviewNowNeeds, previewNow } from './preview-now.ts'
import { type ApproveNeeds, approveRun, knownRun, refuseRun } from './runs/approve-run.ts'
import { rowsOfRun, runsOf } from './runs/run-store.ts'
import { undoRun } from './runs/undo-run.ts'
import { addSource, knownSource, removeSource, type SourceNeeds, setSource } from './set-source.ts'
import { initialSettings, settingsShape, sourceKinds } from './settings.ts'
import { sourcesOf } from './source-store.ts'
import {
  rowSchema,
  rowView,
  runSchema,
  runView,
  sampleRow,
  sampleRun,
  sourceSchema,
  sourceView,
} from './view.ts'

const most = Number.MAX_SAFE_INTEGER
const id = integer({ zh: '人事源编号', en: 'Number of the source' }, { min: 1, max: most })
const runId = integer({ zh: '运行编号', en: 'Number of the run' }, { min: 1, max: most })
const settings = optionalStructured(
  { zh: '设置；只写要修改的', en: 'Settings: give what changes' },
  Type.Partial(Type.Object(settingsShape), { additionalProperties: false }),
)
const secret = optionalText({ zh: '连接的密码', en: 'Password of the connection' }, { max: 500 })
const approving = { point: 'directory:write' } as const
const about = { scope: 'admin:directory', reach: 'corp' } as const
const sampleSource = {
  id: 1,
  name: '人事系统',
  kind: 'put',
  settings: initialSettings,
  hasSecret: false,
  readAt: null,
  nextAt: null,
  failure: '',
  version: 'wJ2n…',
  lastRun: null,
} as const

export const adminSources = adminCall({
  ...about,
  method: 'GET',
  path: '/api/admin/sources',
  summary: { zh: '列出人事源', en: 'List sources of people' },
  point: 'directory:source',
  input: {},
  output: Type.Object({ list: Type.Array(sourceSchema) }),
  errors: [],
  sample: { list: [sampleSource] },
  async handle({ db }: Core, { corpId, language }) {
    const list = []
    for (const one of await sourcesOf(db, corpId)) list.push(await sourceView(db, one, language))
    return { list }
  },
})

export const adminAddSource = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/add',
  summary: { zh: '新建人事源', en: 'Add a source of people' },
  point: 'directory:source',
  input: {
    name: text({ zh: '名称', en: 'Name' }, { max: 64 }),
    kind: choice({ zh: '种类：file、put、sql、ldap', en: 'Kind: file, put, sql, ldap' }, sourceKinds),
    secret,
    settings,
  },
  output: Type.Object({ id: Type.Integer() }),
  errors: [],
  sample: { id: 1 },
  sampleInput: { name: '人事系统 {unique}', kind: 'put' },
  async handle(ctx: SourceNeeds, { corpId, input, caller }) {
    const { name, kind, settings: given = {} } = input
    const by = { mayApprove: mayAlso(caller.person, approving) }
    const change = { ...given, name, secret: input.secret }
    return { id: await addSource(ctx, caller.actor, corpId, kind, change, by) }
  },
})

export const adminSetSource = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/set',
  summary: { zh: '修改人事源', en: 'Change a source of people' },
  point: 'directory:source',
  input: { id, name: optionalText({ zh: '名称', en: 'Name' }, { max: 64 }), secret, settings },
  output: sourceSchema,
  errors: [],
  sample: sampleSource,
  sampleInput: { id: 1, settings: { autoAtMost: 20 } },
  async handle(ctx: SourceNeeds, { corpId, input, caller, language }) {
    const { name, settings: given = {} } = input
    const by = { mayApprove: mayAlso(caller.person, approving) }
    await setSource(ctx, caller.actor, corpId, input.id, { ...given, name, secret: input.secret }, by)
    return sourceView(ctx.db, await knownSource(ctx.db, corpId, input.id), language)
  },
})

export const adminRemoveSource = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/remove',
  summary: { zh: '删除人事源', en: 'Delete a source of people' },
  description: {
    zh: '企业微信中的人员和部门保持不变。',
    en: 'People and departments in WeCom stay as they are.',
  },
  point: 'directory:source',
  input: { id },
  output: Type.Object({ id: Type.Integer() }),
  errors: [],
  sample: { id: 1 },
  sampleInput: { id: 1 },
  async handle(ctx: SourceNeeds, { corpId, input, caller }) {
    await removeSource(ctx, caller.actor, corpId, input.id)
    return { id: input.id }
  },
})

export const adminPreviewSource = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/preview',
  summary: { zh: '读取人事源并预览', en: 'Read a source and preview what it would write' },
  description: {
    zh: '由节点在数秒内读取，随后出现在运行列表中。由文件提供的人事源在控制台或命令行上传。',
    en: 'A node reads it within seconds; then it is among the runs. Files are uploaded in the console or by command.',
  },
  point: 'directory:source',
  directory: true,
  input: { id },
  output: Type.Object({ id: Type.Integer() }),
  errors: [],
  sample: { id: 1 },
  sampleInput: { id: 1 },
  async handle(ctx: PreviewNowNeeds, { corpId, input, caller }) {
    await previewNow(ctx, caller.actor, corpId, input.id)
    return { id: input.id }
  },
})

export const adminSourceRuns = adminCall({
  ...about,
  method: 'GET',
  path: '/api/admin/source/runs',
  summary: { zh: '人事源最近的运行', en: 'The latest runs of a source' },
  point: 'directory:source',
  input: { id },
  output: Type.Object({ list: Type.Array(runSchema) }),
  errors: [],
  sample: { list: [sampleRun] },
  sampleInput: { id: 1 },
  async handle({ db }: Core, { corpId, input, language }) {
    const { id: sourceId } = await knownSource(db, corpId, input.id)
    const list = []
    for (const run of await runsOf(db, corpId, sourceId, { limit: 20 }))
      list.push(await runView(db, run, language))
    return { list }
  },
})

export const adminSourceRows = adminCall({
  ...about,
  method: 'GET',
  path: '/api/admin/source/rows',
  summary: { zh: '一次运行的各行', en: 'The rows of a run' },
  point: 'directory:source',
  input: {
    runId,
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger({ zh: '每页条数', en: 'Rows a page' }, { min: 1, max: 200 }),
  },
  output: Type.Object({ list: Type.Array(rowSchema), total: Type.Integer() }),
  errors: [],
  sample: { list: [sampleRow], total: 1 },
  sampleInput: { runId: 7 },
  async handle({ db }: Core, { corpId, input, language }) {
    const run = await knownRun(db, corpId, input.runId)
    const { list, total } = await rowsOfRun(db, run, {}, pageOf(input))
    return { list: list.map(one => rowView(one, language)), total }
  },
})

export const adminApproveRun = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/approve',
  summary: { zh: '批准写入企业微信', en: 'Approve a preview' },
  description: {
    zh: '预览与通讯录不符、超过 24 小时或设置已修改时拒绝。离职超过 20 人或 5% 时须给出 leavers。',
    en: 'Refused for a preview that is true no more, older than 24 hours, or by other settings. Where more than 20 or 5 % leave, leavers says how many.',
  },
  point: 'directory:write',
  input: {
    runId,
    leavers: optionalInteger({ zh: '离职人数', en: 'How many leave' }, { min: 0, max: 10_000_000 }),
  },
  output: runSchema,
  errors: [],
  sample: sampleRun,
  sampleInput: { runId: 7 },
  async handle(ctx: ApproveNeeds, { corpId, input, caller, language }) {
    await approveRun(ctx, caller.actor, corpId, input.runId, { leavers: input.leavers })
    return runView(ctx.db, await knownRun(ctx.db, corpId, input.runId), language)
  },
})

export const adminRefuseRun = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/refuse',
  summary: { zh: '作废预览，或停止写入', en: 'Refuse a preview, or stop a run' },
  point: 'directory:write',
  input: { runId },
  output: Type.Object({ runId: Type.Integer() }),
  errors: [],
  sample: { runId: 7 },
  sampleInput: { runId: 7 },
  async handle(ctx: Core, { corpId, input, caller }) {
    await refuseRun(ctx, caller.actor, corpId, input.runId)
    return { runId: input.runId }
  },
})

export const adminUndoRun = adminCall({
  ...about,
  method: 'POST',
  path: '/api/admin/source/undo',
  summary: { zh: '撤回一次写入', en: 'Take a run back' },
  description: {
    zh: '生成撤回的预览，批准后写入。已删除的成员和部门不能恢复。',
    en: 'Makes a preview of the undo, which is approved as any other. Deleted members and departments do not come back.',
  },
  point: 'directory:write',
  input: { runId },
  output: Type.Object({ runId: Type.Integer() }),
  errors: [],
  sample: { runId: 8 },
  sampleInput: { runId: 7 },
  handle: async (ctx: Core, { corpId, input, caller }) => ({
    runId: await undoRun(ctx, caller.actor, corpId, input.runId),
  }),
})
