import type { Developers } from '../../../callers/developers/developers.ts'
import { isListed } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import type { App } from '../../apps/app.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors }

const namedAtMost = 3

/** Names of those whom a member can ask about an app: the owners of its developer. Empty when it has none who can act. */
export async function peopleToAsk(ctx: Needs, app: App | undefined): Promise<string[]> {
  const owners = app && app.devId !== null ? ctx.developers.get(app.devId)?.owners : undefined
  if (!app || !owners?.size) return []
  const { members } = await ctx.mirrors.load(app.corpId)
  return [...owners]
    .map(id => members.byId(id))
    .filter(one => one !== undefined && isListed(one) && mayAct(one))
    .slice(0, namedAtMost)
    .map(one => one?.name ?? '')
}
