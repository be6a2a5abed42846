import type { ParsedXml } from '../agents/reply.ts'
import type { Card } from '../messages/card.ts'

const lists = new Set([
  ...['ActionList', 'HorizontalContentList', 'JumpList', 'VerticalContentList'],
  ...['ButtonList', 'OptionList', 'SelectList'],
])
const numbers = new Set(['DescColor', 'Type', 'Style', 'Mode', 'AspectRatio'])
const truths = new Set(['IsChecked', 'Disable'])
/** Names whose JSON name is not theirs in snake_case (docs/upstream/wecom-cards.md#answers-to-a-press). */
const names: Readonly<Record<string, string>> = {
  AppId: 'appid',
  PagePath: 'pagepath',
  CheckBox: 'checkbox',
  KeyName: 'keyname',
  UserId: 'userid',
}

/** The card of a passive reply under the names that it has in JSON. */
export function cardIn(element: ParsedXml): Card {
  return Object.fromEntries(
    Object.entries(element).map(([name, value]) => {
      const items = Array.isArray(value) ? value : [value]
      const values = items.map(one => read(name, one))
      return [nameOf(name), lists.has(name) ? values : values[0]]
    }),
  )
}

function nameOf(name: string): string {
  return names[name] ?? name.replace(/(?!^)[A-Z]/g, letter => `_${letter}`).toLowerCase()
}

function read(name: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return cardIn(value as ParsedXml)
  if (numbers.has(name)) return Number(value)
  return truths.has(name) ? value === 'true' || value === '1' : value
}
