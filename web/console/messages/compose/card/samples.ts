import type { Translate } from '../../../../ui/text.ts'
import type { WecomCard } from '../../../../ui/wecom-card/wecom-card.ts'
import { type CardForm, emptyCardForm } from './card-form.ts'

export const sampleNames = ['receipt', 'choice', 'vote', 'approval', 'news'] as const
export type SampleName = (typeof sampleNames)[number]
type T = Translate<'cards'>

/** Cards to start from, ready to be sent but for their words. */
export function sampleOf(t: T, name: SampleName): Omit<CardForm, 'perPerson'> {
  return { ...emptyCardForm, ...samples[name](t) }
}

const samples: Record<SampleName, (t: T) => Partial<CardForm> & { card: WecomCard }> = {
  receipt: t => ({
    card: {
      card_type: 'button_interaction',
      main_title: { title: t('receiptTitle'), desc: t('receiptDesc') },
      sub_title_text: t('receiptText'),
      button_list: [{ text: t('receiptButton'), style: 1, key: 'received' }],
    },
    replaceName: t('receiptDone'),
  }),
  choice: t => ({
    card: {
      card_type: 'multiple_interaction',
      main_title: { title: t('choiceTitle'), desc: t('choiceDesc') },
      select_list: [
        {
          question_key: 'lunch',
          title: t('choiceLunch'),
          option_list: optionsOf([t('choiceRice'), t('choiceNoodles'), t('choiceNone')]),
        },
        {
          question_key: 'bus',
          title: t('choiceBus'),
          option_list: optionsOf([t('choiceEast'), t('choiceWest'), t('choiceOwn')]),
        },
      ],
      submit_button: { text: t('submit'), key: 'submit' },
    },
  }),
  vote: t => ({
    card: {
      card_type: 'vote_interaction',
      main_title: { title: t('voteTitle'), desc: t('voteDesc') },
      checkbox: {
        question_key: 'vote',
        mode: 0,
        option_list: optionsOf([t('voteA'), t('voteB'), t('voteC')]),
      },
      submit_button: { text: t('voteButton'), key: 'vote' },
    },
    replaceName: t('voteDone'),
  }),
  approval: t => ({
    card: {
      card_type: 'button_interaction',
      main_title: { title: t('approvalTitle'), desc: t('approvalDesc') },
      horizontal_content_list: [
        { keyname: t('approvalKind'), value: t('approvalKindOf') },
        { keyname: t('approvalDays'), value: t('approvalDaysOf') },
        { keyname: t('approvalWhy'), value: t('approvalWhyOf') },
      ],
      button_list: [
        { text: t('approvalNo'), style: 2, key: 'reject' },
        { text: t('approvalYes'), style: 1, key: 'approve' },
      ],
    },
    replaceName: t('approvalDone'),
    firstPressWins: true,
  }),
  news: t => ({
    card: {
      card_type: 'news_notice',
      main_title: { title: t('newsTitle'), desc: t('newsDesc') },
      card_image: { url: `${location.origin}/icon.svg`, aspect_ratio: 2.25 },
      vertical_content_list: [{ title: t('newsPoint'), desc: t('newsPointOf') }],
      jump_list: [{ type: 1, title: t('newsMore'), url: location.origin }],
      card_action: { type: 1, url: location.origin },
    },
  }),
}

function optionsOf(texts: readonly string[]) {
  return texts.map((text, at) => ({ id: String(at + 1), text }))
}
