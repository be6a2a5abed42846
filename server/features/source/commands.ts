import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../platform/command/command.ts'
import { commandLanguage, said } from '../../platform/command/language.ts'
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

const id = requiredInteger(
  '<id>',
  { zh: '人事源编号，见 source list', en: 'ID of the source of people, see source list' },
  anyId,
)
const runId = requiredInteger(
  '<run>',
  { zh: '运行编号，见 source runs', en: 'run ID, see source runs' },
  anyId,
)
const settings = readAs(
  text('--settings <json>', {
    zh: '设置，JSON；只写要修改的，见指南“人事源”',
    en: 'settings, JSON; only what is to change, see the guide 人事源 (sources of people)',
  }),
  readSettings,
)
const password = secret('--secret <password>', {
  zh: '连接的密码；"" 去掉',
  en: 'password of the connection; "" takes it away',
})

function readSettings(given: string): Partial<SourceSettings> {
  try {
    const value: unknown = JSON.parse(given)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {}
  throw new UsageError({
    zh: '--settings 应为 JSON 对象，例如 {"key":"工号"}',
    en: '--settings takes a JSON object, such as {"key":"工号"}',
  })
}

const kinds = {
  file: { zh: '文件', en: 'File' },
  put: { zh: '接口提交', en: 'submitted by API' },
  sql: { zh: '数据库', en: 'database' },
  ldap: 'LDAP',
}
const states = {
  preview: { zh: '等待批准', en: 'waits for approval' },
  writing: { zh: '正在写入', en: 'being written' },
  done: { zh: '写完', en: 'written' },
  refused: { zh: '作废', en: 'dropped' },
}

function told({ id, state, counts, done, failed, left, failure }: RunView): string {
  const { joiners, movers, changed, leavers, problems } = counts
  const what = said({
    zh: `入职 ${joiners}，调动 ${movers}，变更 ${changed}，离职 ${leavers}，错误 ${problems}`,
    en: `${joiners} join, ${movers} move, ${changed} change, ${leavers} leave, ${problems} errors`,
  })
  const written =
    state === 'preview'
      ? ''
      : said({
          zh: `；已写 ${done}，未写 ${failed}，剩余 ${left}`,
          en: `; ${done} written, ${failed} not written, ${left} left`,
        })
  return said({
    zh: `运行 ${id} ${states[state].zh}：${what}${written}${failure ? `\n${failure}` : ''}`,
    en: `run ${id} ${states[state].en}: ${what}${written}${failure ? `\n${failure}` : ''}`,
  })
}

const list = command({
  path: 'source list',
  point: 'directory:source',
  summary: {
    zh: '列出人事源、最近一次运行和读取失败的原因',
    en: 'List sources of people, their last run, and why reading failed',
  },
  parts: { corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { corp }) {
    const data = []
    for (const one of await sourcesOf(ctx.db, corpOf(ctx, corp)))
      data.push(await sourceView(ctx.db, one, commandLanguage()))
    const rows = data.map(one => [
      one.id,
      one.name,
      kinds[one.kind],
      one.lastRun ? states[one.lastRun.state] : said({ zh: '没有运行过', en: 'never run' }),
      one.failure,
    ])
    return {
      data,
      text: table(
        [
          { zh: '编号', en: 'ID' },
          { zh: '名称', en: 'Name' },
          { zh: '种类', en: 'Kind' },
          { zh: '最近一次', en: 'Last run' },
          { zh: '读取失败', en: 'Reading failed' },
        ],
        rows,
        { zh: '没有人事源', en: 'no sources of people' },
      ),
    }
  },
})

const add = command({
  path: 'source add',
  point: 'directory:source',
  summary: { zh: '新建人事源', en: 'Create a source of people' },
  parts: {
    name: requiredText('<name>', { zh: '名称', en: 'name' }),
    kind: choice('--kind <kind>', { zh: '种类，默认 file', en: 'kind, file by default' }, sourceKinds),
    settings,
    secret: password,
    corp: corpPart,
  },
  async run(ctx: SourceNeeds, { name, kind = 'file', settings, secret, corp }) {
    const made = await addSource(ctx, actor, corpOf(ctx, corp), kind, { ...settings, name, secret })
    return {
      data: { id: made },
      text: said({
        zh: `已新建人事源“${name}”，编号 ${made}`,
        en: `created the source of people ${name} with the ID ${made}`,
      }),
    }
  },
})

const set = command({
  path: 'source set',
  point: 'directory:source',
  summary: { zh: '修改人事源；没有写的不变', en: 'Change a source of people; what is not given stays' },
  parts: {
    id,
    name: text('--name <name>', { zh: '名称', en: 'name' }),
    settings,
    secret: password,
    corp: corpPart,
  },
  async run(ctx: SourceNeeds, { id, name, settings, secret, corp }) {
    await setSource(ctx, actor, corpOf(ctx, corp), id, { ...settings, name, secret })
    return { data: { id }, text: said({ zh: '已保存', en: 'saved' }) }
  },
})

const remove = command({
  path: 'source remove',
  point: 'directory:source',
  summary: {
    zh: '删除人事源；企业微信中的人员和部门不变',
    en: 'Delete a source of people; members and departments stay in WeCom',
  },
  parts: { id, corp: corpPart },
  async run(ctx: SourceNeeds, { id, corp }) {
    await removeSource(ctx, actor, corpOf(ctx, corp), id)
    return {
      data: { id },
      text: said({ zh: `已删除人事源 ${id}`, en: `deleted the source of people ${id}` }),
    }
  },
})

const preview = directoryCommand({
  path: 'source preview',
  point: 'directory:source',
  summary: {
    zh: '读取人事源，预览要写入企业微信的修改',
    en: 'Read a source of people, and preview what would be written to WeCom',
  },
  parts: {
    id,
    file: {
      ...text('--file <file>', {
        zh: 'CSV 或 xlsx 文件；由文件提供的人事源必填',
        en: 'CSV or xlsx file; a source of people of files must have it',
      }),
      kind: 'file' as const,
    },
    corp: corpPart,
  },
  async run(ctx: PreviewNowNeeds, { id, file, corp }) {
    const corpId = corpOf(ctx, corp)
    const bytes = file === undefined ? undefined : await readFile(file)
    const made = await previewNow(ctx, actor, corpId, id, bytes)
    if (made === undefined)
      return {
        data: { id },
        text: said({
          zh: '节点即将读取；用 wisp source runs 查看',
          en: 'a node is about to read it; wisp source runs shows it',
        }),
      }
    const data = await runView(ctx.db, await knownRun(ctx.db, corpId, made), commandLanguage())
    return { data, text: told(data) }
  },
})

const runs = command({
  path: 'source runs',
  point: 'directory:source',
  summary: { zh: '列出人事源最近的运行', en: 'List the latest runs of a source of people' },
  parts: { id, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    const source = await knownSource(ctx.db, corpId, id)
    const data = []
    for (const one of await runsOf(ctx.db, corpId, source.id, { limit: 20 }))
      data.push(await runView(ctx.db, one, commandLanguage()))
    return { data, text: data.map(told).join('\n') || said({ zh: '没有运行过', en: 'never run' }) }
  },
})

const rows = command({
  path: 'source rows',
  point: 'directory:source',
  summary: { zh: '列出一次运行的各行，最多 200 行', en: 'List the rows of a run, 200 at most' },
  parts: { run: runId, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { run, corp }) {
    const found = await knownRun(ctx.db, corpOf(ctx, corp), run)
    const data = (await rowsOfRun(ctx.db, found, {}, { limit: 200 })).list.map(one =>
      rowView(one, commandLanguage()),
    )
    const shown = data.map(one => [
      one.kind,
      one.userId || one.key,
      one.name,
      one.fields
        .map(each => `${each.field}: ${each.before} → ${each.after}`)
        .join(said({ zh: '；', en: '; ' })),
      one.state,
      one.result || one.notes.join(said({ zh: '；', en: '; ' })),
    ])
    return {
      data,
      text: table(
        [
          { zh: '做什么', en: 'what to do' },
          { zh: '账号', en: 'Account' },
          { zh: '姓名', en: 'Name' },
          { zh: '字段', en: 'Fields' },
          { zh: '结果', en: 'result' },
          { zh: '说明', en: 'Explanation' },
        ],
        shown,
        { zh: '没有行', en: 'no rows' },
      ),
    }
  },
})

const approve = command({
  path: 'source approve',
  point: 'directory:write',
  summary: { zh: '批准一次预览，写入企业微信', en: 'Approve a preview, which is then written to WeCom' },
  parts: {
    run: runId,
    leavers: integer(
      '--leavers <count>',
      { zh: '离职人数；离职过多时必填', en: 'number of leavers; needed if there are too many' },
      anyId,
    ),
    corp: corpPart,
  },
  async run(ctx: ApproveNeeds, { run, leavers, corp }) {
    await approveRun(ctx, actor, corpOf(ctx, corp), run, { leavers })
    return {
      data: { runId: run },
      text: said({
        zh: '已批准，节点开始写入；用 wisp source runs 查看',
        en: 'approved; a node is writing it, wisp source runs shows it',
      }),
    }
  },
})

const refuse = command({
  path: 'source refuse',
  point: 'directory:write',
  summary: {
    zh: '作废一次预览，或停止正在写入的运行；已写入的不变',
    en: 'Drop a preview, or stop a run that is being written; what was written stays',
  },
  parts: { run: runId, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { run, corp }) {
    await refuseRun(ctx, actor, corpOf(ctx, corp), run)
    return { data: { runId: run }, text: said({ zh: '已作废', en: 'dropped' }) }
  },
})

const undo = command({
  path: 'source undo',
  point: 'directory:write',
  summary: {
    zh: '预览撤回一次写入；批准后撤回',
    en: 'Preview how a run is undone; approve it to undo the run',
  },
  parts: { run: runId, corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { run, corp }) {
    const corpId = corpOf(ctx, corp)
    const made = await undoRun(ctx, actor, corpId, run)
    const data = await runView(ctx.db, await knownRun(ctx.db, corpId, made), commandLanguage())
    return { data, text: told(data) }
  },
})

export const sourceCommands = [list, add, set, remove, preview, runs, rows, approve, refuse, undo]
