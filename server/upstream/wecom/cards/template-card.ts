/**
 * WeCom's interactive messages (template_card), in WeCom's own names of fields (docs/upstream/wecom-cards.md#fields). These are types
 * alone; `check-card.ts` is what a card is checked by.
 */
export const cardTypes = [
  'text_notice',
  'news_notice',
  'button_interaction',
  'vote_interaction',
  'multiple_interaction',
] as const
export type CardType = (typeof cardTypes)[number]

/** The kinds that a person answers on the card itself. */
export const interactiveTypes = ['button_interaction', 'vote_interaction', 'multiple_interaction'] as const
export type InteractiveType = (typeof interactiveTypes)[number]

/** `type` 1 leads to `url`, 2 to a page of a mini-program, 0 nowhere. */
type Link = { url?: string; appid?: string; pagepath?: string }

export type CardSource = { icon_url?: string; desc?: string; desc_color?: 0 | 1 | 2 | 3 }
export type MenuAction = { text: string; key: string }
export type ActionMenu = { desc?: string; action_list: MenuAction[] }
export type MainTitle = { title?: string; desc?: string }
export type QuoteArea = Link & { type?: 0 | 1 | 2; title?: string; quote_text?: string }
export type EmphasisContent = { title?: string; desc?: string }
/** `type` 1 leads to `url`, 2 to the file `media_id`, 3 to the member `userid`. */
export type HorizontalContent = {
  type?: 0 | 1 | 2 | 3
  keyname: string
  value?: string
  url?: string
  media_id?: string
  userid?: string
}
export type Jump = Link & { type?: 0 | 1 | 2; title: string }
export type CardAction = Link & { type?: 0 | 1 | 2 }
export type CardImage = { url: string; aspect_ratio?: number }
export type ImageTextArea = Link & { type?: 0 | 1 | 2; title?: string; desc?: string; image_url: string }
export type VerticalContent = { title: string; desc?: string }
export type CardOption = { id: string; text: string }
export type ButtonSelection = {
  question_key: string
  title?: string
  option_list: CardOption[]
  selected_id?: string
  disable?: boolean
}
/** `type` 0 tells the application, 1 opens `url`; `style` 1 to 4 is the look. */
export type CardButton = { type?: 0 | 1; text: string; style?: 1 | 2 | 3 | 4; key?: string; url?: string }
export type VoteOption = CardOption & { is_checked?: boolean }
/** `mode` 0 takes one option, 1 several. */
export type Checkbox = { question_key: string; option_list: VoteOption[]; mode?: 0 | 1; disable?: boolean }
export type SelectItem = {
  question_key: string
  title?: string
  selected_id?: string
  option_list: CardOption[]
  disable?: boolean
}
export type SubmitButton = { text?: string; key: string }

type CardBase = {
  source?: CardSource
  action_menu?: ActionMenu
  main_title?: MainTitle
  quote_area?: QuoteArea
  horizontal_content_list?: HorizontalContent[]
  jump_list?: Jump[]
  card_action?: CardAction
  sub_title_text?: string
}

export type TextNotice = CardBase & {
  card_type: 'text_notice'
  emphasis_content?: EmphasisContent
  card_action: CardAction
}
export type NewsNotice = CardBase & {
  card_type: 'news_notice'
  main_title: MainTitle
  card_image?: CardImage
  image_text_area?: ImageTextArea
  vertical_content_list?: VerticalContent[]
  card_action: CardAction
}
export type ButtonInteraction = CardBase & {
  card_type: 'button_interaction'
  main_title: MainTitle
  button_selection?: ButtonSelection
  button_list: CardButton[]
}
export type VoteInteraction = CardBase & {
  card_type: 'vote_interaction'
  main_title: MainTitle
  checkbox: Checkbox
  submit_button: SubmitButton
}
export type MultipleInteraction = CardBase & {
  card_type: 'multiple_interaction'
  main_title: MainTitle
  select_list: SelectItem[]
  submit_button: SubmitButton
}

export type TemplateCard = TextNotice | NewsNotice | ButtonInteraction | VoteInteraction | MultipleInteraction

/**
 * What WeCom takes and shows otherwise than it was written: `long`, more characters than WeCom shows (`limit`, `given`); `markup`, tags
 * of HTML, which are shown as they stand; `ignored`, a field without effect beside the given `type`.
 */
export type CardWarning = {
  path: string
  /** `wecomOnly`: who reads in WeChat does not see the message. */
  why: 'long' | 'markup' | 'ignored' | 'wecomOnly'
  limit?: number
  given?: number
}
