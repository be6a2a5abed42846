import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { operator } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { listedMember, viewOf as viewOfDirectory } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  choice,
  integer,
  optionalInteger,
  optionalText,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { onPage, orderOf, paging, sorting } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { own, told } from '../../../platform/http/told.ts'
import { languageOf } from '../../../platform/words.ts'
import type { Setups } from '../../channels/channel.ts'
import {
  type ChannelName,
  channelNames,
  channelOf,
  type Preview,
  previewSchema,
} from '../../channels/channels.ts'
import { approveType, noType, setTypeState } from '../change-type.ts'
import { sampleData, standInLink } from '../check-speaking.ts'
import { type CompiledType, compile } from '../compile.ts'
import { type Definition, definitionSchema, languages, type TypeLanguage } from '../definition.ts'
import { memberValues } from '../member-values.ts'
import { putType, type TypeNeeds } from '../put-type.ts'
import { render } from '../render.ts'
import { typeSchema, viewOf } from '../type-view.ts'
import { findType, listTypes, versionsOf } from '../types-store.ts'

const key = text('消息类型的 key', { max: 64 })
type NameNeeds = Core & { developers: Developers }
type Needs = NameNeeds & { mirrors: Mirrors }

const rowSchema = Type.Object({ ...typeSchema.properties, developer: Type.String() })
export type TypeRow = Static<typeof rowSchema>

/** The owner's name; '' for the corp's own. */
const developerOf = ({ developers }: NameNeeds, devId: string) =>
  devId === '' ? '' : (developers.get(devId)?.name ?? devId)

export const listTypesOfCorp = pageCall({
  method: 'GET',
  path: '/web/message-types',
  access: administrator('super'),
  point: 'message:read',
  input: {
    search: optionalText('名称或 key 中的文字', { max: 64 }),
    ...paging,
    sort: sorting,
  },
  output: Type.Object({ list: Type.Array(rowSchema), total: Type.Number() }),
  async handle(ctx: NameNeeds, { input, corpId }) {
    const words = (input.search ?? '').toLowerCase()
    const { by, sign } = orderOf(input.sort, ['key', 'name'], 'key')
    const found = (await listTypes(ctx.db, corpId))
      .map(viewOf)
      .filter(one => `${one.key} ${one.name.toLowerCase()}`.includes(words))
      .sort((a, b) => a[by].localeCompare(b[by], 'zh') * sign)
    const list = onPage(found, input).map(one => ({ ...one, developer: developerOf(ctx, one.devId) }))
    return { list, total: found.length }
  },
})

const versionSchema = Type.Object({
  version: Type.Number(),
  definition: Type.Unsafe<Definition>(definitionSchema),
  madeBy: Type.String(),
  madeAt: time,
  /** '' where no approval was needed, or it is not approved. */
  approvedBy: Type.String(),
  state: Type.Enum(['inForce', 'waiting', 'past']),
})
export type TypeVersion = Static<typeof versionSchema>

export const readType = pageCall({
  method: 'GET',
  path: '/web/message-types/one',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { key },
  output: Type.Object({ type: rowSchema, versions: Type.Array(versionSchema) }),
  async handle(ctx: Needs, { input, corpId }) {
    const found = (await listTypes(ctx.db, corpId)).find(one => one.key === input.key)
    if (!found) throw noType(input.key)
    const type = viewOf(found)
    const versions = (await versionsOf(ctx.db, corpId, input.key)).map(one => ({
      version: one.version,
      definition: one.definition,
      madeBy: whoOf(ctx, corpId, one.madeBy),
      madeAt: one.madeAt,
      approvedBy: one.approvedBy === null ? '' : whoOf(ctx, corpId, one.approvedBy),
      state: stateOf(one.version, type),
    }))
    return { type: { ...type, developer: developerOf(ctx, type.devId) }, versions }
  },
})

function stateOf(version: number, type: { version: number; newest: number }): TypeVersion['state'] {
  if (version === type.version) return 'inForce'
  return version === type.newest ? 'waiting' : 'past'
}

/** A name for an actor of the audit log. */
function whoOf(ctx: Needs, corpId: string, actor: string): string {
  const [, devId] = /^developer:(.+)$/.exec(actor) ?? []
  if (devId !== undefined) return ctx.developers.get(devId)?.name ?? devId
  const core = ctx.mirrors.of(corpId).members.byKey(actor.toLowerCase())
  return core ? core.name : actor
}

export const saveType = pageCall({
  method: 'POST',
  path: '/web/message-types/save',
  access: administrator('super'),
  point: 'message:type',
  input: {
    key,
    version: optionalInteger('打开表单时的最新版本；空为新建', { min: 1, max: 2_147_483_647 }),
    devId: optionalText('新类型所属的开发者；空为企业自己的', { max: 64 }),
    definition: structured('名称、级别、渠道与模板', definitionSchema),
  },
  output: Type.Object({ key: Type.String(), version: Type.Number() }),
  async handle(ctx: TypeNeeds, { input, visitor, corpId }) {
    await checkVersion(ctx, corpId, input.key, input.version)
    const writer = { actor: visitor.actor, devId: input.devId ?? null, mayApprove: true as const }
    const definition = input.definition as Definition
    const { version } = await putType(ctx, writer, corpId, input.key, definition)
    return { key: input.key, version }
  },
})

/** Throws 1000 when somebody else has written a version since the form was filled. */
async function checkVersion(
  ctx: Core,
  corpId: string,
  named: string,
  expected: number | undefined,
): Promise<void> {
  if (expected === undefined) {
    if (await findType(ctx.db, corpId, named))
      throw new ApiError('badParameter', {
        zh: told`消息类型 ${named} 已存在`,
        en: told`the message type ${named} exists already`,
      })
    return
  }
  const [newest] = await versionsOf(ctx.db, corpId, named)
  if (!newest) throw noType(named)
  if (newest.version !== expected)
    throw new ApiError('badParameter', {
      zh: told`消息类型 ${named} 已有版本 ${own(newest.version)}，您的修改没有保存；请刷新后再改`,
      en: told`the message type ${named} has version ${own(newest.version)} now, and your change was not saved: reload and redo the change`,
    })
}

export const approveTypeCall = pageCall({
  method: 'POST',
  path: '/web/message-types/approve',
  access: administrator('super'),
  point: 'message:approve',
  input: { key, version: integer('看过的版本', { min: 1, max: 2_147_483_647 }) },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await approveType(ctx, visitor.actor, corpId, input.key, input.version)
    return {}
  },
})

export const setTypeStateCall = pageCall({
  method: 'POST',
  path: '/web/message-types/state',
  access: administrator('super'),
  point: 'message:type',
  input: { key, state: choice('状态', ['live', 'trial', 'paused', 'revoked']) },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await setTypeState(ctx, visitor.actor, corpId, input.key, input.state)
    return {}
  },
})

const shownSchema = Type.Object({
  channel: Type.Enum(channelNames),
  language: Type.Enum([...languages]),
  /** null where it cannot be sent so; `why` says what is wrong. */
  preview: Type.Union([previewSchema, Type.Null()]),
  why: Type.String(),
  truncated: Type.Array(Type.String()),
})
export type ShownText = Static<typeof shownSchema>

/** How each text of a type will look, which may not have been saved yet. `faults`: why it cannot be shown at all. */
export const previewType = pageCall({
  method: 'POST',
  path: '/web/message-types/preview',
  access: administrator('super'),
  point: 'message:type',
  directory: true,
  input: {
    definition: structured('名称、级别、渠道与模板', definitionSchema),
    userId: optionalText('接收人，默认为自己', { max: 64 }),
  },
  output: Type.Object({
    texts: Type.Array(shownSchema),
    variables: Type.Array(Type.String()),
    /** Those of the variables that cannot be left out. */
    needs: Type.Array(Type.String()),
    member: Type.String(),
  }),
  async handle(ctx: Needs & { corps: Corps; messageSettings: Setups }, { input, visitor, corpId, request }) {
    const definition = input.definition as Definition
    const compiled = compile(definition)
    const caller = operator(corpId)
    const view = viewOfDirectory(ctx, caller)
    const core =
      input.userId === undefined
        ? view.mirror.members.byKey(visitor.actor.toLowerCase())
        : await listedMember(ctx, caller, input.userId)
    const member = core ? memberValues(view, core) : { name: '张三', userId: 'zhangsan', department: '' }
    const values = {
      data: sampleData(definition, compiled),
      member,
      zone: ctx.corps.get(corpId).timeZone,
    }
    const language = languageOf(request.headers['accept-language'])
    const texts = [...compiled.templates].flatMap(([channel, ofChannel]) =>
      [...ofChannel.keys()].map(one =>
        shown(ctx, corpId, { definition, compiled }, { channel, language: one, values, told: language }),
      ),
    )
    const { needs, may } = compiled
    return { texts, variables: [...needs, ...may], needs: [...needs], member: member.name }
  },
})

type TextView = {
  channel: ChannelName
  language: TypeLanguage
  values: Parameters<typeof render>[3]
  /** The reader's language. */
  told: 'zh' | 'en'
}

function shown(
  ctx: { messageSettings: Setups },
  corpId: string,
  type: { definition: Definition; compiled: CompiledType },
  { channel, language, values, told: reader }: TextView,
): ShownText {
  try {
    const setup = ctx.messageSettings.setupOf(corpId, channel)
    const given = render(type, channel, language, values, standInLink(type.definition, channel, language))
    const { content, truncated } = channelOf(channel).compose(given, setup)
    const preview = channelOf(channel).preview(content, setup, given) as Preview
    return { channel, language, preview, why: '', truncated: [...truncated] }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { channel, language, preview: null, why: error.messageIn(reader), truncated: [] }
  }
}
