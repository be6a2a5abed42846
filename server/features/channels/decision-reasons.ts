import { counted } from '../../platform/format.ts'
import type { Words } from '../../platform/http/words.ts'
import { type ReasonOf, type ReasonText, waitingReasons } from './reason.ts'

const units: [minutes: number, zh: string, en: string][] = [
  [1440, '天', 'day'],
  [60, '小时', 'hour'],
  [1, '分钟', 'minute'],
]

/** Exactly, because a limit is one. */
function lengthOf(minutes: number): Words {
  const [unit, zh, en] = units.find(([one]) => minutes % one === 0)!
  return { zh: `${minutes / unit} ${zh}`, en: counted(minutes / unit, en) }
}

type Hours = { from: string; to: string }

/** Why a message of a type waits, is collected, is not sent, or leaves otherwise than at once by its first channel (spec-3 §1). */
export const decisionReasons = {
  quietOfCorp: {
    words: ({ from, to }: Hours): Words => ({
      zh: `企业免打扰 ${from}–${to}`,
      en: `quiet hours of the corp ${from}–${to}`,
    }),
  },
  quietOfPerson: {
    words: ({ from, to }: Hours): Words => ({
      zh: `本人免打扰 ${from}–${to}`,
      en: `quiet hours of the person ${from}–${to}`,
    }),
  },
  digestEvery: {
    words: ({ minutes }: { minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `合并发送：收集 ${zh}`, en: `digest: collected for ${en}` }
    },
  },
  digestAt: {
    words: ({ at }: { at: string }): Words => ({
      zh: `合并发送：每天 ${at}`,
      en: `digest: each day at ${at}`,
    }),
  },
  limit: {
    words: ({ atMost, minutes }: { atMost: number; minutes: number }): Words => {
      const { zh, en } = lengthOf(minutes)
      return { zh: `${zh}内最多 ${atMost} 条`, en: `limit of ${atMost} in ${en}` }
    },
  },
  offByPerson: {
    words: (): Words => ({ zh: '本人关闭了这个类型', en: 'the person switched this type off' }),
  },
  allOffByPerson: {
    words: (): Words => ({
      zh: '本人开启了全部关闭',
      en: 'the person switched off all that can be switched off',
    }),
  },
  noWayWanted: {
    words: (): Words => ({
      zh: '本人关闭了这个类型的所有渠道',
      en: 'the person switched off all channels of this type',
    }),
  },
  expired: waitingReasons.expired,
  mustArrive: {
    words: (): Words => ({
      zh: '必达或紧急，本人的关闭对它无效',
      en: 'it must arrive or is urgent: it cannot be switched off',
    }),
  },
  waited: { words: (): Words => ({ zh: '等待结束', en: 'the wait is over' }) },
  orderOfPerson: {
    words: (): Words => ({ zh: '按本人选择的渠道顺序', en: "in the person's order of channels" }),
  },
} satisfies Record<string, ReasonText>
export type DecisionReason = ReasonOf<typeof decisionReasons>
