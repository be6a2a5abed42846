import { knownAgent } from '../agents/known-agent.ts'
import {
  boolean,
  ControlError,
  list,
  nullable,
  onlyKeys,
  optional,
  string,
  whole,
} from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { readCallback } from '../push/receive-url.ts'
import { defaultSettings, type Settings } from '../settings.ts'
import type { ControlWorld } from './world.ts'

/**
 * Saves the receive URL as WeCom's console does, which is only after the URL has answered the verification
 * (docs/upstream/wecom-callbacks.md#url-verification). `url: null` removes it together with the events that were not delivered
 * yet.
 */
export async function setCallback(world: ControlWorld, input: Input): Promise<object> {
  if (input['url'] === null) {
    world.changeSettings({ callback: null })
    return { saved: true, callback: null }
  }
  const callback = readCallback(input)
  try {
    await world.pusher.verify(callback)
  } catch (error) {
    throw new ControlError((error as Error).message)
  }
  world.changeSettings({ callback })
  return { saved: true, callback }
}

export function setRegime(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'regime')
  const regime = input['regime']
  if (regime !== 'full' && regime !== 'restricted')
    throw new ControlError('regime must be full or restricted')
  world.changeSettings({ regime })
  return { regime }
}

/**
 * `ips: null` removes the restriction. Without `agentId` and `contact` the list holds for the contact secret
 * and all agents.
 */
export function setTrustedIps(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'agentId', 'contact', 'ips')
  if (input['ips'] === undefined) throw new ControlError('ips must be a list of addresses, or null')
  const ips = nullable(list(string))(input['ips'], 'ips')
  const agent = optional(input, 'agentId', knownAgent(world))
  const contact = optional(input, 'contact', boolean) ?? false
  const owners =
    agent === undefined && !contact ? ['contact', ...world.agents.map(item => String(item.agentId))] : []
  if (agent !== undefined) owners.push(String(agent))
  if (contact) owners.push('contact')
  const trustedIps = { ...world.settings.trustedIps }
  for (const owner of owners) {
    if (ips === null) delete trustedIps[owner]
    else trustedIps[owner] = ips
  }
  world.changeSettings({ trustedIps })
  return { trustedIps }
}

/** Sets the limits that the input names. `perAgentDay: "wecom"` means 200 × the number of accounts. */
export function setLimits(world: ControlWorld, input: Input): object {
  const known = Object.keys(defaultSettings().limits)
  onlyKeys(input, ...known)
  const limits: Record<string, unknown> = { ...world.settings.limits }
  for (const [key, value] of Object.entries(input)) {
    if (key === 'perAgentDay' && value === 'wecom') limits[key] = value
    else
      limits[key] = nullable(whole(key.startsWith('per') && key !== 'perMinute' ? 0 : 1, 1_000_000_000))(
        value,
        key,
      )
  }
  world.limits.clear()
  world.changeSettings({ limits: limits as unknown as Settings['limits'] })
  return { limits }
}

/** Takes the interface licence from these members, and gives it to all others. */
export function setLicences(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'without')
  const unlicensed = optional(input, 'without', list(string)) ?? []
  for (const userid of unlicensed)
    if (world.state.slotOf(userid) === undefined) throw new ControlError(`there is no member ${userid}`)
  world.changeSettings({ unlicensed })
  return { without: unlicensed }
}

/**
 * Disables an agent (its calls are answered with 50003), or changes its visible range or its trusted domain
 * (`null` allows any). Members are given by userid.
 */
export function setAgents(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'agentId', 'disabled', 'visible', 'trustedDomain')
  const agentId = knownAgent(world)(input['agentId'], 'agentId')
  const change = { ...world.settings.agents[agentId] }
  const disabled = optional(input, 'disabled', boolean)
  if (disabled !== undefined) change.disabled = disabled
  const domain = optional(input, 'trustedDomain', nullable(string))
  if (domain !== undefined) change.trustedDomain = domain ?? ''
  const visible = optional(input, 'visible', value => value as Input | null)
  if (visible !== undefined) change.visible = readRange(world, visible)
  world.changeSettings({ agents: { ...world.settings.agents, [agentId]: change } })
  return { agent: world.agents.find(item => item.agentId === agentId) }
}

function readRange(world: ControlWorld, range: Input | null) {
  if (typeof range !== 'object' || range === null) throw new ControlError('visible must be an object')
  onlyKeys(range, 'departments', 'users', 'tags')
  const id = whole(1, 0x7fffffff)
  return {
    departments: optional(range, 'departments', list(id)) ?? [],
    tags: optional(range, 'tags', list(id)) ?? [],
    users: (optional(range, 'users', list(string)) ?? []).map(userid => {
      const slot = world.state.slotOf(userid)
      if (slot === undefined) throw new ControlError(`there is no member ${userid}`)
      return slot
    }),
  }
}
