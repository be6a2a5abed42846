import { NotUnderstood } from '../reason.ts'
import { jsonIn } from '../receive/json.ts'
import { type Item, isItem, textIn } from '../receive/values.ts'

/** One of `{"PersonNo":"001"}`; `value` is what the source matches by. */
export type Target = { kind: string; given: string; value: string }

const persons = new Map(
  ['Id', 'PersonNo', 'LoginName', 'Keyword', 'KeyWord', 'LdapDN'].map(kind => [kind.toLowerCase(), kind]),
)
const groups = new Map(['DeptNo', 'PostNo', 'GroupNo'].map(kind => [kind.toLowerCase(), kind]))
const targetsAtMost = 500

/**
 * Whom `targets` or `docCreator` means: an object or a list of them, as JSON or as the text of it, each of one or more kinds, whose
 * values may be lists (docs/upstream/oa-todos.md#蓝凌-persons).
 */
export function targetsIn(item: Item, name: string): Target[] {
  const given = item[name]
  if (given === undefined || given === null || given === '') return []
  const value = jsonIn(given)
  const targets = (Array.isArray(value) ? value : [value]).flatMap(one => targetsOf(one, name))
  if (targets.length > targetsAtMost)
    throw new NotUnderstood('tooLong', `${name} ${targets.length} > ${targetsAtMost}`)
  return targets
}

function targetsOf(one: unknown, name: string): Target[] {
  if (!isItem(one)) throw new NotUnderstood('badField', name)
  return Object.entries(one).flatMap(([kind, values]) => {
    const known = persons.get(kind.toLowerCase()) ?? groups.get(kind.toLowerCase())
    if (!known) throw new NotUnderstood('badField', `${name} ${kind.slice(0, 40)}`)
    return (Array.isArray(values) ? values : [values]).map(value => {
      const given = textIn({ [name]: value }, name, 300)
      if (given === '') throw new NotUnderstood('badField', name)
      return { kind: known, given, value: matchedBy(known, given) }
    })
  })
}

function matchedBy(kind: string, given: string): string {
  if (groups.has(kind.toLowerCase())) return `${kind}=${given}`
  if (kind !== 'LdapDN') return given
  const [, first = given] = /^[^=,]+=([^,]+)/.exec(given) ?? []
  return first.trim()
}

/** The item for one receiver alone. */
export function onlyTarget(item: Item, receiver: string): Item {
  const kept = targetsIn(item, 'targets').filter(one => one.value === receiver)
  return { ...item, targets: JSON.stringify(kept.map(({ kind, given }) => ({ [kind]: given }))) }
}
