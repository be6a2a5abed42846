import { readFileSync } from 'node:fs'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { file, requiredInteger, requiredText, text } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import { shapeFault } from '../../platform/http/bodies/shape-words.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Words } from '../../platform/words.ts'
import { channelOf } from '../channels/channels.ts'
import { wholeType } from './admin/type-calls.ts'
import { approveType, setTypeState } from './change-type.ts'
import { type Definition, definitionSchema, definitionShape, levels } from './definition.ts'
import { putType, type TypeNeeds } from './put-type.ts'
import { stateWords, viewOf } from './type-view.ts'
import { listTypes, type TypeState, versionsOf } from './types-store.ts'

const key = requiredText('<key>', { zh: '消息类型的 key', en: 'key of the message type' })

const list = command({
  path: 'message type list',
  point: 'message:read',
  summary: { zh: '列出消息类型', en: 'List message types' },
  parts: { corp: corpPart },
  async run(ctx: TypeNeeds, { corp }) {
    const data = (await listTypes(ctx.db, corpOf(ctx, corp))).map(viewOf)
    const rows = data.map(one => [
      one.key,
      one.name,
      said(levels[one.level]),
      one.channels.map(name => said(channelOf(name).label)).join(said(comma)),
      one.devId === ''
        ? said({ zh: '企业', en: 'Corp' })
        : (ctx.developers.get(one.devId)?.name ?? one.devId),
      `${stateWords[one.state].zh}${one.waitsForApproval ? said({ zh: `，版本 ${one.newest} 等待批准`, en: `; version ${one.newest} waits for approval` }) : ''}`,
    ])
    return {
      data,
      text: table(
        [
          'key',
          { zh: '名称', en: 'Name' },
          { zh: '级别', en: 'level' },
          { zh: '渠道', en: 'Channels' },
          { zh: '所属', en: 'Belongs to' },
          { zh: '状态', en: 'State' },
        ],
        rows,
        { zh: '没有消息类型', en: 'no message types' },
      ),
    }
  },
})

const show = command({
  path: 'message type show',
  point: 'message:read',
  summary: {
    zh: '查看消息类型的模板与版本；模板部分可交给 put',
    en: 'Show templates and versions of a message type; put takes the part of the templates',
  },
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
      one.version === whole.version ? said({ zh: '生效', en: 'In force' }) : '',
    ])
    const shown = [
      JSON.stringify(definition, null, 2),
      table(
        [
          { zh: '版本', en: 'Version' },
          { zh: '写入人', en: 'Written by' },
          { zh: '写入于', en: 'Written' },
          { zh: '批准人', en: 'Approved by' },
          '',
        ],
        rows,
      ),
    ]
    return { data: { ...partsThat(false), definition, versions }, text: shown.join('\n\n') }
  },
})

const put = command({
  path: 'message type put',
  point: 'message:type',
  summary: {
    zh: '写入消息类型或它的新版本，来自 JSON 文件（名称、级别、渠道、模板）；必达、紧急和短信须另行批准',
    en: 'Write a message type, or a new version of it, from a JSON file (name, level, channels, templates); mandatory, urgent and SMS take an approval',
  },
  parts: {
    key,
    path: file('<file>', {
      zh: 'JSON 文件，格式见 message type show',
      en: 'JSON file, in the form that message type show prints',
    }),
    corp: corpPart,
    devId: text('--developer <devId>', {
      zh: '新类型所属的开发者，默认为企业自己的',
      en: 'developer that a new type belongs to, by default the corp itself',
    }),
  },
  async run(ctx: TypeNeeds, { key: named, path, corp, devId }) {
    const definition = readDefinition(path)
    const answer = await putType(ctx, { actor, devId: devId ?? null }, corpOf(ctx, corp), named, definition)
    const waits = said({
      zh: `等待批准: wisp message type approve ${named} ${answer.version}`,
      en: `waits for approval: wisp message type approve ${named} ${answer.version}`,
    })
    return {
      data: answer,
      text: said({
        zh: `已写入版本 ${answer.version}，${answer.isInForce ? '已生效' : waits}`,
        en: `wrote version ${answer.version}; ${answer.isInForce ? 'it is in force' : waits}`,
      }),
    }
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
  summary: {
    zh: '批准等待批准的版本，使它生效',
    en: 'Approve a version that waits for approval, which puts it in force',
  },
  parts: {
    key,
    version: requiredInteger(
      '<version>',
      { zh: '看过的版本', en: 'version that was looked at' },
      { min: 1, max: 2_147_483_647 },
    ),
    corp: corpPart,
  },
  async run(ctx: TypeNeeds, { key: named, corp, version }) {
    await approveType(ctx, actor, corpOf(ctx, corp), named, version)
    return {
      data: { key: named, version },
      text: said({ zh: `版本 ${version} 已生效`, en: `version ${version} is in force` }),
    }
  },
})

function stateCommand(word: 'trial' | 'pause' | 'revoke' | 'resume', summary: Words, state: TypeState) {
  return command({
    path: `message type ${word}`,
    point: 'message:type',
    summary,
    parts: { key, corp: corpPart },
    async run(ctx: TypeNeeds, { key: named, corp }) {
      await setTypeState(ctx, actor, corpOf(ctx, corp), named, state)
      return {
        data: { key: named, state },
        text: said({
          zh: `消息类型 ${named}：${stateWords[state].zh}`,
          en: `message type ${named}: ${stateWords[state].en}`,
        }),
      }
    },
  })
}

export const typeCommands = [
  list,
  show,
  put,
  approve,
  stateCommand(
    'trial',
    {
      zh: '试用消息类型：只发给定义中 testPeople 里的人，其他人不发',
      en: 'Try out a message type: it goes only to the testPeople of its definition',
    },
    'trial',
  ),
  stateCommand(
    'pause',
    {
      zh: '暂停消息类型：不再接受发送，已接受的照常发出',
      en: 'Pause a message type: it takes no more messages, accepted ones are sent',
    },
    'paused',
  ),
  stateCommand(
    'resume',
    {
      zh: '恢复试用、暂停或停用的消息类型',
      en: 'Resume a message type that is tried out, paused or retired',
    },
    'live',
  ),
  stateCommand(
    'revoke',
    {
      zh: '停用消息类型：不再接受发送，其开发者也不能再修改',
      en: 'Retire a message type: it takes no more messages, and its developer can no longer change it',
    },
    'revoked',
  ),
]
