import { ApiError } from '../../../../platform/http/errors.ts'
import { checkText } from '../../../../platform/http/rules.ts'
import { own, told } from '../../../../platform/http/told.ts'
import type { CardChange } from '../../../../upstream/wecom/cards/card-reply.ts'
import { cardOf, checkCard, isInteractive } from '../../../../upstream/wecom/cards/check-card.ts'
import type { CardWarning, TemplateCard } from '../../../../upstream/wecom/cards/template-card.ts'
import type { ContentInput } from '../../channel.ts'
import { needed } from '../../message-fields.ts'

/** `onPress`: what the card of whoever presses becomes at once. `asked`: of a reminder, the message that asked first. */
export type CardContent = {
  kind: 'template_card'
  card: TemplateCard
  onPress?: CardChange
  firstPressWins: boolean
  perPerson: boolean
  asked?: string
}

export const usualReplaceName = '已提交'
export const replaceNameAtMost = 32

/** What the button of the caller's card says, if the caller says nothing. */
const shownOnButton = 10

/** Builds the content of a card. Throws 1000 and 1001; `warnings` are what WeCom takes but does not show as it is written. */
export function cardContent(given: ContentInput): { content: CardContent; warnings: CardWarning[] } {
  needed('card', given['card'] === undefined ? undefined : 'given')
  const warnings = checkCard(given['card'], { path: 'card' })
  const card = withSource(cardOf(given['card'] as object), given.agentName)
  const firstPressWins = given['firstPressWins'] === true
  if (firstPressWins && !isInteractive(card))
    throw new ApiError('badParameter', {
      zh: told`firstPressWins 只用于 button_interaction、vote_interaction、multiple_interaction，不用于 ${own(card.card_type)}`,
      en: told`firstPressWins is for button_interaction, vote_interaction and multiple_interaction, not for ${own(card.card_type)}`,
    })
  const onPress = onPressOf(given['onPress'], card, warnings)
  return {
    content: {
      kind: 'template_card',
      card,
      ...(onPress ? { onPress } : {}),
      firstPressWins,
      perPerson: given['perPerson'] === true,
    },
    warnings,
  }
}

function withSource(card: TemplateCard, agentName: string): TemplateCard {
  const { card_type, source, ...rest } = card
  return { card_type, source: source ?? { desc: agentName }, ...rest } as TemplateCard
}

function onPressOf(given: unknown, card: TemplateCard, warnings: CardWarning[]): CardChange | undefined {
  if (given === undefined) return isInteractive(card) ? { replaceName: usualReplaceName } : undefined
  const { replaceName, card: next, replaceText, ...unknown } = given as Record<string, unknown>
  const [strange] = Object.keys(unknown)
  if (strange !== undefined)
    throw new ApiError('badParameter', {
      zh: told`onPress.${strange} 不是 onPress 的字段；可用：replaceName、card、replaceText`,
      en: told`onPress.${strange} is no field of onPress; there are replaceName, card, replaceText`,
    })
  const change = readChange({ replaceName, card: next, replaceText }, 'onPress', warnings)
  checkFits(change, card, 'onPress.replaceName')
  return change
}

/**
 * What a card becomes: a button's new text, or another card. `where` is how the caller calls it. Throws 1000 and 1001, adds to
 * `warnings`.
 */
export function readChange(
  given: { replaceName?: unknown; card?: unknown; replaceText?: unknown },
  where: '' | 'onPress',
  warnings: CardWarning[],
): CardChange {
  const at = (name: string) => (where ? `${where}.${name}` : name)
  const { replaceName, card, replaceText } = given
  if ((replaceName === undefined) === (card === undefined))
    throw new ApiError(card === undefined ? 'missingParameter' : 'badParameter', {
      zh: told`${own(at('replaceName'))} 与 ${own(at('card'))} 填一个`,
      en: told`one of ${own(at('replaceName'))} and ${own(at('card'))} is needed`,
    })
  if (card === undefined) {
    if (replaceText !== undefined)
      throw new ApiError('badParameter', {
        zh: told`${own(at('replaceText'))} 只与 ${own(at('card'))} 一起使用`,
        en: told`${own(at('replaceText'))} goes with ${own(at('card'))} alone`,
      })
    return { replaceName: buttonText(replaceName, at('replaceName'), warnings) }
  }
  warnings.push(...checkCard(card, { path: at('card'), isUpdate: true }))
  if (replaceText === undefined) return { card: cardOf(card as object) }
  return { card: cardOf(card as object), replaceText: buttonText(replaceText, at('replaceText'), warnings) }
}

function buttonText(given: unknown, name: string, warnings: CardWarning[]): string {
  if (typeof given !== 'string')
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为文本`,
      en: told`${own(name)} should be a text`,
    })
  if (given.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
  checkText(given, name, replaceNameAtMost)
  const length = [...given].length
  if (length > shownOnButton) warnings.push({ path: name, why: 'long', limit: shownOnButton, given: length })
  return given
}

/** WeCom changes the button of interactive kinds alone. Throws 1000. */
export function checkFits(change: CardChange, card: TemplateCard, name: string): void {
  if ('card' in change || isInteractive(card)) return
  throw new ApiError('badParameter', {
    zh: told`${own(name)} 不能用于没有按钮的 ${own(card.card_type)}，请填 card`,
    en: told`${own(name)} is not for ${own(card.card_type)}, which has no button: give card`,
  })
}

/** A card's number at WeCom, unique for each call, by which a press finds its message. */
export function taskIdOf(messageId: string, n: number | string): string {
  return `${messageId}@${n}`
}

/** The message of a task_id; undefined for one that wisp did not make. */
export function messageOfTask(taskId: string): string | undefined {
  return /^([\w-]{1,64})@\d{1,9}$/.exec(taskId)?.[1]
}
