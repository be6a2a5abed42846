import { actor } from '../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../platform/command/command.ts'
import {
  anyId,
  list as listPart,
  readAs,
  requiredInteger,
  requiredText,
  text,
} from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { corpOf, corpPart } from '../corps/commands/corp-parts.ts'
import type { Corps } from '../corps/corps.ts'
import { type GroupView, groupDetail, listGroups } from './group-view.ts'
import { addGroup, type GroupNeeds, knownGroup, removeGroup, setGroup } from './groups.ts'

const id = requiredInteger('<id>', '人群编号，见 group list', anyId)
const parts = {
  note: text('--note <text>', '备注'),
  rule: readAs(text('--rule <json>', '规则，JSON；"" 表示没有规则'), readRuleText),
  userIds: listPart('--members <userIds>', '名单，userId，逗号分隔；"" 表示没有名单'),
}

function readRuleText(given: string): { rule: unknown } {
  if (given === '') return { rule: null }
  try {
    return { rule: JSON.parse(given) }
  } catch {
    throw new UsageError('--rule 应为 JSON，例如 {"field":"status","op":"is","values":["active"]}')
  }
}

const stateOf = ({ isSettled, scanned }: GroupView) => (isSettled ? '已更新' : `处理中，已看 ${scanned} 人`)

const list = command({
  path: 'group list',
  point: 'directory:read',
  summary: '列出人群：人数、是否有规则、规则是否处理完',
  parts: { corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { corp }) {
    const data = await listGroups(ctx, corpOf(ctx, corp))
    const rows = data.map(one => [one.id, one.name, one.members, one.hasRule ? '规则' : '名单', stateOf(one)])
    return { data, text: table(['编号', '名称', '人数', '方式', '状态'], rows, '没有人群') }
  },
})

const show = directoryCommand({
  path: 'group show',
  point: 'directory:read',
  summary: '显示一个人群的规则和名单',
  parts: { id, corp: corpPart },
  async run(ctx: GroupNeeds, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    const data = await groupDetail(ctx, corpId, await knownGroup(ctx.db, corpId, id))
    const { departments, tags, attributes } = data.gone
    const gone = [...departments, ...tags, ...attributes]
    const lines = [
      `${data.name}：${data.members} 人，${stateOf(data)}`,
      `规则：${data.rule ? JSON.stringify(data.rule) : '没有'}`,
      `名单：${data.userIds.join('、') || '没有'}`,
      ...(gone.length > 0 ? [`规则中已不存在：${gone.join('、')}`] : []),
    ]
    return { data, text: lines.join('\n') }
  },
})

const add = directoryCommand({
  path: 'group add',
  point: 'directory:group',
  summary: '新建人群，按规则、名单或两者',
  parts: { name: requiredText('<name>', '名称'), corp: corpPart, ...parts },
  async run(ctx: GroupNeeds, { name, corp, note = '', rule, userIds = [] }) {
    const settings = { name, note, rule: rule?.rule ?? null, userIds }
    const id = await addGroup(ctx, { actor }, corpOf(ctx, corp), settings)
    return { data: { id, name }, text: `已新建人群“${name}”，编号 ${id}` }
  },
})

const set = directoryCommand({
  path: 'group set',
  point: 'directory:group',
  summary: '修改人群；没有写的不变',
  parts: { id, corp: corpPart, name: text('--name <name>', '名称'), ...parts },
  async run(ctx: GroupNeeds, { id, corp, name, note, rule, userIds }) {
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(rule ? { rule: rule.rule } : {}),
      ...(userIds ? { userIds } : {}),
    }
    await setGroup(ctx, { actor }, corpOf(ctx, corp), id, change)
    return { data: { id }, text: `已修改人群 ${id}` }
  },
})

const remove = directoryCommand({
  path: 'group remove',
  point: 'directory:group',
  summary: '删除人群；仍在使用的不能删除',
  parts: { id, corp: corpPart },
  async run(ctx: GroupNeeds, { id, corp }) {
    await removeGroup(ctx, { actor }, corpOf(ctx, corp), id)
    return { data: { id }, text: `已删除人群 ${id}` }
  },
})

export const groupCommands = [list, show, add, set, remove]
