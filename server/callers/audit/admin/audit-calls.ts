import { type Static, Type } from 'typebox'
import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { hiddenActors } from '../../../organisation/three/not-of-three.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import * as store from '../../../platform/audit/store.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { adminPaging } from '../../../platform/http/admin/paging.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { sendJsonLines } from '../../../platform/http/answers/json-lines.ts'
import {
  optionalChoice,
  optionalInteger,
  optionalText,
  optionalTime,
  type Values,
} from '../../../platform/http/input.ts'
import { pageOf } from '../../../platform/http/list-input.ts'
import type { Language } from '../../../platform/words.ts'
import { auditCells, auditHeads } from '../audit-list.ts'
import { actIn, targetNameIn } from '../telling.ts'

const entryShape = Type.Object({
  id: Type.Number({ about: { zh: '编号，只增不减', en: 'Number, which only grows' } }),
  corpId: Type.Union([Type.String(), Type.Null()], {
    about: { zh: '企业；null 为整个平台的操作', en: 'The corp; null: an act of the installation' },
  }),
  actor: Type.String({ about: { zh: '谁', en: 'Who' } }),
  actorName: Type.String({ about: { zh: '当时的姓名', en: 'Their name at that time' } }),
  act: Type.String({ about: { zh: '操作', en: 'Act' } }),
  actName: Type.String({ about: { zh: '操作的名称', en: 'What the act is called' } }),
  target: Type.String({ about: { zh: '对象', en: 'Object' } }),
  targetName: Type.String({ about: { zh: '对象当时的名称', en: 'Its name at that time' } }),
  address: Type.String({ about: { zh: '来自的地址', en: 'From where' } }),
  at: Type.String({ format: 'date-time' }),
  detail: Type.Unknown({
    about: {
      zh: '内容；用管理令牌做的有 adminToken',
      en: 'Detail; what was done by an admin token has adminToken',
    },
  }),
})

const sampleEntry = {
  id: 41,
  corpId: 'wwb1d5c0ffee123456',
  actor: 'zhangsan',
  actorName: '张三',
  act: 'developer.set',
  actName: '修改开发者',
  target: 'wd3f9c2a7be1d04865',
  targetName: '报修系统',
  address: '203.0.113.7',
  at: '2026-11-26T08:00:00.000Z',
  detail: { changes: [{ field: 'enabled', before: true, after: false }], adminToken: 'terraform (#3)' },
}

const filterInput = {
  actor: optionalText({ zh: '谁：账号或姓名', en: 'Who: account or name' }, { max: 64 }),
  act: optionalText({ zh: '操作，或其前一段', en: 'An act, or its first part' }, { max: 64 }),
  target: optionalText({ zh: '对象：编号或名称', en: 'Object: id or name' }, { max: 128 }),
  from: optionalTime({ zh: '从何时', en: 'Since when' }),
  to: optionalTime({ zh: '到何时（不含）', en: 'Until when, which is left out' }),
  afterId: optionalInteger(
    {
      zh: '只要编号大于它的，用于接着上次取',
      en: 'Only what has a greater number, to go on after the last time',
    },
    { min: 0, max: Number.MAX_SAFE_INTEGER },
  ),
}

/** What concerns the installation is for tokens of the whole of it, which ask for no corp. */
function filterOf(
  { actor, act, target, from, to, afterId }: Values<typeof filterInput>,
  corpId: string | undefined,
): store.AuditFilter {
  return { corpId, withInstallation: false, actor, act, target, from, to, afterId }
}

function shown(entry: store.AuditEntry, language: Language): Static<typeof entryShape> {
  const { id, corpId, actor, actorName, act, target, address, at, detail } = entry
  return {
    id,
    corpId,
    actor,
    actorName,
    act,
    actName: actIn(language, act),
    target,
    targetName: targetNameIn(language, entry),
    address,
    at: at.toISOString(),
    detail,
  }
}

export const adminAudit = adminCall({
  method: 'GET',
  path: '/api/admin/audit',
  summary: { zh: '审计', en: 'The audit log' },
  description: {
    zh: '最新的在前。可用于全部企业的令牌不写 corpId 时得到全部，包括整个平台的。',
    en: 'The latest first. A token of the whole installation that names no corp gets all, and what concerns the installation.',
  },
  scope: 'admin:read',
  point: 'audit:read',
  reach: 'own',
  input: { ...filterInput, ...adminPaging },
  output: Type.Object({ list: Type.Array(entryShape), total: Type.Number() }),
  errors: [],
  sample: { list: [sampleEntry], total: 1 },
  async handle(ctx: Core, { corpId, input, caller, language }) {
    const page = { ...pageOf(input), descending: true }
    const notBy = await hiddenActors(ctx.db, caller.person, corpId)
    const filter = { ...filterOf(input, corpId), notBy }
    const { list, total } = await store.auditEntries(ctx.db, filter, page)
    return { list: list.map(entry => shown(entry, language)), total }
  },
})

export const adminAuditExport = adminCall({
  method: 'GET',
  path: '/api/admin/audit/export',
  summary: { zh: '导出审计', en: 'Export the audit log' },
  description: {
    zh: '最早的在前，全部一次给出；下次带上最后一行的 id 作 afterId，即接着取。每次导出本身也是一条审计。',
    en: 'The earliest first, and all of it; with the id of the last row as afterId the next export goes on from there. An export is an act itself.',
  },
  scope: 'admin:read',
  point: 'audit:export',
  reach: 'own',
  directory: 'handler',
  input: {
    ...filterInput,
    format: optionalChoice(
      { zh: 'csv（默认），或每行一个 JSON 的 jsonl', en: 'csv unless given; jsonl has a JSON object a line' },
      ['csv', 'jsonl'],
    ),
  },
  output: Type.Unsafe<Buffer>(
    Type.String({
      contentMediaType: 'text/csv',
      about: {
        zh: 'CSV，列名为请求的语言；format=jsonl 时每行与 `GET /api/admin/audit` 的一项相同',
        en: 'CSV with a head in the language of the request; with format=jsonl a line is an item of `GET /api/admin/audit`',
      },
    }),
  ),
  errors: [],
  sample:
    '时间,企业,操作人,操作人姓名,操作,对象,对象名称,地址,内容\n2026-11-26T08:00:00.000Z,wwb1d5c0ffee123456,zhangsan,张三,修改开发者,wd3f9c2a7be1d04865,报修系统,203.0.113.7,启用：是 → 否\n',
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { corpId, input, caller, language, reply }) {
    const { actor, act, target, from, to } = input
    const filter = { actor, act, target, from, to, language }
    await recordExport(ctx, { corpId: corpId ?? null, actor: caller.actor, list: 'audit', input: filter })
    const chunks = store.allAuditEntries(ctx.db, filterOf(input, corpId), false)
    if (input.format === 'jsonl')
      return sendJsonLines(reply, { name: 'audit', chunks, line: entry => shown(entry, language) })
    const send = (mirror?: Mirror) =>
      sendCsv(reply, {
        name: 'audit',
        head: auditHeads[language],
        chunks,
        cells: entry => auditCells({ language, mirror, timeZone: zoneOf(ctx, corpId) }, entry),
      })
    if (corpId === undefined) return send()
    return ctx.mirrors.during(corpId, () => send(ctx.mirrors.of(corpId)))
  },
})
