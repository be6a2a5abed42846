import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { OfferedSection } from '../../platform/manifest/offered.ts'
import type { SettingsItem } from '../../platform/manifest/settings-section.ts'

/** One property that differs; of a new item, each that it has. */
export type Difference = {
  section: string
  /** The key of what there is; '' for a new item, and where the section is one item. */
  key: string
  /** How people know the item; '' where the section is one item. */
  name: string
  act: 'add' | 'set'
  field: string
  before: unknown
  after: unknown
}

/** What is to be done with an item of the file: nothing where `change` is empty. */
export type Step = {
  item: SettingsItem
  /** Where it stands in the section of the file. */
  at: number
  /** Undefined for a new item. */
  key: string | undefined
  change: SettingsItem
  differences: Difference[]
}

/** The keys that items of a file have here, by section; they differ in a file from another installation. */
export type Keys = Map<string, Map<string, string>>

/**
 * Compares the items of a file with what there is. An item is known by its key, or else by its name where that is the only one; what the
 * file leaves out stays as it is, and nothing is removed. Throws 1000.
 */
export function stepsOf(
  section: OfferedSection,
  stored: readonly SettingsItem[],
  items: readonly SettingsItem[],
  keys: Keys,
): Step[] {
  const { name, key, refersTo = {}, ordered = [] } = section
  const found = key === undefined ? [stored[0]] : knownItems(name, stored, items, key)
  return items.map((given, at) => {
    const item = withKeysOfHere(given, refersTo, keys)
    const known = found[at]
    const storedKey = key === undefined ? '' : known && String(known[key])
    const fields = Object.entries(item).filter(
      ([field, value]) =>
        isSetting(section, field) &&
        value !== undefined &&
        !isEqual(known?.[field], value, ordered.includes(field)),
    )
    const about = { section: name, key: storedKey ?? '', name: String(item['name'] ?? storedKey ?? '') }
    return {
      item,
      at,
      key: storedKey,
      change: Object.fromEntries(fields),
      differences: fields.map(([field, after]) => ({
        ...about,
        ...(key === undefined ? { name: '' } : {}),
        act: known ? ('set' as const) : ('add' as const),
        field,
        before: known?.[field] ?? null,
        after,
      })),
    }
  })
}

/** What is known by the key of another section's item, such as how an app signs people in, has its name only to say whose it is. */
function isSetting({ key, refersTo = {} }: OfferedSection, field: string): boolean {
  const isOfAnother = key !== undefined && Object.hasOwn(refersTo, key)
  return field !== key && !(field === 'name' && isOfAnother)
}

/** What there is of each item. Throws 1000 where a name could mean several, because another run would then make it once more. */
function knownItems(
  section: string,
  stored: readonly SettingsItem[],
  items: readonly SettingsItem[],
  key: string,
): (SettingsItem | undefined)[] {
  const byKey = new Map(stored.map(one => [String(one[key]), one]))
  const same = items.map(item => (item[key] === undefined ? undefined : byKey.get(String(item[key]))))
  const taken = new Set(same)
  const strange = Map.groupBy(
    items.filter((_item, at) => !same[at]),
    one => one['name'],
  )
  const free = Map.groupBy(
    stored.filter(one => !taken.has(one)),
    one => one['name'],
  )
  return items.map((item, at) => {
    const { name } = item
    if (same[at] || name === undefined) return same[at]
    const [only, ...others] = free.get(name) ?? []
    const isDoubled = (strange.get(name)?.length ?? 0) > 1
    if (others.length > 0 || isDoubled) throw ambiguous(`${section}[${at}]`, String(name), key)
    return only
  })
}

function ambiguous(place: string, name: string, key: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${own(place)}：名称「${name}」对应多个，请写明 ${own(key)}`,
    en: told`${own(place)}: the name "${name}" could mean several, so say which by ${own(key)}`,
  })
}

function withKeysOfHere(
  item: SettingsItem,
  refersTo: Readonly<Record<string, string>>,
  keys: Keys,
): SettingsItem {
  const here = Object.entries(refersTo).flatMap(([field, section]) => {
    const value = item[field]
    const key = typeof value === 'string' ? keys.get(section)?.get(value) : undefined
    return key === undefined ? [] : [[field, key]]
  })
  return { ...item, ...Object.fromEntries(here) }
}

/** The order of properties means nothing, and that of lists only where it `isOrdered`. */
export function isEqual(a: unknown, b: unknown, isOrdered = false): boolean {
  return canonical(a, isOrdered) === canonical(b, isOrdered)
}

/** A text that is the same for equal values. */
export function canonical(value: unknown, isOrdered = false): string {
  if (Array.isArray(value)) {
    const each = value.map(one => canonical(one, isOrdered))
    return `[${(isOrdered ? each : each.sort()).join()}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const parts = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one, isOrdered)}`)
  return `{${parts.sort().join()}}`
}
