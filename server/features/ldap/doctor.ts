import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Corp } from '../../organisation/corps/corps.ts'
import { type Finding, failed, passed, warning } from '../../organisation/corps/doctor/check.ts'
import { daysLeft, soonMs } from '../../platform/certificates/left.ts'
import { formatDate } from '../../platform/format.ts'
import { ldapUrlOf } from './address.ts'
import { type KnownClientNeeds, ldapFeature } from './clients/set-client.ts'

/** Whether the programs of a corp can reach LDAP; a corp without any has nothing to be looked at. */
export async function examineLdap(
  ctx: Pick<KnownClientNeeds, 'config' | 'now' | 'ldapClients'>,
  corp: Corp,
): Promise<Finding[]> {
  const clients = ctx.ldapClients.ofCorp(corp.corpId)
  if (!corp.features.has(ldapFeature) || clients.length === 0) return []
  const { ldapPort, ldapsPort, ldapCert, ldapKey } = ctx.config
  const [id, title] = ['ldap', { zh: 'LDAP', en: 'LDAP' }]
  if (ldapPort === 0 && ldapsPort === 0)
    return [
      failed(
        id,
        title,
        {
          zh: `有 ${clients.length} 个应用开通了 LDAP，但没有监听端口`,
          en: `${clients.length} apps have an LDAP client, and no port is listened on`,
        },
        {
          zh: '请设置环境变量 WISP_LDAPS_PORT（或 WISP_LDAP_PORT），然后重启。',
          en: 'Set the environment variable WISP_LDAPS_PORT (or WISP_LDAP_PORT) and restart.',
        },
      ),
    ]
  const url = ldapUrlOf(ctx.config)
  if (ldapCert === '')
    return [
      warning(
        id,
        title,
        {
          zh: `${url} 没有证书，密码不加密传输`,
          en: `${url} has no certificate: passwords go unencrypted`,
        },
        {
          zh: '请设置 WISP_LDAP_CERT 和 WISP_LDAP_KEY；只允许 WISP_LDAP_PLAIN 中的地址不加密。',
          en: 'Set WISP_LDAP_CERT and WISP_LDAP_KEY. Only addresses of WISP_LDAP_PLAIN may go without encryption.',
        },
      ),
    ]
  const fix = {
    zh: `请更新 ${ldapCert} 和 ${ldapKey}；新的证书在 10 秒内生效，无需重启。`,
    en: `Renew ${ldapCert} and ${ldapKey}. The new certificate is taken within 10 seconds, without a restart.`,
  }
  const endsAt = await endOf(ldapCert, ldapKey)
  if (endsAt === undefined)
    return [
      failed(
        id,
        title,
        {
          zh: `证书 ${ldapCert} 和私钥 ${ldapKey} 无法读取，或不是一对`,
          en: `the certificate ${ldapCert} and the key ${ldapKey} cannot be read, or do not belong together`,
        },
        fix,
      ),
    ]
  const days = daysLeft(endsAt, ctx.now())
  const until = formatDate(new Date(endsAt), corp.timeZone, ctx.now())
  const detail = {
    zh: `${url}，${clients.length} 个应用；证书有效期至 ${until.zh}`,
    en: `${url}, ${clients.length} apps; the certificate is good until ${until.en}`,
  }
  if (days < 0) return [failed(id, title, detail, fix)]
  return [endsAt - ctx.now() < soonMs ? warning(id, title, detail, fix) : passed(id, title, detail)]
}

async function endOf(cert: string, key: string): Promise<number | undefined> {
  try {
    const found = new X509Certificate(await readFile(cert))
    return found.checkPrivateKey(createPrivateKey(await readFile(key)))
      ? Date.parse(found.validTo)
      : undefined
  } catch {
    return undefined
  }
}
