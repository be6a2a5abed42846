import { partsIn } from '../../platform/time-zone.ts'
import type { Attribute, Tag } from '../directory/entities.ts'
import { isListed, memberStatus } from '../directory/mirror/members.ts'
import type { DepartmentTree } from '../directory/mirror/tree.ts'
import { attributeOf, type Comparison, type Rule, takesExternal } from './rule.ts'

/** What a rule can ask of a member. */
export type Facts = {
  id: number
  userKey: string
  status: number
  departments: number[]
  mainDepartment: number
  leaderIn: number[]
  position: string
  sex: number
  email: string
  bizMail: string
  mobile: string
  attributes: Attribute[]
  createdAt: Date
}

/** What rules are asked against: the address book, and the day that it is in the corp's zone. */
export type Ground = {
  tree: DepartmentTree
  tags: ReadonlyMap<number, Tag>
  /** As 2026-12-31. */
  today: string
  timeZone: string
}

export type Matcher = (facts: Facts) => boolean

export function dayIn(at: Date, timeZone: string): string {
  const { year, month, day } = partsIn(at, timeZone)
  return `${year}-${month}-${day}`
}

/** Makes a test of whom a rule takes in: members, and people from outside WeCom where it says so. */
export function deciderOf(rule: Rule, ground: Ground): Matcher {
  const matches = matcherOf(rule, ground)
  return takesExternal(rule) ? matches : facts => isListed(facts) && matches(facts)
}

/** Makes a test of a rule. It holds until departments, tags or the day change. */
export function matcherOf(rule: Rule, ground: Ground): Matcher {
  if ('all' in rule) {
    const parts = rule.all.map(one => matcherOf(one, ground))
    return facts => parts.every(one => one(facts))
  }
  if ('any' in rule) {
    const parts = rule.any.map(one => matcherOf(one, ground))
    return facts => parts.some(one => one(facts))
  }
  if ('not' in rule) {
    const part = matcherOf(rule.not, ground)
    return facts => !part(facts)
  }
  return comparing(rule, ground)
}

const statusWords: Readonly<Record<string, number>> = {
  active: memberStatus.active,
  disabled: memberStatus.disabled,
  notActivated: memberStatus.notActivated,
  external: memberStatus.external,
}

function comparing(comparison: Comparison, ground: Ground): Matcher {
  const { field, op, values } = comparison
  switch (field) {
    case 'department':
      return inDepartments(comparison, ground.tree, facts => facts.departments)
    case 'mainDepartment':
      return inDepartments(comparison, ground.tree, facts => [facts.mainDepartment])
    case 'tag':
      return tagged(values.map(Number), ground)
    case 'status': {
      const wanted = values.map(one => statusWords[one])
      return facts => wanted.includes(facts.status)
    }
    case 'leader':
      return facts => values.includes(facts.leaderIn.some(one => one === 1) ? 'yes' : 'no')
    case 'sex':
      return facts => values.includes(String(facts.sex))
    case 'joined':
      return onDay(op, values, ground, facts => dayIn(facts.createdAt, ground.timeZone))
    case 'position':
    case 'email':
    case 'bizMail':
    case 'mobile':
      return ofText(op, values, facts => [facts[field]])
    case 'userId':
      return ofText(op, values, facts => [facts.userKey])
    default:
      return ofAttribute(comparison, ground)
  }
}

function inDepartments(
  { op, values }: Comparison,
  tree: DepartmentTree,
  of: (facts: Facts) => readonly number[],
): Matcher {
  if (op === 'in') {
    const ids = new Set(values.map(Number))
    return facts => of(facts).some(id => ids.has(id))
  }
  return below(tree, values.map(Number), of)
}

function below(
  tree: DepartmentTree,
  tops: readonly number[],
  of: (facts: Facts) => readonly number[],
): Matcher {
  const ranges = tops.flatMap(id => tree.get(id) ?? [])
  return facts =>
    of(facts).some(id => {
      const node = tree.get(id)
      return node !== undefined && ranges.some(top => node.index >= top.index && node.index < top.end)
    })
}

const keySets = new WeakMap<Tag, ReadonlySet<string>>()

function tagged(ids: readonly number[], { tree, tags }: Ground): Matcher {
  const known = ids.flatMap(id => tags.get(id) ?? [])
  const keys = known.map(tag => {
    const kept = keySets.get(tag) ?? new Set(tag.userKeys)
    keySets.set(tag, kept)
    return kept
  })
  const isBelow = below(
    tree,
    known.flatMap(tag => tag.departments),
    facts => facts.departments,
  )
  return facts => keys.some(one => one.has(facts.userKey)) || isBelow(facts)
}

/** Texts are compared without regard to case, as userids and mail addresses are. */
function ofText(op: string, values: readonly string[], of: (facts: Facts) => readonly string[]): Matcher {
  const wanted = values.map(one => one.trim().toLowerCase())
  const texts = (facts: Facts) => of(facts).map(one => one.trim().toLowerCase())
  if (op === 'empty') return facts => texts(facts).every(one => one === '')
  if (op === 'contains') return facts => texts(facts).some(text => wanted.some(one => text.includes(one)))
  if (op === 'startsWith') return facts => texts(facts).some(text => wanted.some(one => text.startsWith(one)))
  const set = new Set(wanted)
  return facts => texts(facts).some(text => set.has(text))
}

function ofAttribute({ field, op, values }: Comparison, ground: Ground): Matcher {
  const name = attributeOf(field)
  const of = ({ attributes }: Facts) => attributes.flatMap(one => (one.name === name ? one.value : []))
  if (op === 'atLeast' || op === 'atMost') {
    const bound = Number(values[0])
    return facts =>
      of(facts).some(text => {
        const number = text.trim() === '' ? Number.NaN : Number(text.trim())
        return op === 'atLeast' ? number >= bound : number <= bound
      })
  }
  if (['is', 'contains', 'startsWith', 'empty'].includes(op)) return ofText(op, values, of)
  return onDay(op, values, ground, facts =>
    of(facts)
      .map(dayOfText)
      .find(one => one !== undefined),
  )
}

const dayMs = 86_400_000

function onDay(
  op: string,
  [value = '']: readonly string[],
  { today }: Ground,
  of: (facts: Facts) => string | undefined,
): Matcher {
  const shifted = (days: number) =>
    new Date(Date.parse(`${today}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
  const within = (from: string, until: string): Matcher => {
    return facts => {
      const day = of(facts)
      return day !== undefined && day >= from && day <= until
    }
  }
  if (op === 'from') return within(value, '9999-12-31')
  if (op === 'before') {
    return facts => {
      const day = of(facts)
      return day !== undefined && day < value
    }
  }
  const days = Number(value)
  if (op === 'daysAgo') return within('0000-01-01', shifted(-days))
  return op === 'withinPast' ? within(shifted(-days), today) : within(today, shifted(days))
}

const dayText = /^\s*(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})(?:日|T.*|\s.*)?\s*$/

/** The day that people wrote, as 2026-12-31; undefined for what is none. */
export function dayOfText(text: string): string | undefined {
  const [, year = '', month = '', day = ''] = dayText.exec(text) ?? []
  if (!year) return undefined
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const read = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso) ? iso : undefined
}
