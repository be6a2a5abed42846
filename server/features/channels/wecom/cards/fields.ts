import { Type } from 'typebox'
import { ApiError } from '../../../../platform/http/errors.ts'
import { type Field, readObject } from '../../../../platform/http/input.ts'
import { optionalYes } from '../../../../platform/http/input-rules.ts'
import { own, told } from '../../../../platform/http/told.ts'
import type { Words } from '../../../../platform/words.ts'

type Json = Readonly<Record<string, unknown>>

const textAtMost = 100_000

/** An object of JSON, or the text of one, whose fields its feature checks. */
export function optionalJson(about: Words): Field<Json | undefined, Json | string, false, Words> {
  return {
    about,
    schema: Type.Union(
      [Type.Record(Type.String({ maxLength: 128 }), Type.Unknown()), Type.String({ maxLength: textAtMost })],
      { about },
    ),
    required: false,
    read: (value, name) => readObject(typeof value === 'string' ? parsed(value, name) : value, name),
    missing: () => undefined,
  }
}

function parsed(text: string, name: string): unknown {
  if (text.length > textAtMost)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 最长 ${own(textAtMost)} 个字符`,
      en: told`${own(name)} is longer than ${own(textAtMost)} characters`,
    })
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 不是正确的 JSON`,
      en: told`${own(name)} is no correct JSON`,
    })
  }
}

export const cardField = optionalJson({
  zh: '卡片：企业微信的 template_card 对象（不含 task_id），msgType 为 04 时必填',
  en: "Card: WeCom's template_card object, without task_id; needed when msgType is 04",
})

/** What `message/send` takes for a card beside the card. */
export const cardFields = {
  card: cardField,
  onPress: optionalJson({
    zh: '有人点击后其卡片变成什么：{"replaceName":"已同意"} 或 {"card":{…}}；交互类卡片默认 {"replaceName":"已提交"}',
    en: 'What the card of whoever presses becomes: {"replaceName":"已同意"} or {"card":{…}}; {"replaceName":"已提交"} by default for interactive cards',
  }),
  firstPressWins: optionalYes({
    zh: 'true：任何人先点击即对所有人结束，其他人会看到是谁；默认 false',
    en: 'true: the first press of anybody ends it for all, and the others see who it was; false by default',
  }),
  perPerson: optionalYes({
    zh: 'true：每人单独发送，之后可以单独更新各人的卡片（最多 2000 人）；默认 false',
    en: 'true: sent to each person separately, so that each card can be changed by itself later (at most 2000 people); false by default',
  }),
}
