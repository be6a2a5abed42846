import { readFileSync } from 'node:fs'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { file, requiredInteger, requiredText, text } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import { shapeFault } from '../../platform/http/bodies/shape-words.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { channelOf } from '../channels/channels.ts'
import { wholeType } from './admin/type-calls.ts'
import { approveType, setTypeState } from './change-type.ts'
import { type Definition, definitionSchema, definitionShape, levels } from './definition.ts'
import { putType, type TypeNeeds } from './put-type.ts'
import { stateWords, viewOf } from './type-view.ts'
import { listTypes, type TypeState, versionsOf } from './types-store.ts'

const key = requiredText('<key>', '消息类型的 key')

const list = command({
  path: 'message type list',
  point: 'message:read',
  summary: '列出消息类型',
  parts: { corp: corpPart },
  async run(ctx: TypeNeeds, { corp }) {
    const data = (await listTypes(ctx.db, corpOf(ctx, corp))).map(viewOf)
    const rows = data.map(one => [
      one.key,
      one.name,
      levels[one.level].zh,
      one.channels.map(name => channelOf(name).label.zh).join('、'),
      one.devId === '' ? '企业' : (ctx.developers.get(one.devId)?.name ?? one.devId),
      `${stateWords[one.state].zh}${one.waitsForApproval ? `，版本 ${one.newest} 等待批准` : ''}`,
    ])
    return { data, text: table(['key', '名称', '级别', '渠道', '所属', '状态'], rows, '没有消息类型') }
  },
})

const show = command({
  path: 'message type show',
  point: 'message:read',
  summary: '查看消息类型的模板与版本；模板部分可交给 put',
  parts: { key, corp: corpPart },
  async run(ctx: TypeNeeds, { key: named, corp }) {
    const corpId = corpOf(ctx, corp)
    const whole = await wholeType(ctx, corpId, named)
    const parts = Object.entries(whole).map(part => [part[0] in definitionShape, part] as const)
    const partsThat = (isDefined: boolean) =>
      Object.fromEntries(parts.flatMap(([is, part]) => (is === isDefined ? [part] : [])))
    const definition = partsThat(true)
    const versions = await versionsOf(ctx.db, corpId, named)
    const rows = versions.map(one => [
      `${one.version}`,
      one.madeBy,
      when(one.madeAt),
      one.approvedBy ?? '—',
      one.version === whole.version ? '生效' : '',
    ])
    const shown = [
      JSON.stringify(definition, null, 2),
      table(['版本', '写入人', '写入于', '批准人', ''], rows),
    ]
    return { data: { ...partsThat(false), definition, versions }, text: shown.join('\n\n') }
  },
})

const put = command({
  path: 'message type put',
  point: 'message:type',
  summary: '写入消息类型或它的新版本，来自 JSON 文件（名称、级别、渠道、模板）；必达、紧急和短信须另行批准',
  parts: {
    key,
    path: file('<file>', 'JSON 文件，格式见 message type show'),
    corp: corpPart,
    devId: text('--developer <devId>', '新类型所属的开发者，默认为企业自己的'),
  },
  async run(ctx: TypeNeeds, { key: named, path, corp, devId }) {
    const definition = readDefinition(path)
    const answer = await putType(ctx, { actor, devId: devId ?? null }, corpOf(ctx, corp), named, definition)
    const waits = `等待批准: wisp message type approve ${named} ${answer.version}`
    return { data: answer, text: `已写入版本 ${answer.version}，${answer.isInForce ? '已生效' : waits}` }
  },
})

/** Throws 1000, which names the file and the place in it. */
function readDefinition(path: string): Definition {
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = (error as Error).message
    throw new ApiError('badParameter', { zh: told`${path}：${why}`, en: told`${path}: ${why}` })
  }
  const fault = shapeFault(path, definitionSchema, given)
  if (fault) throw new ApiError('badParameter', fault)
  return given as Definition
}

const approve = command({
  path: 'message type approve',
  point: 'message:approve',
  summary: '批准等待批准的版本，使它生效',
  parts: {
    key,
    version: requiredInteger('<version>', '看过的版本', { min: 1, max: 2_147_483_647 }),
    corp: corpPart,
  },
  async run(ctx: TypeNeeds, { key: named, corp, version }) {
    await approveType(ctx, actor, corpOf(ctx, corp), named, version)
    return { data: { key: named, version }, text: `版本 ${version} 已生效` }
  },
})

function stateCommand(word: 'trial' | 'pause' | 'revoke' | 'resume', summary: string, state: TypeState) {
  return command({
    path: `message type ${word}`,
    point: 'message:type',
    summary,
    parts: { key, corp: corpPart },
    async run(ctx: TypeNeeds, { key: named, corp }) {
      await setTypeState(ctx, actor, corpOf(ctx, corp), named, state)
      return { data: { key: named, state }, text: `消息类型 ${named}：${stateWords[state].zh}` }
    },
  })
}

export const typeCommands = [
  list,
  show,
  put,
  approve,
  stateCommand('trial', '试用消息类型：只发给定义中 testPeople 里的人，其他人不发', 'trial'),
  stateCommand('pause', '暂停消息类型：不再接受发送，已接受的照常发出', 'paused'),
  stateCommand('resume', '恢复试用、暂停或停用的消息类型', 'live'),
  stateCommand('revoke', '停用消息类型：不再接受发送，其开发者也不能再修改', 'revoked'),
]
