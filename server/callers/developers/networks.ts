import { parseNetworks } from '../../platform/config.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Words } from '../../platform/words.ts'

const allowedIpsAtMost = 200
const allowedIpsName: Words = { zh: 'IP 白名单', en: 'allowedIps' }

/** Addresses and networks, of which `name` says what they are for: usually from where somebody may call. Throws 1000. */
export function readNetworks(given: readonly string[], name = allowedIpsName): string[] {
  const networks = readSet(given, name.en, allowedIpsAtMost)
  const wrong = networks.find(one => !isNetwork(one))
  if (wrong !== undefined)
    throw new ApiError('badParameter', {
      zh: told`${own(name.zh)}：${wrong} 不是 IP 地址或网段，应如 192.0.2.7 或 192.0.2.0/24`,
      en: told`${own(name.en)}: ${wrong} is no IP address or network; it should be like 192.0.2.7 or 192.0.2.0/24`,
    })
  return networks
}

function isNetwork(text: string): boolean {
  try {
    parseNetworks([text], '')
    return true
  } catch {
    return false
  }
}
