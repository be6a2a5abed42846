import { lookAtCertificates } from '../../platform/certificates/addresses.ts'
import { daysLeft, soonMs } from '../../platform/certificates/left.ts'
import type { Core } from '../../platform/core.ts'
import { formatDate } from '../../platform/format.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { usualZone } from '../../platform/time-zone.ts'
import type { Corps } from './corps.ts'
import { publicUrlOf } from './corps.ts'

type Needs = Core & { corps: Corps; outbound: Outbound }

/** The certificate of the corp's own https address, as its proxy shows it to WeCom and to members. */
export const certificateEnds: Cause<Needs, { host: string; endsAt: string; days: number }> = {
  async find(ctx) {
    const origins = Map.groupBy(
      ctx.corps.all().flatMap(corp => {
        const url = URL.parse(publicUrlOf(ctx, corp))
        return url?.protocol === 'https:' ? [{ corpId: corp.corpId, url }] : []
      }),
      one => one.url.origin,
    )
    const ends = await lookAtCertificates(ctx, [...origins.keys()])
    const all = [...origins].flatMap(([origin, ones]) =>
      ones.map(({ corpId, url }) => ({ corpId, host: url.host, endsAt: ends.get(origin) })),
    )
    return {
      unclear: new Set(all.filter(one => one.endsAt === undefined).map(one => one.corpId)),
      found: all.flatMap(({ corpId, host, endsAt }) => {
        const leftMs = endsAt === undefined ? soonMs : endsAt - ctx.now()
        if (endsAt === undefined || leftMs >= soonMs) return []
        const days = daysLeft(endsAt, ctx.now())
        const detail = { host, endsAt: new Date(endsAt).toISOString(), days }
        return [{ corpId, subject: host, detail }]
      }),
    }
  },
  reasonOf: ({ host }) => host,
  severityOf: ({ days }) => (days < 0 ? 'bad' : 'warn'),
  tell({ host, endsAt, days }, timeZone = usualZone) {
    const day = formatDate(new Date(endsAt), timeZone)
    const isOver = days < 0
    return {
      title: isOver
        ? { zh: `${host} 的证书已过期`, en: `The certificate of ${host} has expired` }
        : { zh: `${host} 的证书即将过期`, en: `The certificate of ${host} is about to expire` },
      what: isOver
        ? {
            zh: `证书已于 ${day.zh} 过期：企业微信不再推送回调，成员打不开平台。`,
            en: `It expired on ${day.en}: WeCom pushes no callbacks, and members cannot open the platform.`,
          }
        : {
            zh: `证书将于 ${day.zh} 过期，还有 ${days} 天；过期后收不到回调，成员打不开平台。`,
            en: `It expires on ${day.en}, in ${days} days; then no callbacks come and members cannot open the platform.`,
          },
      fix: {
        zh: '请在反向代理上更新证书，并检查自动续期；每天检查一次，更新后本提醒会自动结束。',
        en: 'Renew the certificate at the reverse proxy, and check its automatic renewal. It is looked at once a day, and this ends by itself after that.',
      },
      path: '/console/system/corps/settings',
    }
  },
}
