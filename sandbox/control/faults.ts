import { ControlError, nullable, onlyKeys, optional, string, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { faultModes, isFaultMode } from '../rules/faults.ts'
import type { ControlWorld } from './world.ts'

/** Switches a fault on and returns its id (sandbox/README.md#control). */
export function addFault(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'match', 'mode', 'probability', 'times', 'delayMs')
  const mode = string(input['mode'], 'mode')
  if (!isFaultMode(mode)) throw new ControlError(`mode must be one of ${faultModes.join(', ')}`)
  const probability = optional(input, 'probability', share) ?? 1
  const count = nullable(whole(1, 1_000_000_000))
  const fault = {
    match: optional(input, 'match', nullable(string)) ?? '',
    mode,
    probability,
    times: optional(input, 'times', count) ?? null,
    delayMs: optional(input, 'delayMs', nullable(whole(0, 600_000))) ?? null,
  }
  try {
    const id = world.faults.add(fault)
    world.tour.faults++
    return { id }
  } catch (error) {
    throw new ControlError(`match is no regular expression: ${(error as Error).message}`)
  }
}

function share(value: unknown, key: string): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    throw new ControlError(`${key} must be from 0 to 1`)
  return value
}

/**
 * Issues a one-time code as the sign-in page would: for a member (`userId`) or for somebody outside the corp
 * (`openId`).
 */
export function issueCode(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'userId', 'openId', 'scope')
  const scope = optional(input, 'scope', string) ?? 'snsapi_base'
  if (scope !== 'snsapi_base' && scope !== 'snsapi_privateinfo')
    throw new ControlError('scope must be snsapi_base or snsapi_privateinfo')
  const openid = optional(input, 'openId', string)
  if (openid !== undefined) return { code: world.oauth.issueCode({ openid, scope }) }
  const userid = string(input['userId'], 'userId')
  const slot = world.state.slotOf(userid)
  if (slot === undefined) throw new ControlError(`there is no member ${userid}`)
  return { code: world.oauth.issueCode({ slot, scope }) }
}
