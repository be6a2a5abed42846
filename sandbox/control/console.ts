import type { Input } from '../http/input.ts'
import { isEncodingAesKey } from '../push/crypto.ts'
import { type CallbackSettings, defaultSettings, type Settings } from '../settings.ts'
import { changeSettings, type World } from '../state/world.ts'
import { boolean, ControlError, list, nullable, onlyKeys, optional, string, whole } from './input.ts'

/**
 * Saves the receive URL as WeCom's console does, which is only after the URL has answered the verification
 * (docs/upstream/wecom-callbacks.md#url-verification). `url: null` removes it together with the events that were not delivered
 * yet.
 */
export async function setCallback(world: World, input: Input): Promise<object> {
  if (input['url'] === null) {
    changeSettings(world, { callback: null })
    return { saved: true, callback: null }
  }
  const callback = readCallback(input)
  try {
    await world.pusher.verify(callback)
  } catch (error) {
    throw new ControlError((error as Error).message)
  }
  changeSettings(world, { callback })
  return { saved: true, callback }
}

/** What WeCom's console asks for a receive URL. Throws ControlError. */
export function readCallback(input: Input): CallbackSettings {
  onlyKeys(input, 'url', 'token', 'encodingAesKey', 'retryDelaysMs', 'timeoutMs')
  const url = string(input['url'], 'url')
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new ControlError('url must be an http or https URL')
  const token = string(input['token'], 'token')
  if (!/^[A-Za-z0-9]{1,32}$/.test(token)) throw new ControlError('token must be 1 to 32 letters or digits')
  const encodingAesKey = string(input['encodingAesKey'], 'encodingAesKey')
  if (!isEncodingAesKey(encodingAesKey)) throw new ControlError('encodingAesKey must be 43 letters or digits')
  const delays = optional(input, 'retryDelaysMs', list(whole(0, 600_000))) ?? [1000, 3000]
  const [first, second] = delays
  if (first === undefined || second === undefined || delays.length !== 2)
    throw new ControlError('retryDelaysMs must be two numbers')
  const timeoutMs = optional(input, 'timeoutMs', whole(1, 60_000)) ?? 5000
  return { url, token, encodingAesKey, retryDelaysMs: [first, second], timeoutMs }
}

export function setRegime(world: World, input: Input): object {
  onlyKeys(input, 'regime')
  const regime = input['regime']
  if (regime !== 'full' && regime !== 'restricted')
    throw new ControlError('regime must be full or restricted')
  changeSettings(world, { regime })
  return { regime }
}

/**
 * `ips: null` removes the restriction. Without `agentId` and `contact` the list holds for the contact secret
 * and all agents.
 */
export function setTrustedIps(world: World, input: Input): object {
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
  changeSettings(world, { trustedIps })
  return { trustedIps }
}

/** Sets the limits that the input names. `perAgentDay: "wecom"` means 200 × the number of accounts. */
export function setLimits(world: World, input: Input): object {
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
  changeSettings(world, { limits: limits as unknown as Settings['limits'] })
  return { limits }
}

/** Takes the interface licence from these members, and gives it to all others. */
export function setLicences(world: World, input: Input): object {
  onlyKeys(input, 'without')
  const unlicensed = optional(input, 'without', list(string)) ?? []
  for (const userid of unlicensed)
    if (world.state.slotOf(userid) === undefined) throw new ControlError(`there is no member ${userid}`)
  changeSettings(world, { unlicensed })
  return { without: unlicensed }
}

/**
 * Disables an agent (its calls are answered with 50003), or changes its visible range or its trusted domain
 * (`null` allows any). Members are given by userid.
 */
export function setAgents(world: World, input: Input): object {
  onlyKeys(input, 'agentId', 'disabled', 'visible', 'trustedDomain')
  const agentId = knownAgent(world)(input['agentId'], 'agentId')
  const change = { ...world.settings.agents[agentId] }
  const disabled = optional(input, 'disabled', boolean)
  if (disabled !== undefined) change.disabled = disabled
  const domain = optional(input, 'trustedDomain', nullable(string))
  if (domain !== undefined) change.trustedDomain = domain ?? ''
  const visible = optional(input, 'visible', value => value as Input | null)
  if (visible !== undefined) change.visible = readRange(world, visible)
  changeSettings(world, { agents: { ...world.settings.agents, [agentId]: change } })
  return { agent: world.agents.find(item => item.agentId === agentId) }
}

function readRange(world: World, range: Input | null) {
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

export const knownAgent =
  (world: World) =>
  (value: unknown, key: string): number => {
    const id = whole(1, 0x7fffffff)(value, key)
    if (world.agents.some(agent => agent.agentId === id)) return id
    throw new ControlError(`${key} must be one of ${world.agents.map(agent => agent.agentId).join(', ')}`)
  }
