import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import { time } from '../../platform/http/output.ts'
import { type Language, storedWords, wordsIn } from '../../platform/words.ts'
import { asksForLeavers, type Counts, leaversOf, writesOf } from './plan/changes.ts'
import { type Note, notes } from './plan/problems.ts'
import { type Progress, progressOf, type Run, type RunRow, runsOf } from './runs/run-store.ts'
import { formOf } from './set-source.ts'
import { settingsShape, sourceKinds } from './settings.ts'
import type { SourceRow } from './source-store.ts'

const maybeTime = (zh: string, en: string) => Type.Union([time, Type.Null()], { about: { zh, en } })
const number = (zh: string, en: string) => Type.Integer({ about: { zh, en } })

export const countsSchema = Type.Object({
  people: number('人事源中的人数', 'People of the source'),
  joiners: number('入职', 'Joiners'),
  movers: number('调动', 'Members who change departments'),
  changed: number('资料变更', 'Members with other changes'),
  leavers: number('离职，将停用', 'Leavers, who are disabled'),
  returned: number('重新启用', 'Members who are enabled again'),
  adopted: number(
    '已与人事源一致，首次纳入',
    'Members who are as the source says, and are kept by it from now on',
  ),
  deleted: number('删除', 'Members who are deleted'),
  departmentsAdded: number('新建部门', 'New departments'),
  departmentsSet: number('改名或移动的部门', 'Departments renamed or moved'),
  departmentsRemoved: number('删除的部门', 'Departments removed'),
  drift: number('与人事源不同、以企业微信为准的人', 'Members who differ where WeCom decides'),
  problems: number('有错误的行', 'Lines with errors'),
  strangers: number('在所在部门之下、不在人事源中的成员', 'Members below the root who are not in the source'),
  before: number('人事源管理的人数', 'Members that the source keeps'),
})

export const runSchema = Type.Object({
  id: number('运行编号', 'Number of the run'),
  sourceId: number('人事源编号', 'Number of the source'),
  kind: Type.Enum(['write', 'undo', 'delete'], {
    about: {
      zh: 'write 写入；undo 撤回；delete 到期删除',
      en: 'write; undo; delete: leavers whose time has come',
    },
  }),
  state: Type.Enum(['preview', 'writing', 'done', 'refused'], {
    about: {
      zh: 'preview 等待批准；writing 正在写入；done 写完；refused 作废',
      en: 'preview: waits for approval; writing; done; refused',
    },
  }),
  counts: countsSchema,
  writes: number('要写入的行数', 'Rows that are written'),
  asks: Type.Boolean({
    about: { zh: '离职过多，批准时须填写人数', en: 'So many leave that an approval says how many' },
  }),
  leavers: number('离职和删除的人数，批准时填写', 'How many leave or are deleted, for the approval'),
  done: number('已写入', 'Rows written'),
  failed: number('企业微信拒绝或已被改过的行', 'Rows that WeCom refused, or that were changed meanwhile'),
  left: number('还没有写入的行', 'Rows that are not written yet'),
  undoOf: Type.Union([Type.Integer(), Type.Null()], {
    about: { zh: '撤回哪次运行', en: 'Which run it takes back' },
  }),
  madeAt: Type.Unsafe<Date>({ ...time, about: { zh: '预览时间', en: 'When it was previewed' } }),
  madeBy: Type.String({ about: { zh: '由谁预览', en: 'Who previewed it' } }),
  approvedAt: maybeTime('批准时间', 'When it was approved'),
  approvedBy: Type.String({ about: { zh: '由谁批准', en: 'Who approved it' } }),
  endedAt: maybeTime('结束时间', 'When it ended'),
  failure: Type.String({ about: { zh: '暂停或作废的原因', en: 'Why it has stopped or was refused' } }),
})
export type RunView = Static<typeof runSchema>

export async function runView(db: Core['db'], run: Run, language: Language): Promise<RunView> {
  const { waits, sending, done, failed, overtaken } = await progressNow(db, run)
  const { id, sourceId, kind, state, counts, undoOf, madeAt, madeBy, approvedAt, approvedBy, endedAt } = run
  return {
    ...{ id, sourceId, kind, state, counts, undoOf, madeAt, madeBy, approvedAt, endedAt },
    approvedBy: approvedBy ?? '',
    writes: writesOf(counts),
    asks: asksForLeavers(counts),
    leavers: leaversOf(counts),
    done,
    failed: failed + overtaken,
    left: waits + sending,
    failure: shown(run.failure, language),
  }
}

/** Only rows of a run that is being written are counted. */
async function progressNow(db: Core['db'], run: Run): Promise<Progress> {
  const none = { waits: 0, sending: 0, done: 0, failed: 0, overtaken: 0 }
  if (run.state === 'writing') return progressOf(db, run)
  return run.progress ?? { ...none, waits: run.state === 'preview' ? writesOf(run.counts) : 0 }
}

const shown = (words: string | null, language: Language): string =>
  words === null ? '' : wordsIn(language, storedWords(words))

export const rowSchema = Type.Object({
  n: Type.Integer({ about: { zh: '行号', en: 'Number of the row' } }),
  kind: Type.String({
    about: { zh: '做什么；problem 是有错误的行', en: 'What is done; problem is a line with an error' },
  }),
  line: Type.Integer({ about: { zh: '人事源中的行', en: 'Line of the source' } }),
  key: Type.String({ about: { zh: '人事源中的唯一值', en: 'Key in the source' } }),
  userId: Type.String({ about: { zh: '账号', en: 'userid' } }),
  name: Type.String({ about: { zh: '姓名或部门名称', en: 'Name' } }),
  fields: Type.Array(Type.Object({ field: Type.String(), before: Type.String(), after: Type.String() }), {
    about: { zh: '字段修改前后', en: 'Fields before and after' },
  }),
  notes: Type.Array(Type.String(), { about: { zh: '说明', en: 'Notes' } }),
  state: Type.String({ about: { zh: '结果', en: 'What became of it' } }),
  result: Type.String({ about: { zh: '原因', en: 'Why' } }),
})
export type RunRowView = Static<typeof rowSchema>

export function rowView(row: RunRow, language: Language): RunRowView {
  const { n, kind, line, key, userId, name, state } = row
  return {
    ...{ n, kind, line, key, userId, name, state },
    fields: Object.entries(row.fields).map(([field, change]) => ({
      field,
      before: change?.[0] ?? '',
      after: change?.[1] ?? '',
    })),
    notes: row.notes.map(note => wordsIn(language, notes[note as Note] ?? note)),
    result: shown(row.result, language),
  }
}

export const sourceSchema = Type.Object({
  id: number('人事源编号', 'Number of the source'),
  name: Type.String({ about: { zh: '名称', en: 'Name' } }),
  kind: Type.Enum([...sourceKinds], {
    about: {
      zh: 'file 文件；put 接口提交；sql 数据库；ldap LDAP 或 AD',
      en: 'file; put: given by the API; sql; ldap: LDAP or AD',
    },
  }),
  settings: Type.Object(settingsShape, { about: { zh: '设置', en: 'Settings' } }),
  hasSecret: Type.Boolean({ about: { zh: '是否保存了密码', en: 'Whether a password is stored' } }),
  readAt: maybeTime('最近一次读取', 'When it was last read'),
  nextAt: maybeTime('下次读取', 'When it is read next'),
  failure: Type.String({ about: { zh: '读取失败的原因', en: 'Why it cannot be read' } }),
  version: Type.String({ about: { zh: '表单的版本', en: 'Version of the form' } }),
  lastRun: Type.Union([runSchema, Type.Null()], { about: { zh: '最近一次运行', en: 'The latest run' } }),
})
export type SourceView = Static<typeof sourceSchema>

export async function sourceView(db: Core['db'], source: SourceRow, language: Language): Promise<SourceView> {
  const { id, name, kind, settings, readAt, nextAt } = source
  const [last] = await runsOf(db, source.corpId, id, { limit: 1 })
  return {
    ...{ id, name, kind, settings, readAt, nextAt },
    hasSecret: source.secret !== null,
    failure: shown(source.failure, language),
    version: versionOf(formOf(source)),
    lastRun: last ? await runView(db, last, language) : null,
  }
}

const noCounts: Counts = {
  people: 120,
  joiners: 3,
  movers: 2,
  changed: 4,
  leavers: 1,
  returned: 0,
  adopted: 0,
  deleted: 0,
  departmentsAdded: 1,
  departmentsSet: 0,
  departmentsRemoved: 0,
  drift: 0,
  problems: 1,
  strangers: 5,
  before: 118,
}
const sampleTime = '2026-12-01T02:30:00.000Z' as unknown as Date
export const sampleRun: RunView = {
  id: 7,
  sourceId: 1,
  kind: 'write',
  state: 'preview',
  counts: noCounts,
  writes: 11,
  asks: false,
  leavers: 1,
  done: 0,
  failed: 0,
  left: 11,
  undoOf: null,
  madeAt: sampleTime,
  madeBy: 'wisp',
  approvedAt: null,
  approvedBy: '',
  endedAt: null,
  failure: '',
}
export const sampleRow: RunRowView = {
  n: 1,
  kind: 'join',
  line: 2,
  key: '1001',
  userId: 'zhangsan',
  name: '张三',
  fields: [{ field: 'name', before: '', after: '张三' }],
  notes: [],
  state: 'waits',
  result: '',
}
