import type { FastifyInstance } from 'fastify'
import { ControlError, controlBody, nullable, onlyKeys, string } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import type { ControlWorld, Tour } from './world.ts'

/** The steps that happen outside of the sandbox, which learns of them from the program that started the platform. */
const toldSteps = [
  'admin',
  'app',
  'popup',
  'menu',
  'pay',
  'developer',
  'sso',
  'sso-out',
  'oa-done',
  'approve',
]

/**
 * The guided tour for newcomers. `npm start` tells it where the platform is, and the sandbox tells it which
 * steps have been done.
 */
export function routeTour(control: FastifyInstance, world: ControlWorld): void {
  control.get('/_sandbox/tour', async () => describeTour(world))
  control.post('/_sandbox/tour', async request => {
    const input = controlBody(request.body)
    onlyKeys(input, 'platformUrl', 'sampleUrl', 'appId', 'signIn', 'oaUrl', 'admin')
    const admin = input['admin'] as Input | null
    if (typeof admin !== 'object' || admin === null) throw new ControlError('admin must be an object')
    const signIn = input['signIn'] as Input | undefined
    if (!world.tour.platform) world.tour.before = countsOf(world)
    world.tour.platform = {
      platformUrl: webAddress(input['platformUrl'], 'platformUrl'),
      sampleUrl: webAddress(input['sampleUrl'], 'sampleUrl'),
      appId: string(input['appId'], 'appId'),
      signIn: signIn
        ? {
            oidcUrl: webAddress(signIn['oidcUrl'], 'oidcUrl'),
            casUrl: webAddress(signIn['casUrl'], 'casUrl'),
          }
        : null,
      oaUrl: input['oaUrl'] === undefined ? null : webAddress(input['oaUrl'], 'oaUrl'),
      admin: {
        user: string(admin['user'], 'user'),
        password: nullable(string)(admin['password'], 'password'),
      },
    }
    return {}
  })
  control.post('/_sandbox/tour/seen', async request => {
    const input = controlBody(request.body)
    onlyKeys(input, 'step')
    const step = string(input['step'], 'step')
    if (!toldSteps.includes(step)) throw new ControlError(`step must be one of ${toldSteps.join(', ')}`)
    // What happened before the tour was told where everything is was done by the start, not by its visitor.
    if (world.tour.platform) world.tour.seen.add(step)
    return {}
  })
}

function webAddress(value: unknown, key: string): string {
  const text = string(value, key)
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new ControlError(`${key} must be an http or https URL`)
  return text.replace(/\/+$/, '')
}

/** `members` are two people who exist in every sample corp: the tour signs in as the first and edits the second. */
function describeTour(world: ControlWorld): object {
  const { platform, before, seen } = world.tour
  const counts = countsOf(world)
  const named = ['zhangsan', 'lisi'].flatMap(userid => {
    const slot = world.state.slotOf(userid)
    return slot === undefined ? [] : [{ userid, name: world.state.member(slot).name }]
  })
  return {
    platform,
    members: named,
    done: [
      ...seen,
      ...countedSteps.filter(([, count]) => counts[count] > before[count]).map(([step]) => step),
    ],
  }
}

const countedSteps = [
  ['member', 'signIns'],
  ['message', 'messages'],
  ['official', 'official'],
  ['edit', 'edits'],
  ['fault', 'faults'],
] as const

function countsOf(world: ControlWorld): Tour['before'] {
  const { edits, faults } = world.tour
  const official = world.official.accounts.reduce((sum, account) => sum + account.log.size, 0)
  const signIns = world.oauth.counters.redeemed
  return { signIns, messages: world.messages.size, official, edits, faults }
}
