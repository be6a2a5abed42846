import type { Context } from '../context.ts'
import { allFeatures } from '../features.ts'
import type { AnyCommand } from '../platform/command/command.ts'
import type { OfflineContext } from '../platform/manifest/unopened.ts'
import type { Words } from '../platform/words.ts'

export type Command = AnyCommand<Context, OfflineContext>

/**
 * The order in which the help lists commands, by their first word; what is not named here comes last. `corp add` is not the corps'
 * own, since it begins a sync.
 */
const order = [
  'corp add',
  'corp',
  'operator',
  'agent',
  'developer',
  'webhook',
  'app',
  'announcement',
  'admin',
  'role',
  'sign-in',
  'ticket',
  'sync',
  'alert',
  'message',
  'official',
  'pay',
  'export',
  'apply',
  'backup',
  'restore',
  'config',
]

function placeOf({ path }: Command): number {
  const [word = ''] = path.split(' ', 1)
  const place = order.indexOf(order.includes(path) ? path : word)
  return place < 0 ? order.length : place
}

/** Each manifest was compiled with the commands of its feature, and the context has what all manifests ask for. */
const all = allFeatures.flatMap(one => one.commands ?? []) as Command[]

/** In the order in which the help lists them. */
export const commands: readonly Command[] = all.toSorted((a, b) => placeOf(a) - placeOf(b))

/** The words that precede a command's last word, and what each group is about. */
export const groups: Readonly<Record<string, Words>> = Object.assign(
  {},
  ...allFeatures.map(one => one.commandGroups),
)
