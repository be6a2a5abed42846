import { table } from '../../platform/command/text.ts'
import { inOrder } from './choose-rule.ts'
import { type Conflict, conflictsOf } from './conflicts.ts'
import type { Rule } from './rule.ts'

const kindNames = {
  enter: '进入',
  subscribe: '关注',
  menu: '菜单',
  keyword: '关键词',
  type: '消息类型',
  default: '默认',
}
const matchNames = { exact: '全匹配', contains: '包含', regex: '正则' }

/** Rules in the order in which they are asked, as a command lists them, and below them what stands in each other's way. */
export function rulesShown<R extends Rule>(
  all: readonly R[],
): {
  rules: R[]
  conflicts: (Omit<Conflict, 'why'> & { why: string })[]
  text: string
} {
  const rules = inOrder(all)
  const conflicts = conflictsOf(rules).map(({ why, ...one }) => ({ ...one, why: why.zh }))
  const rows = rules.map(rule => [
    rule.id,
    rule.name,
    rule.kind === 'keyword' ? matchNames[rule.match] : kindNames[rule.kind],
    rule.words.join('、') || '—',
    rule.contents.length,
    rule.priority,
    rule.enabled ? '启用' : '停用',
  ])
  const heads = ['id', '名称', '种类', '关键词', '回复条数', '优先级', '状态']
  const told = conflicts.map(({ ruleId, why }) => `规则 ${ruleId}: ${why}`)
  return { rules, conflicts, text: [table(heads, rows), ...told].join('\n') }
}

/** Keywords as they are typed on a command line: several are parted by commas, a regular expression is one. */
export function keywordsIn(match: Rule['match'], typed: string): string[] {
  const words = match === 'regex' ? [typed] : typed.split(/[,，]/).map(one => one.trim())
  return words.filter(Boolean)
}
