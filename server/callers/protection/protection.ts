import type { BlockList } from 'node:net'
import { inNetworks, parseNetworks } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import { refused } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import { installationProtection, protectionOfCorps } from './protection-store.ts'
import {
  accountIdleMinutes,
  type CorpProtection,
  type InstallationProtection,
  memberIdleMinutes,
  standardOfCorp,
  standardOfInstallation,
} from './settings.ts'

/** Rules about passwords, console, sessions and pages, in memory. */
export type Protection = {
  /** Rereads that of one corp, or all of it. */
  reload(corpId?: string): Promise<void>
  ofCorp(corpId: string): CorpProtection
  ofInstallation(): InstallationProtection
  /** Whether the console may be used from an address: by members of the corp, or for '' by the system super administrator. */
  isInside(corpId: string, address: string): boolean
}

type LoadedRules<S> = { settings: S; networks: BlockList | undefined }

export function createProtection(ctx: Pick<Core, 'db'>): Protection {
  const ofCorps = new Map<string, LoadedRules<CorpProtection>>()
  let own: LoadedRules<InstallationProtection> = keep(standardOfInstallation)
  return {
    async reload(corpId) {
      const found = await protectionOfCorps(ctx.db, corpId)
      if (corpId === undefined) {
        own = keep(await installationProtection(ctx.db))
        ofCorps.clear()
      } else ofCorps.delete(corpId)
      for (const [id, settings] of found) ofCorps.set(id, keep(settings))
    },
    ofCorp: corpId => ofCorps.get(corpId)?.settings ?? standardOfCorp,
    ofInstallation: () => own.settings,
    isInside(corpId, address) {
      const networks = corpId === '' ? own.networks : ofCorps.get(corpId)?.networks
      return networks === undefined || isWithin(networks, address)
    },
  }
}

function keep<S extends { readonly consoleNetworks: readonly string[] }>(settings: S): LoadedRules<S> {
  const { consoleNetworks } = settings
  const networks =
    consoleNetworks.length > 0 ? parseNetworks([...consoleNetworks], 'consoleNetworks') : undefined
  return { settings, networks }
}

/** '' is the address of a caller who has hung up: it is in no network. */
export function isWithin(networks: BlockList, address: string): boolean {
  return address !== '' && inNetworks(networks, address)
}

type Needs = { protection: Protection }

/** Throws 1009 (403) for somebody who may not use the console from this address. */
export function checkConsoleAddress({ protection }: Needs, corpId: string, address: string): void {
  if (protection.isInside(corpId, address)) return
  const at = address || '?'
  throw refused({
    zh: `您的地址 ${at} 不在允许使用控制台的网段内；请在允许的网络中打开，或请管理员修改“登录保护”`,
    en: `your address ${at} is not in the networks from which the console may be used: open it in one of them, or ask an administrator to change the sign-in protection`,
  })
}

/** Under which corp the networks of somebody are kept: '' for the system super administrator. */
export function networksOf(visitor: Pick<Visitor, 'member' | 'corpId'>): string {
  return visitor.member ? visitor.corpId : ''
}

const minuteMs = 60_000

/** After how many ms without use a session ends: of the account, or of a member of the corp. */
export function idleMsOf({ protection }: Needs, corpId: string | null, hasRole: boolean): number {
  if (corpId === null) return (protection.ofInstallation().adminIdleMinutes || accountIdleMinutes) * minuteMs
  const { idleMinutes, adminIdleMinutes } = protection.ofCorp(corpId)
  const usual = idleMinutes || memberIdleMinutes
  return (hasRole ? adminIdleMinutes || usual : usual) * minuteMs
}
