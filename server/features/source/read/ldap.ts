import { type Client, type Entry, ResultCodeError } from 'ldapts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import { addressOf, columnsOf, type SourceSettings } from '../settings.ts'
import { findColumns, type Reading, recordOf, recordsAtMost, tooMany } from './columns.ts'
import { badCertificate, isBadCertificate, openLdap } from './ldap-line.ts'

/** Columns that wisp adds to the attributes of an entry. `ouPath`: names of its OUs below the base; `enabled`: 1 or 0. */
const added = ['dn', 'ouPath', 'enabled'] as const

/** Active Directory's userAccountControl: the account is disabled. */
const disabledBit = 2
const usualPage = 500

const usualFilter = '(objectClass=person)'

/**
 * Reads people from an LDAP directory or Active Directory, page by page, with the attributes that are mapped. Attributes that name an entry of
 * the reading (such as manager) stand for its key. Throws 1000, 1011 and OutboundRefused.
 */
export async function readLdap(
  outbound: Pick<Outbound, 'place' | 'checkEntered'>,
  of: string,
  settings: SourceSettings,
  password: string,
  pageSize = usualPage,
): Promise<Reading> {
  const url = addressOf({ outbound }, settings.url, ['ldap:', 'ldaps:'])
  // A directory takes that for nobody, and may show a part of the people.
  if (settings.user !== '' && password === '')
    throw new ApiError('badParameter', {
      zh: 'LDAP 有绑定 DN 而没有密码，没有读取；请填写密码',
      en: 'LDAP has a bind DN and no password, and was not read: give the password',
    })
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const { addresses, isInner } = await outbound.place(host, { slot: 'servers', of })
  let client: Client | undefined
  try {
    client = await openLdap({ url, host, address: addresses[0] }, settings)
    if (settings.user !== '') await client.bind(settings.user, password)
    return recordsOf(settings, await entriesOf(client, settings, pageSize))
  } catch (error) {
    if (error instanceof ApiError) throw error
    if (error instanceof ResultCodeError)
      throw new ApiError('badParameter', {
        zh: told`LDAP 拒绝：${error.message.slice(0, 300)}`,
        en: told`LDAP refused: ${error.message.slice(0, 300)}`,
      })
    if (isInner) throw new OutboundUntold(host, error)
    if (isBadCertificate(error)) throw badCertificate(url.host, error)
    throw new ApiError('upstream', {
      zh: told`LDAP 服务器 ${url.host} 没有给出可用的应答：${String(error).slice(0, 300)}`,
      en: told`the LDAP server ${url.host} gave no usable answer: ${String(error).slice(0, 300)}`,
    })
  } finally {
    await client?.unbind().catch(() => undefined)
  }
}

async function entriesOf(client: Client, settings: SourceSettings, pageSize: number): Promise<Entry[]> {
  const names = columnsOf(settings).filter(one => !added.includes(one as (typeof added)[number]))
  const entries: Entry[] = []
  const pages = client.searchPaginated(settings.base, {
    scope: 'sub',
    filter: settings.people.trim() || usualFilter,
    attributes: [...names, 'userAccountControl'],
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize },
  })
  for await (const { searchEntries } of pages) {
    entries.push(...searchEntries)
    if (entries.length > recordsAtMost) throw tooMany()
  }
  return entries
}

function recordsOf(settings: SourceSettings, entries: readonly Entry[]): Reading {
  const rows = entries.map(entry => {
    const cells = new Map(
      Object.entries(entry).map(([name, value]) => [name.toLowerCase(), textOf(name, value)]),
    )
    const control = Number(cells.get('useraccountcontrol') || 0)
    cells.set('dn', entry.dn)
    cells.set('oupath', ouPath(entry.dn, settings))
    cells.set('enabled', control & disabledBit ? '0' : '1')
    return cells
  })
  // An attribute that nobody has is not answered, so that only the key shows whether the entries are those that are meant.
  const key = settings.key.toLowerCase()
  const present = columnsOf(settings).filter(
    one => one.toLowerCase() !== key || rows.some(row => row.get(key)),
  )
  if (rows.length > 0) findColumns(settings, present)
  const byDn = new Map(rows.map(row => [plainDn(row.get('dn') ?? ''), row.get(key) ?? '']))
  const wanted = columnsOf(settings)
  const records = rows.map((row, index) =>
    recordOf(
      index + 1,
      wanted.map(name => {
        const value = row.get(name.toLowerCase()) ?? ''
        return [name, name === 'dn' ? value : (byDn.get(plainDn(value)) ?? value)]
      }),
    ),
  )
  return { columns: wanted, records, departments: undefined }
}

function textOf(name: string, value: Entry[string]): string {
  const first = Array.isArray(value) ? value[0] : value
  if (first === undefined) return ''
  if (typeof first === 'string') return first
  return name.toLowerCase() === 'objectguid'
    ? Buffer.from(first).toString('hex')
    : Buffer.from(first).toString()
}

const plainDn = (dn: string): string =>
  dn
    .toLowerCase()
    .split(/(?<!\\),/)
    .map(one => one.trim())
    .join(',')

/** `CN=张三,OU=前端,OU=研发,DC=example` below `DC=example` is in `研发/前端`. */
export function ouPath(
  dn: string,
  { base, pathSeparator }: Pick<SourceSettings, 'base' | 'pathSeparator'>,
): string {
  const parts = dn.split(/(?<!\\),/).map(one => one.trim())
  const below = parts.slice(0, Math.max(0, parts.length - base.split(/(?<!\\),/).length))
  return below
    .filter(one => /^ou=/i.test(one))
    .map(one => unescaped(one.slice(3)))
    .reverse()
    .join(pathSeparator)
}

/** RFC 4514: `\,` is a comma, `\e5` a byte. */
function unescaped(text: string): string {
  return text
    .replace(/(\\[0-9a-f]{2})+/gi, bytes => Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString())
    .replace(/\\(.)/g, '$1')
}
