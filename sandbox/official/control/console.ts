import {
  boolean,
  ControlError,
  list,
  nullable,
  oneOf,
  onlyKeys,
  optional,
  string,
  whole,
} from '../../http/control-input.ts'
import { isEncodingAesKey } from '../../push/crypto.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import { defaultRules, type Rules } from '../rules/rules.ts'
import type { Account } from '../state/account.ts'
import type { Kind, PushMode, Server, Settings } from '../state/profile.ts'

/** The account that a script names by `originalId` or `appId`. */
export function accountOf(platform: OfficialPlatform, input: Input): Account {
  const name = string(input['originalId'] ?? input['appId'], 'originalId')
  const account = platform.byOriginalId(name) ?? platform.byAppId(name)
  if (!account) throw new ControlError(`there is no official account ${name}`)
  return account
}

function object(value: unknown, key: string): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlError(`${key} must be an object`)
  return value as Input
}

export function addAccount(platform: OfficialPlatform, input: Input): Account {
  onlyKeys(input, 'name', 'kind', 'verified', 'followers')
  return platform.add({
    name: string(input['name'], 'name'),
    kind: oneOf<Kind>('subscription', 'service')(input['kind'], 'kind'),
    verified: optional(input, 'verified', boolean) ?? false,
    followers: optional(input, 'followers', whole(0, 2_000_000)) ?? 0,
  })
}

/**
 * 服务器配置 of WeChat's console: asks the address for its echo and saves it when that was right. A url of null
 * switches the server off.
 */
export async function configure(
  platform: OfficialPlatform,
  input: Input,
): Promise<{ ok: boolean; reason: string }> {
  onlyKeys(input, 'originalId', 'appId', 'url', 'token', 'encodingAesKey', 'mode', 'format', 'verify')
  const account = accountOf(platform, input)
  if (input['url'] === null) {
    account.changeSettings({ server: null })
    return { ok: true, reason: '' }
  }
  const server = readServer(input)
  const reason =
    (optional(input, 'verify', boolean) ?? true) ? await platform.pusher.verify(server) : undefined
  if (reason !== undefined) return { ok: false, reason }
  account.changeSettings({ server })
  return { ok: true, reason: '' }
}

function readServer(input: Input): Server {
  const url = string(input['url'], 'url')
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new ControlError('url must be an http address')
  const token = string(input['token'], 'token')
  if (!/^[A-Za-z0-9]{3,32}$/.test(token)) throw new ControlError('token must be 3 to 32 letters or digits')
  const mode = optional(input, 'mode', oneOf<PushMode>('plain', 'compatible', 'secure')) ?? 'secure'
  const encodingAesKey = optional(input, 'encodingAesKey', string) ?? ''
  if (!isEncodingAesKey(encodingAesKey) && (mode !== 'plain' || encodingAesKey !== ''))
    throw new ControlError('encodingAesKey must be 43 letters or digits')
  return {
    url,
    token,
    encodingAesKey,
    mode,
    format: optional(input, 'format', oneOf<Server['format']>('xml', 'json')) ?? 'xml',
  }
}

const tokenRefusals = [89503, 89506, 89507, 40243, 50004, 50007]

/** What else the console has: the IP whitelist, the verification, a new secret and so on. */
export function setSettings(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId', 'appId', 'verified', 'newSecret', 'siteMenu', ...Object.keys(readers))
  const account = accountOf(platform, input)
  const change: Record<string, unknown> = {}
  for (const [key, read] of Object.entries(readers))
    if (input[key] !== undefined) change[key] = read(input[key], key)
  const siteMenu = optional(input, 'siteMenu', nullable(list(object)))
  if (siteMenu !== undefined) change['siteMenu'] = siteMenu && { at: platform.now(), button: siteMenu }
  account.changeSettings(change as Partial<Settings>)
  const verified = optional(input, 'verified', boolean)
  if (verified !== undefined) account.changeProfile({ verified })
  if (optional(input, 'newSecret', boolean)) {
    account.changeProfile({ secret: crypto.randomUUID().replaceAll('-', '') })
    account.tokens.endAll()
  }
  return { ...account.profile, settings: account.settings }
}

const readers: Record<string, (value: unknown, key: string) => unknown> = {
  whitelist: nullable(list(string)),
  kfEnabled: boolean,
  apiProtection: boolean,
  autoReply: object,
  webDomain: nullable(string),
  tokenRefusal: nullable((value, key) => {
    if (!tokenRefusals.includes(value as number))
      throw new ControlError(`${key} must be one of ${tokenRefusals.join(', ')}`)
    return value as number
  }),
}

/** Changes the rules that are named, down to single windows and limits; null puts all of them back. */
export function setRules(platform: OfficialPlatform, input: Input): Rules {
  if (input['rules'] === null) platform.changeRules(defaultRules)
  else {
    onlyKeys(input, ...Object.keys(defaultRules))
    for (const [key, value] of Object.entries(input)) {
      const known = defaultRules[key as keyof Rules]
      if (typeof value !== typeof known || value === null)
        throw new ControlError(`${key} must be like ${JSON.stringify(known)}`)
    }
    const { rules } = platform
    const merged = Object.entries(input).map(([key, value]) => [
      key,
      typeof value === 'object' && !Array.isArray(value)
        ? { ...(rules[key as keyof Rules] as object), ...value }
        : value,
    ])
    platform.changeRules({ ...rules, ...Object.fromEntries(merged) })
  }
  return platform.rules
}
