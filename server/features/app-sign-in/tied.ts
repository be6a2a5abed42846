import type { Core } from '../../platform/core.ts'
import type { TiedAddress } from '../../platform/manifest/setup/tied.ts'
import type { AppSignIns } from './catalog.ts'

/**
 * Where OpenID Connect and CAS answer: every application keeps it, and the host is part of it. It may stay at the installation's address when
 * the corp gets one of its own.
 */
export function addressesTied(
  { appSignIns, publicUrl }: Pick<Core, 'publicUrl'> & { appSignIns: AppSignIns },
  corpId: string,
): TiedAddress[] {
  const { issuer, casBase } = appSignIns.addressesOf(corpId)
  const alsoAt = URL.parse(publicUrl())?.origin
  const places = [
    { kind: 'issuer', name: 'OpenID Connect', url: issuer, flag: 'issuer' },
    { kind: 'casBase', name: 'CAS', url: casBase, flag: 'CAS' },
  ]
  return places.flatMap(({ kind, name, url }) =>
    url === ''
      ? []
      : [
          {
            kind,
            title: { zh: `${name} 的登录地址`, en: `Sign-in address of ${name}` },
            check: kind,
            fix: {
              zh: '旧地址须继续转发到 wisp；要换成新地址，请到「应用中心 → 应用 → 登录」修改，并在每个应用里一同改为新地址。',
              en: 'Keep forwarding the old address to wisp. To change it, move it in App centre → Apps → Sign-in, and enter the new one in each application.',
            },
            path: '/console/apps',
            address: new URL(url).origin,
            alsoAt,
          },
        ],
  )
}
