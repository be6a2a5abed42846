import { type Static, Type } from 'typebox'
import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { countReached } from '../../../organisation/directory/permissions/reach-store.ts'
import { findDepartment, viewOf, visibleMember } from '../../../organisation/directory/read/view.ts'
import { namesOfGroups } from '../../../organisation/groups/group-store.ts'
import { fieldsOf, schemasOf } from '../../../platform/acts/settings.ts'
import { recordExport } from '../../../platform/audit/audit.ts'
import { givenOnly } from '../../../platform/command/command.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import {
  flag,
  optionalChoice,
  optionalFlag,
  optionalNumbers,
  optionalText,
  text,
  type Values,
} from '../../../platform/http/input.ts'
import { exporting, onPage, orderOf, paging, sorting } from '../../../platform/http/list-input.ts'
import { fileSchema, time } from '../../../platform/http/output.ts'
import { administrator, owner, pageCall } from '../../../platform/http/page-call.ts'
import { scopes } from '../../../platform/http/scope.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { languageAsked, wordsIn } from '../../../platform/words.ts'
import { developerSettings } from '../admin/settings.ts'
import { callsMade, lastCalls } from '../calls.ts'
import { addDeveloper, developerForm, removeDeveloper, setDeveloper } from '../developer-admin.ts'
import type { Developers } from '../developers.ts'
import { developerViews } from '../overview.ts'
import { peopleOf } from '../owners/owner-store.ts'
import { initialPurpose, purposesOf, scopesFor } from '../scopes/purposes.ts'
import { scopesOn } from '../scopes/scopes-on.ts'
import { allDevelopers, liveSecrets, type DeveloperRow as Stored, secretNumbers } from '../store.ts'

type Needs = Core & { corps: Corps; developers: Developers; offered: FeatureOffers; mirrors: Mirrors }

/** The console's 开发者配置 (docs/interface/authorisation.md#developers-and-scopes). */
const access = administrator('super')

const developerRowSchema = Type.Object({
  devId: Type.String(),
  name: Type.String(),
  enabled: Type.Boolean(),
  scopes: Type.Array(Type.String()),
  /** Null means the whole corp. */
  dataScope: Type.Union([
    Type.Object({
      departments: Type.Array(Type.Number()),
      tags: Type.Array(Type.Number()),
      groups: Type.Optional(Type.Array(Type.Number())),
    }),
    Type.Null(),
  ]),
  /** How many members are within the data scope now. */
  membersVisible: Type.Number(),
  /** Number of secrets that are not revoked. */
  secrets: Type.Number(),
  lastCalledAt: Type.Union([time, Type.Null()]),
  callsToday: Type.Number(),
  failuresToday: Type.Number(),
  createdAt: time,
})
export type DeveloperRow = Static<typeof developerRowSchema>

const orders = ['name', 'devId', 'callsToday', 'failuresToday', 'lastCalledAt', 'createdAt'] as const
type Order = (typeof orders)[number]

const filterInput = {
  search: optionalText('名称或 devId', { max: 64 }),
  enabled: optionalChoice('1: 启用的，0: 停用的', ['0', '1'] as const),
}

export const listDevelopers = pageCall({
  method: 'GET',
  path: '/web/developers/list',
  range: 'apps',
  point: 'developer:read',
  access,
  input: { ...filterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(developerRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Core & { corps: Corps; developers: Developers }, { corpId, input, visitor: { only } }) {
    const all = await briefsFound(ctx, corpId, input)
    const found = all.filter(({ row }) => !only || only.devIds.has(row.devId))
    return { list: await rowsOf(ctx, corpId, onPage(found, input)), total: found.length }
  },
})

const heads = {
  zh: ['devId', '名称', '启用', '权限', '今日调用', '今日失败', '有效密钥', '最近调用', '创建时间'],
  en: [
    'devId',
    'Name',
    'Enabled',
    'Scopes',
    'Calls today',
    'Failures today',
    'Live secrets',
    'Last call',
    'Created',
  ],
} as const

/** The same list as a file. */
export const exportDevelopers = pageCall({
  method: 'GET',
  path: '/web/developers/export',
  point: 'developer:export',
  access,
  input: { ...filterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Core & { developers: Developers }, { corpId, input, visitor, reply }) {
    const found = await briefsFound(ctx, corpId, input)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'developers', input })
    return sendCsv(reply, {
      name: 'developers',
      head: heads[input.language ?? 'zh'],
      chunks: [found],
      cells: ({ row, secrets, lastCalledAt, callsToday, failuresToday }) => [
        row.devId,
        row.name,
        row.enabled ? '1' : '0',
        row.scopes.join(' '),
        callsToday,
        failuresToday,
        secrets,
        lastCalledAt,
        row.createdAt,
      ],
    })
  },
})

async function briefsFound(
  ctx: Core & { developers: Developers },
  corpId: string,
  input: Values<typeof filterInput> & { sort: string | undefined },
): Promise<Brief[]> {
  const { search = '', enabled } = input
  const { by, sign } = orderOf(input.sort, orders, '-createdAt')
  const wanted = search.trim().toLowerCase()
  const found = (await briefs(ctx, corpId)).filter(
    one =>
      `${one.row.name} ${one.row.devId}`.toLowerCase().includes(wanted) &&
      (enabled === undefined || one.row.enabled === (enabled === '1')),
  )
  return found.sort((a, b) => sign * compare(keyOf(a, by), keyOf(b, by)) || compare(a.row.devId, b.row.devId))
}

type Brief = {
  row: Stored
  secrets: number
  lastCalledAt: Date | null
  callsToday: number
  failuresToday: number
}

/** The part of a row that is cheap for all developers; the members that each sees are counted for one page only. */
async function briefs(ctx: Core & { developers: Developers }, corpId: string): Promise<Brief[]> {
  const [today, calledAt, rows, secrets] = await Promise.all([
    callsMade(ctx, { corpId, days: 1 }, ['devId']),
    lastCalls(ctx, corpId),
    allDevelopers(ctx.db, corpId),
    liveSecrets(ctx.db, corpId),
  ])
  const calls = new Map(today.map(one => [one.devId, one]))
  return rows.map(row => {
    return {
      row,
      secrets: secrets.filter(secret => secret.devId === row.devId).length,
      lastCalledAt: calledAt.get(row.devId) ?? null,
      callsToday: calls.get(row.devId)?.calls ?? 0,
      failuresToday: calls.get(row.devId)?.failures ?? 0,
    }
  })
}

function keyOf(brief: Brief, by: Order): string | number {
  if (by === 'name' || by === 'devId') return brief.row[by]
  if (by === 'createdAt') return brief.row.createdAt.getTime()
  if (by === 'lastCalledAt') return brief.lastCalledAt?.getTime() ?? 0
  return brief[by]
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh')
}

async function rowsOf(
  ctx: Core & { corps: Corps },
  corpId: string,
  page: readonly Brief[],
): Promise<DeveloperRow[]> {
  const rows = page.map(one => one.row)
  const views = await developerViews(ctx, corpId, rows, [])
  return page.map(({ row: _, ...counted }, index) => {
    const { devId, name, enabled, scopes, dataScope, membersVisible, createdAt } = views[index]!
    return { devId, name, enabled, scopes, dataScope, membersVisible, createdAt, ...counted }
  })
}

/** Those of the page's form; owners and limits of calls have forms of their own. */
const { owners: _owners, callLimits: _callLimits, ...shownSettings } = schemasOf(developerSettings)

const developerDetailSchema = Type.Object({
  ...shownSettings,
  devId: Type.String(),
  dataScope: Type.Union([
    Type.Object({
      departments: Type.Array(
        Type.Object({
          id: Type.Number(),
          name: Type.String(),
        }),
      ),
      tags: Type.Array(
        Type.Object({
          id: Type.Number(),
          name: Type.String(),
        }),
      ),
      groups: Type.Array(Type.Object({ id: Type.Number(), name: Type.String() })),
    }),
    Type.Null(),
  ]),
  membersVisible: Type.Number(),
  createdAt: time,
  /** Data about the secrets; their values were shown only once. */
  secrets: Type.Array(
    Type.Object({
      id: Type.Number(),
      /** The developer's first secret is number 1. */
      number: Type.Number(),
      createdAt: time,
      lastUsedAt: Type.Union([time, Type.Null()]),
      /** The member who made it; null: the system account, the command line, or an earlier version. */
      createdBy: Type.Union([
        Type.Object({ userId: Type.String(), name: Type.String(), mayAct: Type.Boolean() }),
        Type.Null(),
      ]),
    }),
  ),
  /** The address that the developer's calls go to. */
  baseUrl: Type.String(),
  /** A department and a member within the data scope, for sample calls; '' when it has none. */
  sample: Type.Object({ orgId: Type.String(), userId: Type.String() }),
  /** The scopes to choose from. */
  allScopes: Type.Array(Type.String()),
  version: Type.String(),
})
export type DeveloperDetail = Static<typeof developerDetailSchema>

export const showDeveloper = pageCall({
  method: 'GET',
  path: '/web/developers/one',
  access: owner,
  point: 'developer:read',
  directory: true,
  input: { devId: text('devId', { max: 64 }) },
  output: developerDetailSchema,
  handle: (ctx: Needs, { corpId, input }) => detailOf(ctx, corpId, input.devId),
})

async function detailOf(ctx: Needs, corpId: string, devId: string): Promise<DeveloperDetail> {
  checkDeveloper(ctx, corpId, devId)
  await ctx.developers.flush()
  const [rows, live, numbers] = await Promise.all([
    allDevelopers(ctx.db, corpId),
    liveSecrets(ctx.db, corpId),
    secretNumbers(ctx.db, devId),
  ])
  const row = rows.find(one => one.devId === devId)
  const [view] = row ? await developerViews(ctx, corpId, [row], []) : []
  if (!row || !view) throw new ApiError('unknownDeveloper', told`${devId}`)
  const { tree, tags } = ctx.mirrors.of(corpId)
  const own = live.filter(secret => secret.devId === devId)
  const makers = await peopleOf(
    ctx.db,
    corpId,
    own.flatMap(secret => secret.createdBy ?? []),
  )
  return {
    ...view,
    dataScope: view.dataScope && {
      departments: view.dataScope.departments.map(id => ({ id, name: tree.get(id)?.department.name ?? '' })),
      tags: view.dataScope.tags.map(id => ({ id, name: tags.get(id)?.name ?? '' })),
      groups: (await namesOfGroups(ctx.db, corpId, view.dataScope.groups)).map(({ id, name = '' }) => ({
        id,
        name,
      })),
    },
    secrets: own.map(({ id, createdAt, lastUsedAt, createdBy }) => ({
      id,
      number: numbers.get(id) ?? 0,
      createdAt,
      lastUsedAt,
      createdBy: makers.find(one => one.memberId === createdBy) ?? null,
    })),
    baseUrl: publicUrlOf(ctx, ctx.corps.get(corpId)),
    sample: sampleOf(ctx, devId),
    allScopes: [...scopes],
    version: versionOf(developerForm(row)),
  }
}

function sampleOf(ctx: Needs, devId: string): DeveloperDetail['sample'] {
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  const view = viewOf(ctx, developer)
  const node = view.tree.order.find(one => findDepartment(view, String(one.department.id)))
  const member = Iterator.from(view.mirror.members.all()).find(one => visibleMember(view, one))
  return { orgId: node ? String(node.department.id) : '', userId: member?.userId ?? '' }
}

/** Throws 1002 for an unknown developer or one of another corp. */
export function checkDeveloper(ctx: Core & { developers: Developers }, corpId: string, devId: string): void {
  if (ctx.developers.get(devId)?.corpId !== corpId) throw new ApiError('unknownDeveloper', told`${devId}`)
}

export const developerChoices = pageCall({
  method: 'GET',
  path: '/web/developers/choices',
  point: 'developer:read',
  access,
  input: {},
  output: Type.Object({
    scopes: Type.Array(Type.Enum(scopes)),
    /** What developers are for, with the scopes that come with it, and those that are chosen by themselves. */
    purposes: Type.Array(
      Type.Object({
        name: Type.String(),
        text: Type.String(),
        scopes: Type.Array(Type.Enum(scopes)),
        asked: Type.Array(Type.Enum(scopes)),
      }),
    ),
    /** What the form of a new one begins with. */
    initialScopes: Type.Array(Type.Enum(scopes)),
  }),
  handle: (ctx: { corps: Corps; offered: FeatureOffers }, { corpId, request }) => ({
    scopes: scopesOn(ctx, corpId),
    purposes: purposesOf(scopes).map(({ words, ...purpose }) => ({
      ...purpose,
      text: wordsIn(languageAsked(request), words),
    })),
    initialScopes: scopesFor([initialPurpose]),
  }),
})

const formInput = {
  ...fieldsOf(developerSettings),
  approvePersonal: optionalFlag('1: 批准新增的、含个人信息的代调用接口'),
}

export const createDeveloper = pageCall({
  method: 'POST',
  path: '/web/developers/add',
  point: 'developer:edit',
  access,
  input: formInput,
  output: Type.Object({
    devId: Type.String(),
    devSecret: Type.String(),
  }),
  /** The secret is returned here and never again. */
  handle: (
    ctx: Core & { corps: Corps; mirrors: Pick<Mirrors, 'load'>; offered: FeatureOffers },
    { corpId, input, visitor },
  ) =>
    addDeveloper(ctx, visitor.actor, corpId, { ...givenOnly(input), name: input.name }, visitor.member?.id),
})

export const saveDeveloper = pageCall({
  method: 'POST',
  path: '/web/developers/save',
  point: 'developer:edit',
  access,
  directory: true,
  input: {
    ...formInput,
    devId: text('devId', { max: 64 }),
    version: text('页面所见的版本', { max: 64 }),
    enabled: flag('停用后它的 devToken 全部失效'),
  },
  output: developerDetailSchema,
  async handle(ctx: Needs, { corpId, input, visitor }): Promise<DeveloperDetail> {
    const { devId, version, ...settings } = input
    checkDeveloper(ctx, corpId, devId)
    await setDeveloper(ctx, visitor.actor, devId, givenOnly(settings), version)
    return detailOf(ctx, corpId, devId)
  },
})

export const removeDeveloperCall = pageCall({
  method: 'POST',
  path: '/web/developers/remove',
  point: 'developer:edit',
  access,
  input: { devId: text('devId', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Core & { offered: FeatureOffers }, { corpId, input, visitor }) {
    await removeDeveloper(ctx, visitor.actor, corpId, input.devId)
    return {}
  },
})

/** How many members a data scope would show while it is being edited. */
export const countDataScope = pageCall({
  method: 'GET',
  path: '/web/developers/visible',
  point: 'developer:read',
  access,
  input: {
    departments: optionalNumbers('部门', { max: 500 }),
    tags: optionalNumbers('标签', { max: 500 }),
    groups: optionalNumbers('人群', { max: 500 }),
  },
  output: Type.Object({
    members: Type.Number(),
  }),
  async handle(ctx: Core, { corpId, input }) {
    const [members = 0] = await countReached(ctx.db, corpId, [input])
    return { members }
  },
})
