import { type Static, Type } from 'typebox'
import { type Language, type Words, wordsIn } from '../../platform/words.ts'
import type { CardWarning } from '../../upstream/wecom/cards/template-card.ts'

export const warningsSchema = Type.Array(
  Type.Object({
    path: Type.String({
      about: { zh: '字段，如 card.main_title.title', en: 'Field, such as card.main_title.title' },
    }),
    message: Type.String({ about: { zh: '企业微信会怎样处理', en: 'What WeCom makes of it' } }),
  }),
  {
    about: {
      zh: '企业微信接受、但不会按原样显示给所有人的内容',
      en: 'What WeCom takes but does not show to everybody as it is written',
    },
  },
)
export type ToldWarnings = Static<typeof warningsSchema>

/** Nothing where there are none, so that other answers stay as they were. */
export function warningsIn(
  language: Language,
  warnings: readonly CardWarning[] | undefined,
): { warnings?: ToldWarnings } {
  if (!warnings?.length) return {}
  return { warnings: warnings.map(one => ({ path: one.path, message: wordsIn(language, wordsOf(one)) })) }
}

function wordsOf({ why, limit = 0, given = 0 }: CardWarning): Words {
  switch (why) {
    case 'long':
      return {
        zh: `建议不超过 ${limit} 个字，现有 ${given} 个，超出的部分可能不显示`,
        en: `${limit} characters are shown, there are ${given}: the rest may be cut`,
      }
    case 'markup':
      return { zh: '不支持 HTML，标签会原样显示', en: 'there is no HTML here: tags are shown as they stand' }
    case 'wecomOnly':
      return {
        zh: '只在企业微信里显示：在微信里收消息的成员看不到，企业微信也不告知有哪些',
        en: 'it is shown in WeCom alone: members who read in WeChat do not see it, and WeCom does not tell who they are',
      }
    case 'ignored':
      return { zh: '与所填的 type 不符，不起作用', en: 'has no effect beside the given type' }
  }
}
