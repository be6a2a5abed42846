import { type Static, Type } from 'typebox'
import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import { hiddenActors } from '../../organisation/three/not-of-three.ts'
import type { Three } from '../../organisation/three/three.ts'
import { recordExport } from '../../platform/audit/audit.ts'
import * as store from '../../platform/audit/store.ts'
import type { Core } from '../../platform/core.ts'
import { sendCsv } from '../../platform/http/answers/csv.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { optionalChoice, optionalText, optionalTime, type Values } from '../../platform/http/input.ts'
import { exporting, orderOf, pageOf, paging, requiredId, sorting } from '../../platform/http/list-input.ts'
import { fileSchema } from '../../platform/http/output.ts'
import { administrator, installation, pageCall, refused } from '../../platform/http/page-call.ts'
import { told } from '../../platform/http/told.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { type Language, languageOf } from '../../platform/words.ts'
import { actIn, detailIn, detailLine, type TellContext, targetNameIn } from './telling.ts'

const auditRowSchema = Type.Object({
  id: Type.Number(),
  /** Null when the act concerned the installation. */
  corpId: Type.Union([Type.String(), Type.Null()]),
  actor: Type.String(),
  /** The name at that time; '' for local accounts and the command line. */
  actorName: Type.String(),
  act: Type.String(),
  /** What the act is called. */
  actName: Type.String(),
  target: Type.String(),
  /** The name at that time; of an export the list's. '' where the target has none. */
  targetName: Type.String(),
  /** '' for the command line. */
  address: Type.String(),
  at: Type.String(),
  /** As it is stored. */
  detail: Type.Unknown(),
})
export type AuditRow = Static<typeof auditRowSchema>

const auditEntrySchema = Type.Object({
  ...auditRowSchema.properties,
  /** Null where the act changes nothing that has a before and an after. */
  changes: Type.Union([
    Type.Array(
      Type.Object({
        name: Type.String(),
        before: Type.String(),
        after: Type.String(),
        /** The values are not told. */
        isSecret: Type.Boolean(),
      }),
    ),
    Type.Null(),
  ]),
  facts: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
})
export type AuditEntry = Static<typeof auditEntrySchema>

const scope = optionalChoice('corp：当前企业；all：所有企业，只对系统超级管理员', ['corp', 'all'])

const filterInput = {
  scope,
  actor: optionalText('谁：账号或姓名', { max: 64 }),
  act: optionalText('操作，或其前一段', { max: 64 }),
  target: optionalText('对象：编号或名称', { max: 128 }),
  from: optionalTime('从何时，ISO 时间'),
  to: optionalTime('到何时（不含），ISO 时间'),
}

export const auditList = pageCall({
  method: 'GET',
  path: '/web/audit',
  access: administrator('super'),
  point: 'audit:read',
  input: {
    ...filterInput,
    ...paging,
    sort: sorting,
  },
  output: Type.Object({
    list: Type.Array(auditRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Core & { three: Three }, { input, visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const { descending } = orderOf(input.sort, ['at'], '-at')
    const filter = await filterOf(ctx, input, visitor, corpId)
    const { list, total } = await store.auditEntries(ctx.db, filter, { ...pageOf(input), descending })
    return { list: list.map(entry => rowOf(entry, language)), total }
  },
})

/** What concerns no corp, for those of the installation's three who read it. */
export const installationAudit = pageCall({
  method: 'GET',
  path: '/web/installation/audit',
  access: installation,
  point: 'installation:log',
  input: paging,
  output: Type.Object({ list: Type.Array(auditRowSchema), total: Type.Number() }),
  async handle(ctx: Core, { input, visitor, request }) {
    const language = languageOf(request.headers['accept-language'])
    const any = { actor: undefined, act: undefined, target: undefined, from: undefined, to: undefined }
    const notBy = await hiddenActors(ctx.db, visitor, undefined)
    const filter = { corpId: null, withInstallation: false, ...any, notBy }
    const page = { ...pageOf(input), descending: true }
    const { list, total } = await store.auditEntries(ctx.db, filter, page)
    return { list: list.map(entry => rowOf(entry, language)), total }
  },
})

export const auditHeads = {
  zh: ['时间', '企业', '操作人', '操作人姓名', '操作', '对象', '对象名称', '地址', '内容'],
  en: ['Time', 'Corp', 'Actor', 'Name of actor', 'Act', 'Object', 'Name of object', 'Address', 'Detail'],
} as const

/** The same entries as a file; that it was taken is an act itself. */
export const auditExport = pageCall({
  method: 'GET',
  path: '/web/audit/export',
  access: administrator('super'),
  point: 'audit:export',
  directory: true,
  input: { ...filterInput, ...exporting },
  output: fileSchema,
  async handle(
    ctx: Core & { corps: Corps; mirrors: Mirrors; three: Three },
    { input, visitor, corpId, reply },
  ) {
    const { descending } = orderOf(input.sort, ['at'], '-at')
    const filter = await filterOf(ctx, input, visitor, corpId)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'audit', input })
    const entries = store.allAuditEntries(ctx.db, filter, descending)
    const language = input.language ?? 'zh'
    const mirror = ctx.mirrors.of(corpId)
    const timeZone = zoneOf(ctx, corpId)
    return sendCsv(reply, {
      name: 'audit',
      head: auditHeads[language],
      chunks: entries,
      cells: entry =>
        auditCells({ language, timeZone, mirror: entry.corpId === corpId ? mirror : undefined }, entry),
    })
  },
})

/** An entry as a row of a file. */
export function auditCells(telling: TellContext, entry: store.AuditEntry) {
  const { language } = telling
  return [
    entry.at,
    entry.corpId,
    entry.actor,
    entry.actorName,
    actIn(language, entry.act),
    entry.target,
    targetNameIn(language, entry),
    entry.address,
    detailLine(telling, entry.detail),
  ]
}

async function filterOf(
  { db, three }: Pick<Core, 'db'> & { three: Three },
  input: Values<typeof filterInput>,
  visitor: Visitor,
  corpId: string,
): Promise<store.AuditFilter> {
  const { actor, act, target, from, to } = input
  const notBy = await hiddenActors(db, visitor, corpId)
  return { ...reach(three, visitor, corpId, input.scope), actor, notBy, act, target, from, to }
}

export const auditOne = pageCall({
  method: 'GET',
  path: '/web/audit/entry',
  access: administrator('super'),
  point: 'audit:read',
  directory: true,
  input: { id: requiredId('记录编号') },
  output: auditEntrySchema,
  async handle(
    ctx: Core & { corps: Corps; mirrors: Mirrors; three: Three },
    { input, visitor, corpId, request },
  ): Promise<AuditEntry> {
    const entry = await store.auditEntry(ctx.db, input.id)
    const isSystem = visitor.roleLevel === roleLevel.system
    // The local account reads no log of another corp where it is the system administrator alone.
    const isOwn = entry?.corpId === corpId || (isSystem && !ctx.three.isOn(entry?.corpId ?? undefined))
    const hidden = await hiddenActors(ctx.db, visitor, corpId)
    if (!entry || !isOwn || hidden?.includes(entry.actor))
      throw new ApiError('badParameter', {
        zh: told`没有审计记录 ${input.id}`,
        en: told`there is no audit entry ${input.id}`,
      })
    const language = languageOf(request.headers['accept-language'])
    const mirror = entry.corpId === corpId ? ctx.mirrors.of(corpId) : undefined
    return {
      ...rowOf(entry, language),
      ...detailIn({ language, mirror, timeZone: zoneOf(ctx, corpId) }, entry.detail),
    }
  },
})

export const auditActs = pageCall({
  method: 'GET',
  path: '/web/audit/acts',
  access: administrator('super'),
  point: 'audit:read',
  input: { scope },
  output: Type.Object({
    list: Type.Array(Type.Object({ act: Type.String(), name: Type.String() })),
  }),
  async handle(ctx: Core & { three: Three }, { input, visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const notBy = await hiddenActors(ctx.db, visitor, corpId)
    const acts = await store.auditedActs(ctx.db, { ...reach(ctx.three, visitor, corpId, input.scope), notBy })
    return { list: acts.map(act => ({ act, name: actIn(language, act) })) }
  },
})

/**
 * A super administrator sees the acts of their own corp. The system super administrator also sees those of the
 * installation, or all of them.
 */
function reach(three: Three, visitor: Visitor, corpId: string, wanted: 'corp' | 'all' | undefined) {
  const isSystem = visitor.roleLevel === roleLevel.system
  if (isSystem && wanted === 'all' && three.ofAccountAnywhere())
    throw refused({
      zh: '有企业开启了三员分立，其日志只由其三员查看，请选择一个企业',
      en: 'the three administrators are separated in some corp, whose log is read by them alone: choose one corp',
    })
  return { corpId: isSystem && wanted === 'all' ? undefined : corpId, withInstallation: isSystem }
}

function rowOf(entry: store.AuditEntry, language: Language): AuditRow {
  return {
    ...entry,
    actName: actIn(language, entry.act),
    targetName: targetNameIn(language, entry),
    at: entry.at.toISOString(),
  }
}
