/**
 * wisp judges every address that people enter, a mail server's too, when it is used. The connection goes to the address that
 * was judged.
 */

import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { type Config, inNetworks, parseNetworks } from '../config.ts'
import { partsIn, usualZone } from '../time-zone.ts'
import { addressRule } from './address-rule.ts'
import { type Asker, LookUpRefused, type LookUps } from './name-look-ups.ts'

/** An outgoing call that the policy or the other side refused. The words are meant for people. */
export class OutboundRefused extends Error {
  readonly words: { zh: string; en: string }
  /** The beginning of the other side's answer, if there was one. */
  readonly answer: string
  constructor(words: OutboundRefused['words'], answer = '') {
    super(words.zh)
    this.words = words
    this.answer = answer
  }
}

/**
 * A call to a host that is not known to be public. Its words are the same for an unknown name, for one that leads into the
 * internal network, and for every failure there; only the log says which.
 */
export class OutboundUntold extends OutboundRefused {
  constructor(host: string, cause: unknown) {
    super({
      zh: `${host} 没有给出可用的应答：它可能查不到，也可能在内网，详情只在服务器日志里（WISP_OUTBOUND_ALLOW 中列出的主机除外）`,
      en: `${host} gave no usable answer: it may not be found, or be in the internal network. Only the server's log tells more, except for hosts named in WISP_OUTBOUND_ALLOW`,
    })
    this.cause = cause
  }
}

/** The answer was not HTTP. */
export class OutboundGarbled extends OutboundRefused {
  constructor(host: string, cause: unknown) {
    super({ zh: `${host} 的应答不是 HTTP`, en: `what ${host} answered is not HTTP` })
    this.cause = cause
  }
}

/** Nothing was looked up, because earlier names were silent or too many wait. It says nothing about this name. */
export class OutboundLater extends OutboundRefused {}

/**
 * Where a host leads, all of it allowed. `isNamed`: the installation's owner named it in WISP_OUTBOUND_ALLOW. `isInner`: some of
 * it is not public and not named, so only the log says what answers there, and whether anything does: people who may enter an
 * address must not learn by it what the network around wisp contains.
 */
export type Destination = { addresses: readonly LookupAddress[]; isNamed: boolean; isInner: boolean }

export type OutboundPolicy = {
  /** Judges what people entered before anything is looked up: a literal address is checked, and a name passes. Throws OutboundRefused. */
  checkEntered(host: string): void
  /** Whether people may learn that this host was not found: the owner named it, or it is a literal address. */
  isOpen(host: string): boolean
  /** Throws OutboundRefused, as OutboundUntold and OutboundLater too; the look-up's own error only where the host is open. */
  place(host: string, asker: Asker): Promise<Destination>
  /** What `Destination` says of the addresses that a host leads to. */
  isInner(host: string, addresses: readonly string[]): boolean
  /** Gives sockets the checked addresses of a host that `place` found. A socket to a literal address does not ask it. */
  lookup: LookupFunction
}

export type OutboundConfig = Pick<Config, 'outboundAllow'> & Partial<Pick<Config, 'outboundPrivate'>>

const kinds = {
  local: { zh: '本机地址', en: 'local address' },
  special: { zh: '保留地址', en: 'reserved address' },
  private: { zh: '内网地址', en: 'private address' },
}

/** The one policy for every address that people or upstreams name (docs/interface/apps.md#outgoing-calls). */
export function outboundPolicy(config: OutboundConfig, lookUps: LookUps): OutboundPolicy {
  const isNetwork = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0
  const names = new Set(config.outboundAllow.filter(entry => !isNetwork(entry)).map(one => one.toLowerCase()))
  const networks = parseNetworks(config.outboundAllow.filter(isNetwork), 'WISP_OUTBOUND_ALLOW')
  const isNamed = (host: string, address: string) =>
    names.has(host.toLowerCase()) || inNetworks(networks, address)
  const isOpen = (host: string) => isIP(host) !== 0 || names.has(host.toLowerCase())

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

  async function find(host: string, asker: Asker): Promise<readonly LookupAddress[]> {
    const family = isIP(host)
    const addresses = family ? [{ address: host, family }] : await lookUps.find(host, asker)
    for (const { address } of addresses) check(host, address)
    return addresses
  }

  return {
    isInner,
    isOpen,
    checkEntered(host) {
      if (isIP(host)) check(host, host)
    },
    async place(host, asker) {
      try {
        const addresses = await find(host, asker)
        const all = addresses.map(({ address }) => address)
        return {
          addresses,
          isNamed: all.every(address => isNamed(host, address)),
          isInner: isInner(host, all),
        }
      } catch (error) {
        if (error instanceof LookUpRefused && error.reason !== 'silent') throw later(error)
        throw isOpen(host) ? error : new OutboundUntold(host, error)
      }
    },
    lookup(host, options, done) {
      const addresses = familyOf(lookUps.known(host) ?? [], options.family)
      const [first] = addresses
      if (!first)
        return done(Object.assign(new Error(`${host} was not looked up`), { code: 'ENOTFOUND' }), '', 0)
      try {
        for (const { address } of addresses) check(host, address)
      } catch (refused) {
        return done(refused as Error, '', 0)
      }
      return options.all ? done(null, addresses) : done(null, first.address, first.family)
    },
  }
}

function familyOf(addresses: readonly LookupAddress[], family: number | string | undefined): LookupAddress[] {
  const wanted = { IPv4: 4, IPv6: 6 }[String(family)] ?? family
  return addresses.filter(one => !wanted || one.family === wanted)
}

function later({ reason, until }: LookUpRefused): OutboundLater {
  if (reason === 'busy')
    return new OutboundLater({
      zh: '排队等候解析的域名过多，请稍后再试',
      en: 'too many names wait to be looked up: try again later',
    })
  const { hour, minute, second } = partsIn(new Date(until), usualZone)
  const at = `${hour}:${minute}:${second}`
  return new OutboundLater({
    zh: `此前有域名的解析得不到应答，暂停解析到北京时间 ${at}；请检查填写的域名和它的域名服务器`,
    en: `an earlier name got no answer from its name server, so nothing is looked up until ${at} Beijing time: check the names that were entered, and their name servers`,
  })
}
