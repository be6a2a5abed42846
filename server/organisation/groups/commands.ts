import { actor } from '../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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

const id = requiredInteger('<id>', { zh: '人群编号，见 group list', en: 'group ID, see group list' }, anyId)
const parts = {
  note: text('--note <text>', { zh: '备注', en: 'remark' }),
  rule: readAs(
    text('--rule <json>', { zh: '规则，JSON；"" 表示没有规则', en: 'rule, JSON; "" means none' }),
    readRuleText,
  ),
  userIds: listPart('--members <userIds>', {
    zh: '名单，userId，逗号分隔；"" 表示没有名单',
    en: 'list of userIds, separated by commas; "" means none',
  }),
}

function readRuleText(given: string): { rule: unknown } {
  if (given === '') return { rule: null }
  try {
    return { rule: JSON.parse(given) }
  } catch {
    throw new UsageError({
      zh: '--rule 应为 JSON，例如 {"field":"status","op":"is","values":["active"]}',
      en: '--rule takes JSON, such as {"field":"status","op":"is","values":["active"]}',
    })
  }
}

const stateOf = ({ isSettled, scanned }: GroupView) =>
  isSettled
    ? said({ zh: '已更新', en: 'up to date' })
    : said({ zh: `处理中，已看 ${scanned} 人`, en: `in progress, ${scanned} members looked at` })

const list = command({
  path: 'group list',
  point: 'directory:read',
  summary: {
    zh: '列出人群：人数、是否有规则、规则是否处理完',
    en: 'List groups: members, whether they have a rule, whether the rule is up to date',
  },
  parts: { corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { corp }) {
    const data = await listGroups(ctx, corpOf(ctx, corp))
    const rows = data.map(one => [
      one.id,
      one.name,
      one.members,
      one.hasRule ? said({ zh: '规则', en: 'ID of the rule' }) : said({ zh: '名单', en: 'List' }),
      stateOf(one),
    ])
    return {
      data,
      text: table(
        [
          { zh: '编号', en: 'ID' },
          { zh: '名称', en: 'Name' },
          { zh: '人数', en: 'Members' },
          { zh: '方式', en: 'way of signing in' },
          { zh: '状态', en: 'State' },
        ],
        rows,
        { zh: '没有人群', en: 'no groups' },
      ),
    }
  },
})

const show = directoryCommand({
  path: 'group show',
  point: 'directory:read',
  summary: { zh: '显示一个人群的规则和名单', en: 'Show rule and list of a group' },
  parts: { id, corp: corpPart },
  async run(ctx: GroupNeeds, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    const data = await groupDetail(ctx, corpId, await knownGroup(ctx.db, corpId, id))
    const { departments, tags, attributes } = data.gone
    const gone = [...departments, ...tags, ...attributes]
    const lines = [
      said({
        zh: `${data.name}：${data.members} 人，${stateOf(data)}`,
        en: `${data.name}: ${data.members} members, ${stateOf(data)}`,
      }),
      said({
        zh: `规则：${data.rule ? JSON.stringify(data.rule) : '没有'}`,
        en: `rule: ${data.rule ? JSON.stringify(data.rule) : 'none'}`,
      }),
      said({
        zh: `名单：${data.userIds.join('、') || '没有'}`,
        en: `list: ${data.userIds.join(', ') || 'none'}`,
      }),
      ...(gone.length > 0
        ? [
            said({
              zh: `规则中已不存在：${gone.join('、')}`,
              en: `no longer there, but in the rule: ${gone.join(', ')}`,
            }),
          ]
        : []),
    ]
    return { data, text: lines.join('\n') }
  },
})

const add = directoryCommand({
  path: 'group add',
  point: 'directory:group',
  summary: { zh: '新建人群，按规则、名单或两者', en: 'Create a group by a rule, a list or both' },
  parts: { name: requiredText('<name>', { zh: '名称', en: 'name' }), corp: corpPart, ...parts },
  async run(ctx: GroupNeeds, { name, corp, note = '', rule, userIds = [] }) {
    const settings = { name, note, rule: rule?.rule ?? null, userIds }
    const id = await addGroup(ctx, { actor }, corpOf(ctx, corp), settings)
    return {
      data: { id, name },
      text: said({
        zh: `已新建人群“${name}”，编号 ${id}`,
        en: `created the group ${name} with the ID ${id}`,
      }),
    }
  },
})

const set = directoryCommand({
  path: 'group set',
  point: 'directory:group',
  summary: { zh: '修改人群；没有写的不变', en: 'Change a group; what is not given stays' },
  parts: { id, corp: corpPart, name: text('--name <name>', { zh: '名称', en: 'name' }), ...parts },
  async run(ctx: GroupNeeds, { id, corp, name, note, rule, userIds }) {
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(rule ? { rule: rule.rule } : {}),
      ...(userIds ? { userIds } : {}),
    }
    await setGroup(ctx, { actor }, corpOf(ctx, corp), id, change)
    return { data: { id }, text: said({ zh: `已修改人群 ${id}`, en: `changed the group ${id}` }) }
  },
})

const remove = directoryCommand({
  path: 'group remove',
  point: 'directory:group',
  summary: { zh: '删除人群；仍在使用的不能删除', en: 'Delete a group; one that is in use cannot be deleted' },
  parts: { id, corp: corpPart },
  async run(ctx: GroupNeeds, { id, corp }) {
    await removeGroup(ctx, { actor }, corpOf(ctx, corp), id)
    return { data: { id }, text: said({ zh: `已删除人群 ${id}`, en: `deleted the group ${id}` }) }
  },
})

export const groupCommands = [list, show, add, set, remove]
