import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import { type View, visibleMember } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type MarkedText, own, told } from '../../../platform/http/told.ts'
import { ownTurn } from '../../../platform/operation/own-turn.ts'
import { openList } from '../../message-lists/lists.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import { readNames } from '../../message-types/render.ts'
import type { Data } from '../../message-types/templates/template.ts'
import { to } from './route.ts'

/** Who gets a message, and with which values. */
export type Receivers = { audience: Audience; dataOf: (core: MemberCore | undefined) => Data }

const namedAtMost = 20
const inTurn = 1000

/**
 * The persons of a list whom its developer sees now, each with the values of their line; an empty cell is no value. `data` is of all. Throws
 * 1000 for columns that the type does not have and lines that lack a variable, and 1007 when nobody of the list is left.
 */
export async function receiversOfList(
  ctx: Core,
  view: View,
  { compiled }: MessageType,
  { listId, data = {} }: { listId: string; data: Data | undefined },
): Promise<Receivers> {
  const { variables, rows } = await openList(ctx, view.developer, listId)
  const given = [...new Set([...Object.keys(data), ...variables])]
  readNames(compiled, given, 'toList')
  const needed = compiled.needs.flatMap(name => {
    const at = variables.indexOf(name)
    return Object.hasOwn(data, name) || at < 0 ? [] : [{ name, at }]
  })
  const lacking: { line: number; name: string }[] = []
  const dataOfPersons = new Map<number, Data>()
  const members: MemberCore[] = []
  const gone: string[] = []
  for (const [index, { line, memberId, userId, values }] of rows.entries()) {
    if (index % inTurn === inTurn - 1) await ownTurn()
    for (const { name, at } of needed) if (values[at] === '') lacking.push({ line, name })
    if (lacking.length > 0) continue
    const core = visibleMember(view, view.mirror.members.byId(memberId))
    if (!core) {
      gone.push(userId)
      continue
    }
    const own = variables.flatMap((name, at) => (values[at] === '' ? [] : [[name, values[at]!] as const]))
    dataOfPersons.set(core.id, { ...data, ...Object.fromEntries(own) })
    members.push(core)
  }
  if (lacking.length > 0) throw lacks(lacking)
  const [first] = members
  if (!first) throw new ApiError('unknownMember', told`${gone.slice(0, namedAtMost).join('|')}`)
  return {
    audience: { ...to(members), invalid: { users: gone, parties: [], tags: [] } },
    dataOf: core => dataOfPersons.get(core?.id ?? first.id) ?? {},
  }
}

function lacks(lacking: readonly { line: number; name: string }[]): ApiError {
  const some = lacking.slice(0, namedAtMost)
  const rest = (words: MarkedText | string): MarkedText | string =>
    lacking.length > some.length ? words : ''
  return new ApiError('badParameter', {
    zh: told`toList 有 ${own(lacking.length)} 处缺少变量，没有发送：${own(some.map(({ line, name }) => `第 ${line} 行 ${name}`).join('、'))}${own(rest(' 等'))}`,
    en: told`toList lacks ${own(lacking.length)} values, and nothing was sent: ${own(some.map(({ line, name }) => `${name} in line ${line}`).join(', '))}${own(rest(' and others'))}`,
  })
}
