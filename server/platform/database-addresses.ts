import type { Problem } from './problem.ts'

/** `scheme://user:password@`, hosts with their ports, and what follows them. */
const parts = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)([/?#].*)?$/

/**
 * The addresses of a connection string, one for each of its hosts: `postgres://u:p@a:5432,b:5432/db`. As with libpq, a port that
 * stands alone at the end is not that of the others; who leaves one out gets 5432.
 */
export function addressesOf(url: string): string[] {
  const [, before = '', hosts = '', after = ''] = parts.exec(url) ?? []
  if (!hosts.includes(',')) return [url]
  return hosts.split(',').map(host => `${before}${host}${after}`)
}

/** The same connection string for another database of the server. */
export function withDatabase(url: string, name: string): string {
  const [, before = '', hosts = '', after = ''] = parts.exec(url) ?? []
  return `${before}${hosts}/${encodeURIComponent(name)}${after.replace(/^\/[^?#]*/, '')}`
}

/** Returns what is wrong with a connection string; undefined for a good one. */
export function addressProblem(url: string): Problem | undefined {
  if (/[?&]host=[^&#]*,/.test(url))
    return {
      zh: '的参数里有多台主机，请写成 postgres://user@a:5432,b:5432/database',
      en: 'has several hosts in its query; write them as postgres://user@a:5432,b:5432/database',
    }
  const addresses = addressesOf(url)
  if (
    addresses.length > 1 &&
    parts
      .exec(url)?.[2]
      ?.split(',')
      .some(host => host.replace(/:\d*$/, '') === '')
  )
    return { zh: '的逗号之间少了主机', en: 'has an empty host between its commas' }
  if (!addresses.every(one => URL.canParse(one)))
    return {
      zh: '不是地址；密码里的 / 写成 %2F，# 写成 %23，@ 写成 %40，其余类推',
      en: 'is no address; in a password, write / as %2F, # as %23, @ as %40 and so on',
    }
  return new Set(addresses.map(hostOf)).size < addresses.length
    ? { zh: '把同一台主机写了两次', en: 'names a host twice' }
    : undefined
}

/** Host, port and database, without user and password. */
export function placeOf(url: string): string {
  const addresses = addressesOf(url)
  if (addresses.length > 1) return addresses.map(placeOf).join('、')
  const { host, pathname, searchParams } = new URL(url)
  return `${host || searchParams.get('host') || ''}${pathname}`
}

/** Host and port of one address. */
export function hostOf(url: string): string {
  const { host, searchParams } = new URL(url)
  return host || searchParams.get('host') || ''
}
