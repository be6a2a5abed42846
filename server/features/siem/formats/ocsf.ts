/** Events of the Open Cybersecurity Schema Framework (docs/upstream/siem.md#ocsf). */

import { type Language, wordsIn } from '../../../platform/words.ts'
import type { SiemRecord } from '../record.ts'
import { cutTo, messageBytes } from './limits.ts'

export const ocsfVersion = '1.3.0'

const severityIds = { info: 1, notice: 2, warning: 3, error: 4 } as const

/** A class and the activity in it, with what it needs beside what all events have. */
type EventClass = { class: number; activity: number; attributes: object }

export function ocsfEvent(one: SiemRecord, { version, language }: { version: string; language: Language }) {
  const { class: classUid, activity, attributes } = classed(one, language)
  return {
    activity_id: activity,
    activity_name: wordsIn(language, one.name),
    category_uid: Math.floor(classUid / 1000),
    class_uid: classUid,
    type_uid: classUid * 100 + activity,
    time: one.at.getTime(),
    severity_id: severityIds[one.severity],
    ...(one.kind === 'alert' ? {} : { status_id: one.isSuccess ? 1 : 2 }),
    message: cutTo(wordsIn(language, one.text), messageBytes),
    metadata: {
      version: ocsfVersion,
      uid: one.id,
      event_code: one.code,
      product: { name: 'wisp', vendor_name: 'wisp', version },
      ...(one.corpId === '' ? {} : { tenant_uid: one.corpId }),
    },
    ...attributes,
  }
}

function classed(one: SiemRecord, language: Language): EventClass {
  const user = { name: one.actorName || one.actor || 'unknown', ...(one.actor ? { uid: one.actor } : {}) }
  // Where an event must have an address, one made on the server itself has its name.
  const endpoint = one.address ? { ip: one.address } : { name: 'wisp' }
  switch (one.kind) {
    case 'alert':
      return {
        class: 2004,
        activity: one.isEnded ? 3 : 1,
        attributes: {
          status_id: one.isEnded ? 4 : 1,
          is_alert: !one.isEnded,
          finding_info: { title: wordsIn(language, one.name), uid: one.id.replace(/\/[a-z]+$/, '') },
        },
      }
    case 'sign-in':
      return {
        class: 3002,
        activity: one.code.endsWith('sign-out') ? 2 : 1,
        attributes: { user, src_endpoint: endpoint },
      }
    case 'refusal':
    case 'read':
      return {
        class: 6003,
        activity: one.kind === 'read' ? 2 : 99,
        attributes: { actor: { user }, api: { operation: one.code }, src_endpoint: endpoint },
      }
    case 'act':
      return {
        class: 3004,
        activity: activityOf(one.code),
        attributes: {
          actor: { user },
          src_endpoint: endpoint,
          entity: {
            name: one.targetName || one.target || one.code,
            uid: one.target,
            type: one.code.split('.')[0],
          },
        },
      }
  }
}

const activities: readonly [RegExp, number][] = [
  [/\.(add|make|bind|put|register)$/, 1],
  [/(^export$|\.(look|search|export)$)/, 2],
  [/\.(remove|end|revoke|delete|unbind|removed)$/, 4],
  [/\.(set|edit|rotate|replace|change-password|config|save|settings)$/, 3],
  [/\.suspend$/, 12],
  [/\.resume$/, 13],
]

/** The activity of Entity Management that an act is; 99 for what is none of them. */
function activityOf(code: string): number {
  return activities.find(([pattern]) => pattern.test(code))?.[1] ?? 99
}
