import { createHash } from 'node:crypto'
import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import type { CauseText, Severity } from '../../platform/manifest/cause.ts'
import type { FeatureOffers, OfferedCause } from '../../platform/manifest/offered.ts'
import { wordsIn } from '../../platform/words.ts'
import type { AlertKey, NewAlert } from './store.ts'

/** From so many corps on the same trouble is one trouble of the installation. */
export const sharedFrom = 10
/** So long a corp's alert is left to that of the installation, after it was last one of many. */
export const sharedForMs = 3_600_000
const namesAtMost = 20

/** What is kept of an alert that stands for those of many corps: one of them, how many they are, and some by name. */
type SharedDetail = { sample: object; corps: number; names: string[] }

const subjectPrefix = 'shared '

/** Whether the alert of the installation stands for those of many corps. */
export function isOfMany({ corpId, subject }: AlertKey): boolean {
  return corpId === null && subject.startsWith(subjectPrefix)
}

/**
 * Marks what many corps have for one reason, and adds one alert of the installation for all of them. Causes that do not say what
 * makes them the same are each corp's own.
 */
export function withShared(
  cause: string,
  found: readonly NewAlert[],
  reasonOf: OfferedCause['reasonOf'],
  nameOf: (corpId: string) => string,
): NewAlert[] {
  if (!reasonOf) return [...found]
  const reasons = Map.groupBy(
    found.filter(one => one.corpId !== null),
    one => reasonOf(one.detail as never),
  )
  const shared = new Set<NewAlert>()
  const ofMany: NewAlert[] = []
  for (const [reason, alerts] of reasons) {
    const corpIds = [...new Set(alerts.map(one => one.corpId ?? ''))]
    const [sample] = alerts
    if (reason === undefined || corpIds.length < sharedFrom || !sample) continue
    for (const one of alerts) shared.add(one)
    const names = corpIds.slice(0, namesAtMost).map(nameOf)
    const detail: SharedDetail = { sample: sample.detail, corps: corpIds.length, names }
    const key = createHash('sha256').update(reason).digest('hex').slice(0, 12)
    ofMany.push({ corpId: null, cause, subject: subjectPrefix + key, detail, isShared: false })
  }
  return [...found.map(one => ({ ...one, isShared: shared.has(one) })), ...ofMany]
}

/** How urgent an alert is; undefined for a cause of another version. */
export function severityOf(
  { offered }: { offered: FeatureOffers },
  alert: AlertKey & { detail: object },
): Severity | undefined {
  const detail = isOfMany(alert) ? (alert.detail as SharedDetail).sample : alert.detail
  return offered.causes[alert.cause]?.severityOf(detail as never)
}

/** An alert in words; undefined for a cause of another version. */
export function tellingOf(
  { offered, corps: open }: { offered: FeatureOffers; corps: Pick<Corps, 'find'> },
  alert: AlertKey & { detail: object },
): CauseText | undefined {
  const cause = offered.causes[alert.cause]
  if (!cause) return undefined
  const zone = zoneOf({ corps: open }, alert.corpId)
  if (!isOfMany(alert)) return cause.tell(alert.detail as never, zone)
  const { sample, corps, names } = alert.detail as SharedDetail
  const { title, what, fix } = cause.tell(sample as never, zone)
  const rest = corps - names.length
  const zh = names.join('、') + (rest > 0 ? ` 等 ${corps} 个企业` : '')
  const en = names.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
  return {
    title: {
      zh: `${corps} 个企业：${wordsIn('zh', title)}`,
      en: `${corps} corps: ${wordsIn('en', title)}`,
    },
    what: {
      zh: `同一个原因（以其中一个企业为例）：${wordsIn('zh', what)} 涉及：${zh}。`,
      en: `One reason, as one of them shows it: ${wordsIn('en', what)} It concerns ${en}.`,
    },
    fix,
    path: '/console/system/corps',
  }
}
