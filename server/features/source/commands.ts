import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../platform/command/command.ts'
import {
  anyId,
  choice,
  integer,
  readAs,
  requiredInteger,
  requiredText,
  secret,
  text,
} from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { type PreviewNowNeeds, previewNow } from './preview-now.ts'
import { type ApproveNeeds, approveRun, knownRun, refuseRun } from './runs/approve-run.ts'
import { rowsOfRun, runsOf } from './runs/run-store.ts'
import { undoRun } from './runs/undo-run.ts'
import { addSource, knownSource, removeSource, type SourceNeeds, setSource } from './set-source.ts'
import { type SourceSettings, sourceKinds } from './settings.ts'
import { sourcesOf } from './source-store.ts'
import { type RunView, rowView, runView, sourceView } from './view.ts'

const id = requiredInteger('<id>', '人事源编号，见 source list', anyId)
const runId = requiredInteger('<run>', '运行编号，见 source runs', anyId)
const settings = readAs(text('--settings <json>', '设置，JSON；只写要修改的，见指南“人事源”'), readSettings)
const password = secret('--secret <password>', '连接的密码；"" 去掉')

function readSettings(given: string): Partial<SourceSettings> {
  try {
    const value: unknown = JSON.parse(given)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {}
  throw new UsageError('--settings 应为 JSON 对象，例如 {"key":"工号"}')
}

const kinds = { file: '文件', put: '接口提交', sql: '数据库', ldap: 'LDAP' }
const states = { preview: '等待批准', writing: '正在写入', done: '写完', refused: '作废' }

function told({ id, state, counts, done, failed, left, failure }: RunView): string {
  const { joiners, movers, changed, leavers, problems } = counts
  const what = `入职 ${joiners}，调动 ${movers}，变更 ${changed}，离职 ${leavers}，错误 ${problems}`
  const written = state === 'preview' ? '' : `；已写 ${done}，未写 ${failed}，剩余 ${left}`
  return `运行 ${id} ${states[state]}：${what}${written}${failure ? `\n${failure}` : ''}`
}

const list = command({
  path: 'source list',
  point: 'directory:source',
  summary: '列出人事源、最近一次运行和读取失败的原因',
  parts: { corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { corp }) {
    const data = []
    for (const one of await sourcesOf(ctx.db, corpOf(ctx, corp)))
      data.push(await sourceView(ctx.db, one, 'zh'))
    const rows = data.map(one => [
      one.id,
      one.name,
      kinds[one.kind],
      one.lastRun ? states[one.lastRun.state] : '没有运行过',
      one.failure,
    ])
    return { data, text: table(['编号', '名称', '种类', '最近一次', '读取失败'], rows, '没有人事源') }
  },
})

const add = command({
  path: 'source add',
  point: 'directory:source',
  summary: '新建人事源',
  parts: {
    name: requiredText('<name>', '名称'),
    kind: choice('--kind <kind>', '种类，默认 file', sourceKinds),
    settings,
    secret: password,
    corp: corpPart,
  },
  async run(ctx: SourceNeeds, { name, kind = 'file', settings, secret, corp }) {
    const made = await addSource(ctx, actor, corpOf(ctx, corp), kind, { ...settings, name, secret })
    return { data: { id: made }, text: `已新建人事源“${name}”，编号 ${made}` }
  },
})

const set = command({
  path: 'source set',
  point: 'directory:source',
  summary: '修改人事源；没有写的不变',
  parts: { id, name: text('--name <name>', '名称'), settings, secret: password, corp: corpPart },
  async run(ctx: SourceNeeds, { id, name, settings, secret, corp }) {
    await setSource(ctx, actor, corpOf(ctx, corp), id, { ...settings, name, secret })
    return { data: { id }, text: '已保存' }
  },
})

const remove = command({
  path: 'source remove',
  point: 'directory:source',
  summary: '删除人事源；企业微信中的人员和部门不变',
  parts: { id, corp: corpPart },
  async run(ctx: SourceNeeds, { id, corp }) {
    await removeSource(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: `已删除人事源 ${id}` }
  },
})

const preview = directoryCommand({
  path: 'source preview',
  point: 'directory:source',
  summary: '读取人事源，预览要写入企业微信的修改',
  parts: {
    id,
    file: { ...text('--file <file>', 'CSV 或 xlsx 文件；由文件提供的人事源必填'), kind: 'file' as const },
    corp: corpPart,
  },
  async run(ctx: PreviewNowNeeds, { id, file, corp }) {
    const corpId = corpOf(ctx, corp)
    const bytes = file === undefined ? undefined : await readFile(file)
    const made = await previewNow(ctx, actor, corpId, id, bytes)
    if (made === undefined) return { data: { id }, text: '节点即将读取；用 wisp source runs 查看' }
    const data = await runView(ctx.db, await knownRun(ctx.db, corpId, made), 'zh')
    return { data, text: told(data) }
  },
})

const runs = command({
  path: 'source runs',
  point: 'directory:source',
  summary: '列出人事源最近的运行',
  parts: { id, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    const source = await knownSource(ctx.db, corpId, id)
    const data = []
    for (const one of await runsOf(ctx.db, corpId, source.id, { limit: 20 }))
      data.push(await runView(ctx.db, one, 'zh'))
    return { data, text: data.map(told).join('\n') || '没有运行过' }
  },
})

const rows = command({
  path: 'source rows',
  point: 'directory:source',
  summary: '列出一次运行的各行，最多 200 行',
  parts: { run: runId, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { run, corp }) {
    const found = await knownRun(ctx.db, corpOf(ctx, corp), run)
    const data = (await rowsOfRun(ctx.db, found, {}, { limit: 200 })).list.map(one => rowView(one, 'zh'))
    const shown = data.map(one => [
      one.kind,
      one.userId || one.key,
      one.name,
      one.fields.map(each => `${each.field}: ${each.before} → ${each.after}`).join('；'),
      one.state,
      one.result || one.notes.join('；'),
    ])
    return { data, text: table(['做什么', '账号', '姓名', '字段', '结果', '说明'], shown, '没有行') }
  },
})

const approve = command({
  path: 'source approve',
  point: 'directory:write',
  summary: '批准一次预览，写入企业微信',
  parts: {
    run: runId,
    leavers: integer('--leavers <count>', '离职人数；离职过多时必填', anyId),
    corp: corpPart,
  },
  async run(ctx: ApproveNeeds, { run, leavers, corp }) {
    await approveRun(ctx, actor, corpOf(ctx, corp), run, { leavers })
    return { data: { runId: run }, text: '已批准，节点开始写入；用 wisp source runs 查看' }
  },
})

const refuse = command({
  path: 'source refuse',
  point: 'directory:write',
  summary: '作废一次预览，或停止正在写入的运行；已写入的不变',
  parts: { run: runId, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { run, corp }) {
    await refuseRun(ctx, actor, corpOf(ctx, corp), run)
    return { data: { runId: run }, text: '已作废' }
  },
})

const undo = command({
  path: 'source undo',
  point: 'directory:write',
  summary: '预览撤回一次写入；批准后撤回',
  parts: { run: runId, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { run, corp }) {
    const corpId = corpOf(ctx, corp)
    const made = await undoRun(ctx, actor, corpId, run)
    const data = await runView(ctx.db, await knownRun(ctx.db, corpId, made), 'zh')
    return { data, text: told(data) }
  },
})

export const sourceCommands = [list, add, set, remove, preview, runs, rows, approve, refuse, undo]
