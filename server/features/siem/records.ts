import { detailLine, type TellContext } from '../../callers/audit/telling.ts'
import { placeOf, tellingOf as refusalOf } from '../../callers/refusals/refusal-words.ts'
import { reasonIn, wayIn } from '../../callers/sign-in-log/sign-in-words.ts'
import { acts } from '../../platform/audit/acts.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { storedWords, type Words, wordsIn } from '../../platform/words.ts'
import { severityOf, tellingOf } from '../alerts/shared.ts'
import type { TreeEntry } from '../audit-tree/tree/entries-store.ts'
import type { UntoldAlert } from './forward-store.ts'
import type { SiemNeeds } from './receivers.ts'
import type { RecordSeverity, SiemRecord } from './record.ts'

/** Acts after which more people may do more, or fewer see what was done. */
const weighty =
  /^(admin|admin-token|audit|backup|developer|oidc|role|session|settings)\b|^corp\.(remove|export)|^export$/

/** An entry of a tree as its receivers are told of it. Its id is its place in the tree, and what stands there. */
export function entryRecord(tree: string, entry: TreeEntry, timeZone: string): SiemRecord {
  const { name, text } = wordsOf(entry, timeZone)
  const isSuccess = entry.result === 'ok'
  return {
    id: `${tree}/${entry.index}/${entry.hash}`,
    kind: entry.kind === 'statement' ? 'act' : entry.kind,
    code: entry.act || 'audit.gone',
    name,
    severity: severityOfEntry(entry, isSuccess),
    at: entry.at ?? entry.enteredAt,
    corpId: tree,
    actor: entry.actor,
    actorName: entry.actorName,
    target: entry.object,
    targetName: entry.objectName,
    address: entry.address,
    isSuccess,
    text,
  }
}

function severityOfEntry({ kind, act }: TreeEntry, isSuccess: boolean): RecordSeverity {
  if (!isSuccess) return 'warning'
  if (kind === 'statement') return act === 'audit.restored' ? 'warning' : 'notice'
  return kind === 'act' && weighty.test(act) ? 'notice' : 'info'
}

type EventWords = { name: Words; text: Words }

const gone: Words = { zh: '已删除的审计记录', en: 'Audit entry that was deleted' }
const statements: Readonly<Record<string, Words>> = {
  'audit.age': { zh: '到期的审计记录已删除', en: 'Audit entries were deleted because of their age' },
  'audit.erased': { zh: '审计记录中的个人信息已抹除', en: 'Personal data in audit entries was erased' },
  'audit.restored': {
    zh: '恢复了备份，审计从这里继续',
    en: 'A backup was restored; the audit log goes on from here',
  },
  'audit.existing': { zh: '此前的审计记录已编入', en: 'Earlier audit entries were put in order' },
}

function wordsOf(entry: TreeEntry, timeZone: string): EventWords {
  if (entry.isGone) return { name: gone, text: gone }
  switch (entry.kind) {
    case 'act':
      return actWords(entry, timeZone)
    case 'sign-in':
      return signInWords(entry)
    case 'refusal':
      return refusalWords(entry)
    case 'read':
      return readWords(entry)
    case 'statement': {
      const name = statements[entry.act] ?? { zh: entry.act, en: entry.act }
      return { name, text: name }
    }
  }
}

/** Their own words, without the address book: what a receiver gets must not change when somebody is renamed. */
function actWords(entry: TreeEntry, timeZone: string): EventWords {
  const { act, object, objectName, details } = entry
  const name = Object.hasOwn(acts, act) ? acts[act as keyof typeof acts] : { zh: act, en: act }
  const about = objectName || object
  const said = (language: 'zh' | 'en', colon: string, semicolon: string) => {
    const telling: TellContext = { language, mirror: undefined, timeZone }
    const parts = [`${wordsIn(language, name)}${about && `${colon}${about}`}`, detailLine(telling, details)]
    return `${whoIn(entry, language)} ${parts.filter(Boolean).join(semicolon)}`
  }
  return { name, text: { zh: said('zh', '：', '；'), en: said('en', ': ', '; ') } }
}

const cli: Words = { zh: '命令行', en: 'command line' }

function whoIn({ actor, actorName }: TreeEntry, language: 'zh' | 'en'): string {
  if (actor === '') return language === 'zh' ? '未知人员' : 'somebody unknown'
  if (actor === 'cli') return wordsIn(language, cli)
  if (actorName === '') return actor
  return language === 'zh' ? `${actorName}（${actor}）` : `${actorName} (${actor})`
}

function signInWords(entry: TreeEntry): EventWords {
  const { details, object, objectName } = entry
  const name: Words = { zh: '登录', en: 'Sign-in' }
  const way = wayIn(entry.act.replace(/^sign-in\./, ''))
  const place = objectName || object
  const why = textOf(details['reason'])
  const outcome: Words = why
    ? { zh: `被拒绝：${reasonIn(why).zh}`, en: `refused: ${reasonIn(why).en}` }
    : { zh: '成功', en: 'succeeded' }
  return {
    name,
    text: {
      zh: `${whoIn(entry, 'zh')} 登录 ${place}（${way.zh}）${outcome.zh}`,
      en: `${whoIn(entry, 'en')} signing in to ${place} (${way.en}) ${outcome.en}`,
    },
  }
}

function refusalWords(entry: TreeEntry): EventWords {
  const { details, object } = entry
  const place = placeOf({ place: object })
  const { what } = refusalOf({ place: object, reason: textOf(details['reason']) })
  const more = storedWords(textOf(details['detail']))
  const said = (language: 'zh' | 'en') => {
    const rest = wordsIn(language, more)
    return rest ? (language === 'zh' ? `（${rest}）` : ` (${rest})`) : ''
  }
  return {
    name: { zh: '拒绝访问', en: 'Access refused' },
    text: {
      zh: `${whoIn(entry, 'zh')} 被拒绝，${place.zh}：${what.zh}${said('zh')}`,
      en: `${whoIn(entry, 'en')} was refused, ${place.en}: ${what.en}${said('en')}`,
    },
  }
}

function readWords(entry: TreeEntry): EventWords {
  const { details, object } = entry
  const fields = listOf(details['fields']).join(', ')
  const people = listOf(details['memberIds']).length + Number(details['unlisted'] ?? 0)
  return {
    name: { zh: '读取个人信息', en: 'Personal data read' },
    text: {
      zh: `开发者 ${entry.actor} 经 ${object} 读取 ${people} 名成员的 ${fields}`,
      en: `developer ${entry.actor} read ${fields} of ${people} members by ${object}`,
    },
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** What a receiver was not told of an alert: that it is open, that it is over, or both. */
export function alertRecords(
  ctx: SiemNeeds & { offered: FeatureOffers },
  corpId: string,
  alert: UntoldAlert,
): SiemRecord[] {
  // Another version of wisp may know other causes.
  const told = tellingOf(ctx, alert)
  const name = told?.title ?? { zh: alert.cause, en: alert.cause }
  const severity: RecordSeverity = severityOf(ctx, alert) === 'warn' ? 'warning' : 'error'
  const one = (state: 'open' | 'ended', at: Date): SiemRecord => ({
    // With its time, because a restored backup gives the number to another one.
    id: `${corpId}/alert/${alert.id}-${alert.since.getTime().toString(36)}/${state}`,
    kind: 'alert',
    code: alert.cause,
    name,
    severity: state === 'open' ? severity : 'info',
    at,
    corpId,
    ...{ actor: '', actorName: '', target: alert.subject, targetName: '', address: '' },
    isSuccess: state === 'ended',
    text:
      state === 'open'
        ? { zh: `${name.zh}。${told?.what.zh ?? ''}`, en: `${name.en}. ${told?.what.en ?? ''}`.trim() }
        : { zh: `已结束：${name.zh}`, en: `Ended: ${name.en}` },
    isEnded: state === 'ended',
  })
  const begun = alert.wasTold && alert.endedAt ? [] : [one('open', alert.since)]
  return alert.endedAt ? [...begun, one('ended', alert.endedAt)] : begun
}
