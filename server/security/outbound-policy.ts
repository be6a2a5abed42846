import { type LookupAddress, lookup as resolveName } from 'node:dns'
import { lookup as resolveNow } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { type Config, inNetworks, parseNetworks } from '../config.ts'
import type { Words } from '../http/words.ts'
import { addressRule } from './address-rule.ts'

/** An outgoing call that the policy or the other side refused. The words are meant for people. */
export class OutboundRefused extends Error {
  readonly words: Words
  /** The beginning of the other side's answer, if there was one. */
  readonly answer: string
  constructor(words: Words, answer = '') {
    super(words.zh)
    this.words = words
    this.answer = answer
  }
}

/**
 * Where a host leads, all of it allowed. `isNamed`: the installation's owner named it in WISP_OUTBOUND_ALLOW. `isInner`: some of
 * it is not public and not named, so what answers there, and whether anything does, is told in the log alone: whoever may enter
 * an address must not learn by it what stands in the network of wisp.
 */
export type Place = { addresses: LookupAddress[]; isNamed: boolean; isInner: boolean }

export type OutboundPolicy = {
  /** Throws OutboundRefused. */
  check(host: string, address: string): void
  /** Throws OutboundRefused, or the error of the look-up. */
  place(host: string): Promise<Place>
  /** As in `Place`, of addresses that a host leads to. */
  isInner(host: string, addresses: readonly string[]): boolean
  /** Gives sockets checked addresses only. A socket to a literal address does not ask it. */
  lookup: LookupFunction
}

export type OutboundConfig = Pick<Config, 'outboundAllow'> & Partial<Pick<Config, 'outboundPrivate'>>

const kinds = {
  local: { zh: '本机地址', en: 'local address' },
  special: { zh: '保留地址', en: 'reserved address' },
  private: { zh: '内网地址', en: 'private address' },
}

/** The one policy for every address that people or upstreams name (spec §6). */
export function outboundPolicy(config: OutboundConfig): OutboundPolicy {
  const isNetwork = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0
  const names = new Set(config.outboundAllow.filter(entry => !isNetwork(entry)).map(one => one.toLowerCase()))
  const networks = parseNetworks(config.outboundAllow.filter(isNetwork), 'WISP_OUTBOUND_ALLOW')
  const isNamed = (host: string, address: string) =>
    names.has(host.toLowerCase()) || inNetworks(networks, address)

  function check(host: string, address: string): void {
    const rule = addressRule(address)
    if (rule === 'never')
      throw new OutboundRefused({
        zh: `${host} 指向不允许访问的地址 ${address}`,
        en: `${host} leads to ${address}, which is never called`,
      })
    if (rule === 'public' || isNamed(host, address)) return
    if (rule === 'private' && config.outboundPrivate !== 'refuse') return
    const kind = kinds[rule]
    throw new OutboundRefused({
      zh: `${host} 指向${kind.zh} ${address}，须在 WISP_OUTBOUND_ALLOW 中允许`,
      en: `${host} leads to the ${kind.en} ${address}, which WISP_OUTBOUND_ALLOW must allow`,
    })
  }

  function isInner(host: string, addresses: readonly string[]): boolean {
    return addresses.some(address => !isNamed(host, address) && addressRule(address) !== 'public')
  }

  return {
    check,
    isInner,
    async place(host) {
      const addresses = await resolveNow(host, { all: true })
      for (const { address } of addresses) check(host, address)
      const isAllNamed = addresses.every(({ address }) => isNamed(host, address))
      const all = addresses.map(({ address }) => address)
      return { addresses, isNamed: isAllNamed, isInner: isInner(host, all) }
    },
    lookup(host, options, done) {
      resolveName(host, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, '', 0)
        try {
          for (const { address } of addresses) check(host, address)
        } catch (refused) {
          return done(refused as Error, '', 0)
        }
        if (options.all) return (done as (e: null, list: LookupAddress[]) => void)(null, addresses)
        return done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4)
      })
    },
  }
}
