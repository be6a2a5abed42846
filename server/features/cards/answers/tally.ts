import { Type } from 'typebox'
import { isInteractive } from '../../../upstream/wecom/cards/check-card.ts'
import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { PressRow } from '../presses/press-store.ts'
import type { Answers } from './answers.ts'

const about = (zh: string, en: string) => ({ about: { zh, en } })
const persons = Type.Integer(about('多少人', 'How many people'))

const countedKey = Type.Object({
  key: Type.String(about('key', 'Its key')),
  text: Type.String(about('按钮或菜单项的文字', 'What stands on it')),
  persons,
})

/** How often each button, option and line of the menu was the newest answer of somebody. */
export const tallySchema = {
  keys: Type.Array(countedKey, about('各按钮', 'By button')),
  questions: Type.Array(
    Type.Object({
      questionKey: Type.String(about('question_key', 'question_key')),
      title: Type.String(about('问题', 'The question')),
      options: Type.Array(
        Type.Object({
          id: Type.String(about('选项的 id', 'Id of the option')),
          text: Type.String(about('选项的文字', 'Text of the option')),
          persons,
        }),
      ),
    }),
    about('各问题的各选项', 'By question and option'),
  ),
  menu: Type.Array(countedKey, about('右上角菜单的各项', 'By line of the menu in the corner')),
}

export type Question = { questionKey: string; title: string; options: { id: string; text: string }[] }
type Key = { key: string; text: string }

/** The buttons by which a card is answered. Those of a notice are the lines of its menu. */
export function keysOf(card: TemplateCard): Key[] {
  switch (card.card_type) {
    case 'button_interaction':
      return card.button_list.flatMap(({ key, text }) => (key ? [{ key, text }] : []))
    case 'vote_interaction':
    case 'multiple_interaction':
      return [{ key: card.submit_button.key, text: card.submit_button.text || '提交' }]
    default:
      return menuOf(card)
  }
}

function menuOf({ action_menu: menu }: TemplateCard): Key[] {
  return menu?.action_list ?? []
}

export function questionsOf(card: TemplateCard): Question[] {
  switch (card.card_type) {
    case 'button_interaction': {
      const { button_selection: one } = card
      return one ? [question(one.question_key, one.title, one.option_list)] : []
    }
    case 'vote_interaction':
      return [question(card.checkbox.question_key, card.main_title.title, card.checkbox.option_list)]
    case 'multiple_interaction':
      return card.select_list.map(one => question(one.question_key, one.title, one.option_list))
    default:
      return []
  }
}

function question(questionKey: string, title: string | undefined, options: Question['options']): Question {
  return { questionKey, title: title ?? '', options: options.map(({ id, text }) => ({ id, text })) }
}

/** What somebody chose, in the card's words. */
export function chosenIn(card: TemplateCard, { selected }: Pick<PressRow, 'selected'>): string {
  const questions = new Map(questionsOf(card).map(one => [one.questionKey, one]))
  return selected
    .map(({ questionKey, optionIds }) => {
      const own = questions.get(questionKey)
      const texts = optionIds.map(id => own?.options.find(option => option.id === id)?.text ?? id)
      return questions.size > 1 && own?.title ? `${own.title}：${texts.join('、')}` : texts.join('、')
    })
    .filter(Boolean)
    .join('；')
}

/** What was pressed, in the card's words; another card may have taken its place since. */
export function pressedIn(card: TemplateCard, key: string): string {
  return [...keysOf(card), ...menuOf(card)].find(one => one.key === key)?.text ?? key
}

/** Only answers that count are counted; what nobody chose is 0. */
export function tallyOf({ asked: { content }, answered, menu }: Answers) {
  const { card } = content
  const counting = answered.map(one => one.answer).filter(one => one.accepted)
  const chosen = Map.groupBy(
    counting.flatMap(one =>
      one.selected.flatMap(({ questionKey, optionIds }) =>
        [...new Set(optionIds)].map(id => JSON.stringify([questionKey, id])),
      ),
    ),
    one => one,
  )
  return {
    keys: counted(keysOf(card), counting),
    questions: questionsOf(card).map(one => ({
      ...one,
      options: one.options.map(option => ({
        ...option,
        persons: chosen.get(JSON.stringify([one.questionKey, option.id]))?.length ?? 0,
      })),
    })),
    menu: isInteractive(card) ? counted(menuOf(card), menu) : [],
  }
}

/** Keys of a card that took the place of the first are added as they come. */
function counted(keys: readonly Key[], presses: readonly PressRow[]) {
  const by = Map.groupBy(presses, one => one.key)
  const strange = [...by.keys()].filter(key => !keys.some(one => one.key === key))
  return [...keys, ...strange.map(key => ({ key, text: key }))].map(({ key, text }) => ({
    key,
    text,
    persons: by.get(key)?.length ?? 0,
  }))
}
