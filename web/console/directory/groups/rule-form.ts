/** A condition as the form holds it. `isNot`: whoever does not fulfil it. */
export type Condition = { isNot: boolean; field: string; attribute: string; op: string; values: string[] }

export type RuleValues = {
  /** `text`: the rule as JSON, for what conditions in one row cannot say. */
  kind: 'none' | 'all' | 'any' | 'text'
  conditions: Condition[]
  text: string
}

type Comparison = { field: string; op: string; values?: string[] }
type Rule = Record<string, unknown>

const attributePrefix = 'attribute:'

export const emptyCondition: Condition = {
  isNot: false,
  field: 'department',
  attribute: '',
  op: 'below',
  values: [],
}

export const noRule: RuleValues = { kind: 'none', conditions: [emptyCondition], text: '' }

/** Reads a stored rule into the form. */
export function valuesOf(rule: Rule | null): RuleValues {
  if (rule === null) return noRule
  const text = JSON.stringify(rule, null, 2)
  const kind = 'any' in rule ? 'any' : 'all'
  const parts = 'all' in rule || 'any' in rule ? (rule[kind] as Rule[]) : [rule]
  const conditions = parts.map(conditionOf)
  const isFlat = conditions.every(one => one !== undefined)
  return isFlat ? { kind, conditions, text } : { kind: 'text', conditions: [emptyCondition], text }
}

function conditionOf(part: Rule): Condition | undefined {
  const isNot = 'not' in part
  const inner = (isNot ? part['not'] : part) as Rule
  if (!('field' in inner)) return undefined
  const { field, op, values = [] } = inner as Comparison
  const isAttribute = field.startsWith(attributePrefix)
  return {
    isNot,
    field: isAttribute ? 'attribute' : field,
    attribute: isAttribute ? field.slice(attributePrefix.length) : '',
    op,
    values,
  }
}

/** The rule as the server takes it; undefined for none. Throws a SyntaxError for a text that is no JSON. */
export function ruleOf({ kind, conditions, text }: RuleValues): Rule | undefined {
  if (kind === 'none') return undefined
  if (kind === 'text') return JSON.parse(text) as Rule
  const parts = conditions.map(({ isNot, field, attribute, op, values }) => {
    const comparison = {
      field: field === 'attribute' ? `${attributePrefix}${attribute.trim()}` : field,
      op,
      values: op === 'empty' ? [] : values,
    }
    return isNot ? { not: comparison } : comparison
  })
  return { [kind]: parts }
}
