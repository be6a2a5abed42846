import type { FastifyInstance } from 'fastify'
import type { Input } from '../http/input.ts'
import type { World } from '../state/world.ts'
import { ControlError, controlBody, onlyKeys, string } from './input.ts'

/**
 * The guided tour for newcomers. `npm start` tells it where the platform is, and the sandbox tells it which
 * steps have been done.
 */
export function routeTour(control: FastifyInstance, world: World): void {
  control.get('/_sandbox/tour', async () => describeTour(world))
  control.post('/_sandbox/tour', async request => {
    const input = controlBody(request.body)
    onlyKeys(input, 'platformUrl', 'sampleUrl', 'appId', 'admin')
    const admin = input['admin'] as Input | null
    if (typeof admin !== 'object' || admin === null) throw new ControlError('admin must be an object')
    world.tour.platform = {
      platformUrl: webAddress(input['platformUrl'], 'platformUrl'),
      sampleUrl: webAddress(input['sampleUrl'], 'sampleUrl'),
      appId: string(input['appId'], 'appId'),
      admin: { user: string(admin['user'], 'user'), password: string(admin['password'], 'password') },
    }
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
function describeTour(world: World): object {
  const { platform, edits, faults } = world.tour
  const { issued, redeemed } = world.oauth.counters
  const named = ['zhangsan', 'lisi'].flatMap(userid => {
    const slot = world.state.slotOf(userid)
    return slot === undefined ? [] : [{ userid, name: world.state.member(slot).name }]
  })
  return {
    platform,
    members: named,
    done: { codes: issued, signIns: redeemed, messages: world.messages.size, edits, faults },
    pushed: world.pusher.counters.sent,
  }
}
