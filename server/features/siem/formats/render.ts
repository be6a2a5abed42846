import { type Language, wordsIn } from '../../../platform/words.ts'
import type { SiemRecord } from '../record.ts'
import { cefLine } from './cef.ts'
import { ocsfEvent } from './ocsf.ts'
import { facilities, severities, syslogLine } from './syslog.ts'

export type Format = 'text' | 'cef' | 'ocsf'

/** What a record's form depends on beside the record. */
export type Form = {
  format: Format
  language: Language
  pen: number
  /** The name of this installation. */
  host: string
  version: string
  timeZone: string
}

/** A record as its receiver gets it: a message of syslog without its frame, or JSON. */
export function rendered(one: SiemRecord, form: Form): string {
  if (form.format === 'ocsf') return JSON.stringify(ocsfEvent(one, form))
  const isCef = form.format === 'cef'
  return syslogLine({
    facility: one.kind === 'alert' ? facilities.alert : facilities.audit,
    severity: severities[one.severity],
    time: timeIn(one.at, form.timeZone),
    host: form.host,
    app: 'wisp',
    msgId: one.code,
    pen: form.pen,
    // CEF has them in its own extension.
    data: isCef ? { id: one.id } : dataOf(one),
    message: isCef ? cefOf(one, form) : wordsIn(form.language, one.text),
    withoutBom: isCef,
  })
}

function timeIn(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'millisecond' })
}

function dataOf(one: SiemRecord): Record<string, string> {
  const { id, kind, corpId, actor, actorName, target, targetName, address } = one
  const result = one.kind === 'alert' ? (one.isEnded ? 'ended' : 'open') : one.isSuccess ? 'ok' : 'refused'
  return { id, corp: corpId, kind, user: actor, userName: actorName, target, targetName, ip: address, result }
}

const cefSeverities = { info: 3, notice: 5, warning: 7, error: 9 } as const

function cefOf(one: SiemRecord, { version, language }: Form): string {
  return cefLine({
    version,
    id: one.code,
    name: wordsIn(language, one.name),
    severity: cefSeverities[one.severity],
    extension: [
      ['rt', String(one.at.getTime())],
      ['suser', one.actor],
      ['src', one.address],
      ['outcome', one.isSuccess ? 'success' : 'failure'],
      ['externalId', one.id],
      ['cat', one.kind],
      ['cs1Label', one.corpId && 'corp'],
      ['cs1', one.corpId],
      ['cs2Label', one.actorName && 'userName'],
      ['cs2', one.actorName],
      ['cs3Label', one.target && 'target'],
      ['cs3', one.target],
      ['cs4Label', one.targetName && 'targetName'],
      ['cs4', one.targetName],
      ['msg', wordsIn(language, one.text)],
    ],
  })
}
