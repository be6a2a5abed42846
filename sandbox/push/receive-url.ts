import { ControlError, list, onlyKeys, optional, string, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import type { CallbackSettings } from '../settings.ts'
import { isEncodingAesKey } from './crypto.ts'

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
