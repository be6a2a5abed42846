import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { AppSignIns } from './catalog.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; appSignIns: AppSignIns }

/** On its own domain a corp has the short address; on one that it shares, its corpId is part of it. */
function usualAddress(ctx: Needs, corpId: string, path: 'oidc' | 'cas'): string {
  const base = publicUrlOf(ctx, ctx.corps.get(corpId))
  const isShared = ctx.corps.all().some(one => one.corpId !== corpId && publicUrlOf(ctx, one) === base)
  return base === ctx.publicUrl() || isShared ? `${base}/${path}/${corpId}` : `${base}/${path}`
}

/** The issuer of OpenID Connect, stored now if it is not yet: every client keeps it, so it does not follow other settings. */
export async function holdIssuer(tx: Db, ctx: Needs, corpId: string): Promise<string> {
  return store.putAddress(tx, corpId, 'issuer', usualAddress(ctx, corpId, 'oidc'), false)
}

export async function holdCasBase(tx: Db, ctx: Needs, corpId: string): Promise<string> {
  return store.putAddress(tx, corpId, 'cas_base', usualAddress(ctx, corpId, 'cas'), false)
}

/** First words of wisp's own paths. */
const taken = [
  'api',
  'web',
  'console',
  'portal',
  'mobile',
  'pay',
  'developer',
  'docs',
  'signin',
  'sdk',
  'mcp',
  'compat',
  'admin',
  'assets',
  'oidc',
  'healthz',
  'readyz',
  'metrics',
  '.well-known',
]

/**
 * Moves an address. Every application that has the old one stops working until it is changed there. Throws 1000 for an address
 * that is not on the corp's host, or that wisp itself or another corp answers.
 */
export async function moveAddress(
  ctx: Needs,
  actor: string,
  corpId: string,
  which: 'issuer' | 'casBase',
  address: string,
): Promise<void> {
  const corp = ctx.corps.get(corpId)
  const url = checkAddress(ctx, publicUrlOf(ctx, corp), which, address)
  const owner = ctx.appSignIns.corpAt(url)
  if (owner !== undefined && owner !== corpId)
    throw new ApiError('badParameter', {
      zh: told`${url} 已被另一个企业使用，请换一个`,
      en: told`${url} is used by another corp: choose another one`,
    })
  checkApart(ctx, corpId, which, url)
  await ctx.db.transaction().execute(async tx => {
    const before = ctx.appSignIns.addressesOf(corpId)[which]
    await store.putAddress(tx, corpId, which === 'issuer' ? 'issuer' : 'cas_base', url, true)
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'app.sign-in.address',
      target: which,
      detail: { changes: [{ field: 'url', before, after: url }] },
    })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** Below another corp's address, what is asked there would be asked of this corp: `p3` of /cas answers /cas/p3/serviceValidate. */
function checkApart(ctx: Needs, corpId: string, which: 'issuer' | 'casBase', url: string): void {
  const isBelow = (one: string, other: string) => one.startsWith(`${other}/`)
  const others = ctx.corps.all().filter(one => one.corpId !== corpId)
  const near = others.find(one => {
    const theirs = ctx.appSignIns.addressesOf(one.corpId)[which]
    return theirs !== '' && (isBelow(url, theirs) || isBelow(theirs, url))
  })
  // The usual addresses of corps that share a host may be one below the other, and none of them ends as a call does.
  if (!near || url === usualAddress(ctx, corpId, which === 'issuer' ? 'oidc' : 'cas')) return
  const theirs = ctx.appSignIns.addressesOf(near.corpId)[which]
  throw new ApiError('badParameter', {
    zh: told`${url} 与企业 ${own(near.corpId)} 的地址 ${theirs} 是上下级，请换一个不在其下、也不在其上的路径；没有迁移`,
    en: told`${url} is below or above ${theirs}, the address of the corp ${own(near.corpId)}: choose a path that is neither; nothing was moved`,
  })
}

function checkAddress(ctx: Needs, base: string, which: 'issuer' | 'casBase', address: string): string {
  const url = URL.parse(address)
  const hosts = [base, ctx.publicUrl()].map(one => new URL(one).origin)
  if (!url || !hosts.includes(url.origin))
    throw new ApiError('badParameter', {
      zh: told`地址应在 ${own(hosts.join('、'))} 上`,
      en: told`the address should be on ${own(hosts.join(' or '))}`,
    })
  const path = url.pathname.replace(/\/+$/, '')
  if (url.search || url.hash || !/^(\/[A-Za-z0-9._-]+){1,4}$/.test(path))
    throw new ApiError('badParameter', {
      zh: '路径应为一至四段字母、数字、点、横线或下划线，不带参数',
      en: 'the path should be one to four parts of letters, digits, dots, hyphens or underscores, without a query',
    })
  const first = path.split('/')[1] ?? ''
  if (which === 'casBase' && taken.includes(first))
    throw new ApiError('badParameter', {
      zh: told`/${own(first)} 是 wisp 自己的路径`,
      en: told`/${own(first)} is a path of wisp itself`,
    })
  if (which === 'issuer' && first !== 'oidc')
    throw new ApiError('badParameter', {
      zh: 'issuer 的路径应以 /oidc 开头',
      en: 'the path of an issuer should begin with /oidc',
    })
  return `${url.origin}${path}`
}
