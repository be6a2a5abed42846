import { Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'

/** What a developer may give back by the API, of one refund and of a day in Asia/Shanghai, in fen. 0: nothing. */
export type RefundLimits = { each: number; day: number }

export const noRefunds: RefundLimits = { each: 0, day: 0 }

const atMost = { each: 2_147_483_647, day: 1_000_000_000_000 }

export const refundLimitsShape = Type.Object(
  {
    each: Type.Integer({
      minimum: 0,
      maximum: atMost.each,
      about: { zh: '单笔最多退多少，单位分', en: 'The most of one refund, in fen' },
    }),
    day: Type.Integer({
      minimum: 0,
      maximum: atMost.day,
      about: { zh: '每天（北京时间）最多退多少，单位分', en: 'The most of a day in Beijing, in fen' },
    }),
  },
  {
    additionalProperties: false,
    about: {
      zh: '通过接口退款的限额，0 为不允许；还须有 pay:refund 权限',
      en: 'What it may refund by the API, 0: nothing; takes the scope pay:refund too',
    },
  },
)

/** Throws 1000. */
export function readRefundLimits({ each, day }: RefundLimits): RefundLimits {
  for (const [name, fen] of Object.entries({ each, day }))
    if (!Number.isSafeInteger(fen) || fen < 0 || fen > atMost[name as keyof RefundLimits])
      throw new ApiError('badParameter', {
        zh: told`refundLimits.${own(name)} 应为 0 到 ${own(atMost[name as keyof RefundLimits])} 的整数，单位为分`,
        en: told`refundLimits.${own(name)} should be an integer number of fen from 0 to ${own(atMost[name as keyof RefundLimits])}`,
      })
  if (day < each)
    throw new ApiError('badParameter', {
      zh: told`refundLimits.day（${own(day)} 分）不能小于 refundLimits.each（${own(each)} 分）`,
      en: told`refundLimits.day (${own(day)} fen) cannot be less than refundLimits.each (${own(each)} fen)`,
    })
  return { each, day }
}
