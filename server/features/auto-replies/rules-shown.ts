import { comma, said } from '../../platform/command/language.ts'
import { table } from '../../platform/command/text.ts'
import { inOrder } from './choose-rule.ts'
import { type Conflict, conflictsOf } from './conflicts.ts'
import type { Rule } from './rule.ts'

const kindNames = {
  enter: { zh: '进入', en: 'enter' },
  subscribe: { zh: '关注', en: 'subscribe' },
  menu: { zh: '菜单', en: 'Menu' },
  keyword: { zh: '关键词', en: 'keyword' },
  type: { zh: '消息类型', en: 'message type' },
  default: { zh: '默认', en: 'default' },
}
const matchNames = {
  exact: { zh: '全匹配', en: 'exact' },
  contains: { zh: '包含', en: 'contains' },
  regex: { zh: '正则', en: 'regex' },
}

/** Rules in the order in which they are asked, as a command lists them, and below them what stands in each other's way. */
export function rulesShown<R extends Rule>(
  all: readonly R[],
): {
  rules: R[]
  conflicts: (Omit<Conflict, 'why'> & { why: string })[]
  text: string
} {
  const rules = inOrder(all)
  const conflicts = conflictsOf(rules).map(({ why, ...one }) => ({ ...one, why: said(why) }))
  const rows = rules.map(rule => [
    rule.id,
    rule.name,
    rule.kind === 'keyword' ? matchNames[rule.match] : kindNames[rule.kind],
    rule.words.join(said(comma)) || '—',
    rule.contents.length,
    rule.priority,
    rule.enabled ? said({ zh: '启用', en: 'enabled' }) : said({ zh: '停用', en: 'disabled' }),
  ])
  const heads = [
    'id',
    said({ zh: '名称', en: 'Name' }),
    said({ zh: '种类', en: 'Kind' }),
    said({ zh: '关键词', en: 'keyword' }),
    said({ zh: '回复条数', en: 'Replies' }),
    said({ zh: '优先级', en: 'Priority' }),
    said({ zh: '状态', en: 'State' }),
  ]
  const told = conflicts.map(({ ruleId, why }) =>
    said({ zh: `规则 ${ruleId}: ${why}`, en: `rule ${ruleId}: ${why}` }),
  )
  return { rules, conflicts, text: [table(heads, rows), ...told].join('\n') }
}

/** Keywords as they are typed on a command line: several are parted by commas, a regular expression is one. */
export function keywordsIn(match: Rule['match'], typed: string): string[] {
  const words = match === 'regex' ? [typed] : typed.split(/[,，]/).map(one => one.trim())
  return words.filter(Boolean)
}
