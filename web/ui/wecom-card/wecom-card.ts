/** WeCom's kinds of cards, in the order of its documentation (docs/upstream/wecom-messages.md#types-and-their-limits). */
export const cardTypes = [
  'text_notice',
  'news_notice',
  'button_interaction',
  'vote_interaction',
  'multiple_interaction',
] as const
export type CardType = (typeof cardTypes)[number]

/** `type`: 0 leads nowhere, 1 to `url`, 2 into a mini-program. */
export type Jump = { type?: number; url?: string; appid?: string; pagepath?: string }
export type Option = { id?: string; text?: string; is_checked?: boolean }
export type Selection = {
  question_key?: string
  title?: string
  option_list?: Option[]
  selected_id?: string
  disable?: boolean
}

/** WeCom's `template_card` by WeCom's names, as far as it is written: while somebody edits it, everything may be missing. */
export type WecomCard = {
  card_type?: string
  task_id?: string
  source?: { icon_url?: string; desc?: string; desc_color?: number }
  action_menu?: { desc?: string; action_list?: { text?: string; key?: string }[] }
  main_title?: { title?: string; desc?: string }
  quote_area?: Jump & { title?: string; quote_text?: string }
  emphasis_content?: { title?: string; desc?: string }
  sub_title_text?: string
  /** `type`: 0 text, 1 link, 2 file, 3 member. */
  horizontal_content_list?: {
    type?: number
    keyname?: string
    value?: string
    url?: string
    media_id?: string
    userid?: string
  }[]
  jump_list?: (Jump & { title?: string })[]
  card_action?: Jump
  card_image?: { url?: string; aspect_ratio?: number }
  image_text_area?: Jump & { title?: string; desc?: string; image_url?: string }
  vertical_content_list?: { title?: string; desc?: string }[]
  button_selection?: Selection
  /** `type`: 0 is told to the sender, 1 opens `url`. */
  button_list?: { type?: number; text?: string; style?: number; key?: string; url?: string }[]
  /** `mode`: 0 one option, 1 several. */
  checkbox?: { question_key?: string; option_list?: Option[]; mode?: number; disable?: boolean }
  select_list?: Selection[]
  submit_button?: { text?: string; key?: string }
}

export function isInteractive(card: WecomCard): boolean {
  return String(card.card_type).endsWith('_interaction')
}

/** Whether somebody can answer it: by a button, a vote, a choice, or a line of the menu in its corner. */
export function isAnswered(card: WecomCard): boolean {
  return isInteractive(card) || typeof card.action_menu === 'object'
}
