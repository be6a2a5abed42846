import type { FastifyInstance } from 'fastify'
import { boolean, ControlError, controlBody, onlyKeys, optional, whole } from '../../http/control-input.ts'
import { officialOf } from '../accounts.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import { act } from '../push/act.ts'
import { confirmMass } from '../send/mass.ts'
import { chooseWeb, describeWeb } from '../web/authorize.ts'
import { accountOf, addAccount, configure, setRules, setSettings } from './console.ts'
import { doKf } from './kf.ts'
import { describe, findFollowers, setFollower } from './state.ts'
import { showMenu, streamFollowers } from './stream.ts'

/** /_sandbox/official/*: the console of WeChat's site and the followers' telephones, for scripts. */
export function routeOfficialControl(control: FastifyInstance, platform: OfficialPlatform): void {
  const post = (url: string, run: (input: Input) => unknown): void => {
    control.post(`/_sandbox/official/${url}`, async request => run(controlBody(request.body)))
  }
  const read = (url: string, run: (input: Input) => unknown): void => {
    control.get(`/_sandbox/official/${url}`, async request => run(request.query as Input))
  }
  read('state', input => describe(platform, input))
  read('followers', input => findFollowers(platform, input))
  read('messages', input => messages(platform, input))
  read('pushes', input => ({ pushes: platform.pusher.recent(accountOf(platform, input).profile.originalId) }))
  read('menu', input => showMenu(platform, input))
  control.get('/_sandbox/official/stream', (request, reply) => streamFollowers(platform, request, reply))
  post('accounts', input => {
    const { originalId } = addAccount(platform, input).profile
    return officialOf(platform).accounts.find(account => account.originalId === originalId)
  })
  post('configure', input => configure(platform, input))
  post('settings', input => setSettings(platform, input))
  post('rules', input => setRules(platform, input))
  post('followers', input => {
    onlyKeys(input, 'originalId', 'count')
    const account = accountOf(platform, input)
    account.followers.addMany(whole(1, 2_000_000)(input['count'], 'count'))
    return { followers: account.followers.list().length }
  })
  post('follower', input => setFollower(platform, input))
  read('authorize', input => describeWeb(platform, input))
  post('authorize', input => chooseWeb(platform, input))
  post('kf', input => doKf(platform, input))
  post('mass', input => {
    onlyKeys(input, 'originalId', 'appId', 'msgId', 'confirm')
    const msgId = whole(1, Number.MAX_SAFE_INTEGER)(input['msgId'], 'msgId')
    confirmMass(platform, accountOf(platform, input), msgId, boolean(input['confirm'], 'confirm'))
    return {}
  })
  post('act', input => doAct(platform, input))
}

/**
 * A follower's act. `pushed` is `queued`, or with `wait` what became of the push: none (no server), answered,
 * failed or dropped; `blocked` and `kf` when nothing is pushed at all.
 */
async function doAct(platform: OfficialPlatform, input: Input): Promise<object> {
  const { delivered, kept, ...acted } = act(platform, accountOf(platform, input), input)
  if (kept) return { ...acted, pushed: kept, reply: null }
  if (input['wait'] !== true) return { ...acted, pushed: 'queued', reply: null }
  const delivery = await delivered
  return {
    ...acted,
    pushed: delivery?.state,
    attempts: delivery?.attempts ?? [],
    reply: delivery?.reply ?? null,
  }
}

function messages(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId', 'openid', 'since')
  const account = accountOf(platform, input)
  const since = optional(input, 'since', whole(0, Number.MAX_SAFE_INTEGER)) ?? 0
  const { openid } = input
  if (openid === undefined) return { messages: account.log.all(since), next: account.log.size }
  const follower = account.followers.get(String(openid))
  if (!follower) throw new ControlError(`there is no follower ${openid}`)
  return { messages: account.log.of(follower.openid, follower.index, since), next: account.log.size }
}
