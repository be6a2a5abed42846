import { type Static, Type } from 'typebox'
import { type LimitSettings, limitAtMost, limitOf } from '../../../organisation/corps/call-limits.ts'
import { type Corps, corpForm, setCorp } from '../../../organisation/corps/corps.ts'
import { allCorps } from '../../../organisation/corps/store.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import { callGroups } from '../../../platform/http/gate.ts'
import { integer, optionalInteger, structured, text } from '../../../platform/http/input.ts'
import { administrator, owner, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkDeveloper } from '../../developers/console/developers.ts'
import { developerForm, setDeveloper } from '../../developers/developer-admin.ts'
import type { Developers } from '../../developers/developers.ts'
import { allDevelopers } from '../../developers/store.ts'
import type { Limits } from '../limits.ts'
import { limitsOf } from '../overview.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  offered: FeatureOffers
  limits: Limits
  mirrors: Pick<Mirrors, 'load'>
}

/** 调用限额: owners see theirs, administrators set them. */
const access = administrator('super')

const limitSchema = Type.Object({ perMinute: Type.Number(), perDay: Type.Number() })
const maybeNumber = Type.Union([Type.Number(), Type.Null()])
const givenLimit = Type.Optional(
  Type.Object(
    {
      perMinute: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: limitAtMost }), Type.Null()])),
      perDay: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: limitAtMost }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
)
const limitsInput = structured(
  '按组的限额；没有填的沿用上一级',
  Type.Object(
    { read: givenLimit, write: givenLimit, message: givenLimit, pay: givenLimit, token: givenLimit },
    { additionalProperties: false },
  ),
)

const developerLimitsSchema = Type.Object({
  groups: Type.Array(
    Type.Object({
      group: Type.Enum(callGroups),
      limit: limitSchema,
      /** What was set for this developer; null: inherited. */
      own: Type.Object({ perMinute: maybeNumber, perDay: maybeNumber }),
      inherited: limitSchema,
      usedToday: Type.Number(),
      refusedToday: Type.Number(),
    }),
  ),
  /** By Beijing day and group; what has no calls is left out. */
  days: Type.Array(
    Type.Object({
      day: Type.String(),
      group: Type.Enum(callGroups),
      used: Type.Number(),
      refused: Type.Number(),
    }),
  ),
  version: Type.String(),
})

const daysShown = 30

export const showLimits = pageCall({
  method: 'GET',
  path: '/web/developers/limits',
  access: owner,
  point: 'developer:read',
  input: { devId: text('devId', { max: 64 }) },
  output: developerLimitsSchema,
  handle: (ctx: Needs, { corpId, input }) => viewOf(ctx, corpId, input.devId),
})

async function viewOf(
  ctx: Needs,
  corpId: string,
  devId: string,
): Promise<Static<typeof developerLimitsSchema>> {
  checkDeveloper(ctx, corpId, devId)
  const developer = ctx.developers.get(devId)
  const row = (await allDevelopers(ctx.db, corpId)).find(one => one.devId === devId)
  if (!developer || !row) throw new ApiError('unknownDeveloper', told`${devId}`)
  return { ...(await limitsOf(ctx, developer, daysShown)), version: versionOf(developerForm(row)) }
}

export const saveLimits = pageCall({
  method: 'POST',
  path: '/web/developers/limits/save',
  point: 'developer:edit',
  access,
  input: {
    devId: text('devId', { max: 64 }),
    version: text('页面所见的版本', { max: 64 }),
    limits: limitsInput,
  },
  output: developerLimitsSchema,
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const { devId, version, limits } = input
    checkDeveloper(ctx, corpId, devId)
    await setDeveloper(ctx, visitor.actor, devId, { callLimits: limits as LimitSettings }, version)
    return viewOf(ctx, corpId, devId)
  },
})

const defaultsSchema = Type.Object({
  /** For how many days the corp's calls are logged; 0: not at all. */
  requestLogDays: Type.Number(),
  /** For how many days data reads are kept at least; 0: as long as the request log. */
  dataReadDays: Type.Number(),
  groups: Type.Array(
    Type.Object({
      group: Type.Enum(callGroups),
      /** What was set for the corp; null: the standard. */
      own: Type.Object({ perMinute: maybeNumber, perDay: maybeNumber }),
      standard: limitSchema,
    }),
  ),
  version: Type.String(),
})

/** What applies to developers of the corp who have nothing else set. */
export const showDeveloperDefaults = pageCall({
  method: 'GET',
  path: '/web/developers/defaults',
  point: 'developer:read',
  access,
  input: {},
  output: defaultsSchema,
  handle: (ctx: Needs, { corpId }) => defaultsOf(ctx, corpId),
})

async function defaultsOf(ctx: Needs, corpId: string): Promise<Static<typeof defaultsSchema>> {
  const { requestLogDays, dataReadDays, callLimits } = ctx.corps.get(corpId)
  const [row = {}] = await allCorps(ctx.db, corpId)
  return {
    requestLogDays,
    dataReadDays,
    groups: callGroups.map(group => ({
      group,
      own: {
        perMinute: callLimits[group]?.perMinute ?? null,
        perDay: callLimits[group]?.perDay ?? null,
      },
      standard: limitOf(group, {}, {}),
    })),
    version: versionOf(corpForm(row)),
  }
}

export const saveDeveloperDefaults = pageCall({
  method: 'POST',
  path: '/web/developers/defaults/save',
  point: 'developer:edit',
  access,
  input: {
    version: text('页面所见的版本', { max: 64 }),
    requestLogDays: integer('接口日志保留几天，0 为不记录', { min: 0, max: 7 }),
    dataReadDays: optionalInteger('数据读取至少保留几天，0 为与接口日志一样长', { min: 0, max: 400 }),
    limits: limitsInput,
  },
  output: defaultsSchema,
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const { version, requestLogDays, dataReadDays, limits } = input
    const change = {
      requestLogDays,
      callLimits: limits as LimitSettings,
      ...(dataReadDays === undefined ? {} : { dataReadDays }),
    }
    await setCorp(ctx, visitor.actor, corpId, change, version)
    return defaultsOf(ctx, corpId)
  },
})
