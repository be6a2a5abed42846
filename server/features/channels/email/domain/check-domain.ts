import {
  type Finding,
  failed,
  noConclusion,
  passed,
  tryLater,
  warning,
} from '../../../../organisation/corps/doctor/check.ts'
import type { Outbound } from '../../../../platform/security/outbound.ts'
import type { Words } from '../../../../platform/words.ts'
import type { MailKey } from './key-store.ts'

type Dns = Pick<Outbound, 'texts'>
type PublishedKey = Pick<MailKey, 'selector' | 'domain' | 'publicKey' | 'usedSince'>

/** The TXT record by which receivers check what a key has signed. */
export function recordOf({ selector, domain, publicKey }: PublishedKey): { name: string; value: string } {
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${publicKey}` }
}

/** False also where no name server answers. */
export async function isPublished(dns: Dns, key: PublishedKey): Promise<boolean> {
  const texts = await dns.texts(recordOf(key).name).catch(() => [])
  return texts.some(text => tagsOf(text)['p'] === key.publicKey)
}

/** `v=DKIM1; p=…` as an object; white space within values does not count. */
function tagsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(';').flatMap(part => {
      const at = part.indexOf('=')
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).replace(/\s/g, '')]]
    }),
  )
}

/** Looks at what receivers look up of a sender's domain. Takes as long as the slowest look-up, which has an end. */
export async function checkDomain(
  dns: Dns,
  domain: string,
  keys: readonly PublishedKey[],
): Promise<Finding[]> {
  const found = await Promise.all([
    check('mail-spf', spfTitle, async () => spfOf(domain, await dns.texts(domain))),
    check('mail-dkim', dkimTitle, () => dkimOf(dns, domain, keys)),
    check('mail-dmarc', dmarcTitle, () => dmarcOf(dns, domain)),
  ])
  return found
}

const spfTitle: Words = { zh: 'SPF', en: 'SPF' }
const dkimTitle: Words = { zh: 'DKIM', en: 'DKIM' }
const dmarcTitle: Words = { zh: 'DMARC', en: 'DMARC' }

async function check(id: string, title: Words, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch {
    const silent = { zh: 'DNS 没有应答', en: 'the DNS does not answer' }
    return warning(id, title, noConclusion(silent), tryLater)
  }
}

/** What each mechanism of SPF costs in look-ups, of which receivers make ten. */
const costsLookUp = /^[+?~-]?(include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr(?::|$)|exists:)|^redirect=/i
const lookUpsAtMost = 10

function spfOf(domain: string, texts: readonly string[]): Finding {
  const [id, title] = ['mail-spf', spfTitle] as const
  const records = texts.filter(text => /^v=spf1(\s|$)/i.test(text))
  const [record = ''] = records
  if (records.length === 0)
    return failed(
      id,
      title,
      { zh: `${domain} 没有 SPF 记录`, en: `${domain} has no SPF record` },
      {
        zh: `请在 DNS 为 ${domain} 添加 TXT 记录，内容由邮件服务商给出，如 v=spf1 include:spf.mail.qq.com ~all。`,
        en: `Add a TXT record to ${domain} as the mail provider gives it, such as v=spf1 include:spf.mail.qq.com ~all.`,
      },
    )
  if (records.length > 1)
    return failed(
      id,
      title,
      {
        zh: `${domain} 有 ${records.length} 条 SPF 记录，收件方会全部忽略`,
        en: `${domain} has ${records.length} SPF records, so receivers ignore all of them`,
      },
      { zh: '请合并为一条。', en: 'Make one of them.' },
    )
  const terms = record.split(/\s+/).slice(1)
  const lookUps = terms.filter(term => costsLookUp.test(term)).length
  if (lookUps > lookUpsAtMost)
    return failed(
      id,
      title,
      {
        zh: `SPF 记录要求 ${lookUps} 次查询，最多 ${lookUpsAtMost} 次：${record}`,
        en: `the SPF record takes ${lookUps} look-ups, at most ${lookUpsAtMost} are made: ${record}`,
      },
      { zh: '请减少 include 等项。', en: 'Take out some include terms.' },
    )
  if (terms.some(term => /^\+?all$/i.test(term)))
    return warning(
      id,
      title,
      {
        zh: `SPF 记录允许任何服务器发件：${record}`,
        en: `the SPF record allows any server to send: ${record}`,
      },
      { zh: '请把 +all 改为 ~all 或 -all。', en: 'Change +all to ~all or -all.' },
    )
  return passed(id, title, record)
}

async function dkimOf(dns: Dns, domain: string, keys: readonly PublishedKey[]): Promise<Finding> {
  const [id, title] = ['mail-dkim', dkimTitle] as const
  const key = keys.find(one => one.usedSince !== undefined)
  const [waiting] = keys.filter(one => one.domain === domain)
  if (!key && waiting)
    return warning(
      id,
      title,
      {
        zh: 'wisp 的密钥还没有启用，邮件没有签名',
        en: 'the key of wisp is not in use yet, so mail is not signed',
      },
      {
        zh: `请把 TXT 记录 ${recordOf(waiting).name} 加进 DNS，生效后启用密钥。`,
        en: `Add the TXT record ${recordOf(waiting).name} to the DNS, and use the key once it is in effect.`,
      },
    )
  if (!key)
    return warning(
      id,
      title,
      {
        zh: 'wisp 不为邮件签名；邮件服务器可能会签名',
        en: 'wisp does not sign mail; the mail server may do so',
      },
      {
        zh: '请生成密钥，把它的 TXT 记录加进 DNS，然后启用；邮件服务器已经签名时不需要。',
        en: 'Make a key, add its TXT record to the DNS and then use it, unless the mail server signs.',
      },
    )
  if (key.domain !== domain)
    return failed(
      id,
      title,
      {
        zh: `密钥属于 ${key.domain}，发件人的域名是 ${domain}，邮件没有签名`,
        en: `the key is for ${key.domain} and the sender's domain is ${domain}, so mail is not signed`,
      },
      { zh: '请为新的域名生成密钥。', en: 'Make a key for the new domain.' },
    )
  const { name, value } = recordOf(key)
  const texts = (await dns.texts(name)).map(tagsOf)
  if (texts.some(tags => tags['p'] === key.publicKey)) return passed(id, title, name)
  const fix: Words = {
    zh: `请把 TXT 记录 ${name} 设为 ${value}`,
    en: `Set the TXT record ${name} to ${value}`,
  }
  if (texts.some(tags => tags['p'] === ''))
    return failed(id, title, { zh: `${name} 已被吊销（p=）`, en: `${name} is revoked (p=)` }, fix)
  return texts.length === 0
    ? failed(id, title, { zh: `DNS 中没有 ${name}`, en: `the DNS has no ${name}` }, fix)
    : failed(
        id,
        title,
        {
          zh: `${name} 是另一个密钥，签名会被判为无效`,
          en: `${name} is another key, so signatures are invalid`,
        },
        fix,
      )
}

/** The record of the domain, or else of the nearest domain above it that has one. */
async function dmarcOf(dns: Dns, domain: string): Promise<Finding> {
  const [id, title] = ['mail-dmarc', dmarcTitle] as const
  const labels = domain.split('.')
  const names = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'))
  const records = await Promise.all(
    names.slice(0, 8).map(async name => {
      const texts = await dns.texts(`_dmarc.${name}`)
      return texts.filter(text => /^v=DMARC1(\s*;|$)/i.test(text)).map(text => ({ name, text }))
    }),
  )
  const found = records.find(one => one.length > 0) ?? []
  const [record] = found
  const example = { name: `_dmarc.${domain}`, value: 'v=DMARC1; p=none' }
  if (!record)
    return failed(
      id,
      title,
      { zh: `${domain} 没有 DMARC 记录`, en: `${domain} has no DMARC record` },
      {
        zh: `请添加 TXT 记录 ${example.name}，内容至少为 ${example.value}。`,
        en: `Add the TXT record ${example.name}, at least ${example.value}.`,
      },
    )
  const { p = '' } = tagsOf(record.text)
  if (found.length > 1 || !/^(none|quarantine|reject)$/i.test(p))
    return failed(
      id,
      title,
      {
        zh: `_dmarc.${record.name} 的记录无效：${found.map(one => one.text).join(' | ')}`,
        en: `the record of _dmarc.${record.name} is not valid: ${found.map(one => one.text).join(' | ')}`,
      },
      {
        zh: '只保留一条，p 为 none、quarantine 或 reject。',
        en: 'Keep one, whose p is none, quarantine or reject.',
      },
    )
  return passed(id, title, `_dmarc.${record.name}: ${record.text}`)
}
