import type { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { kindsWith, partsOfCard } from './card-fields.ts'
import {
  type CardCheck,
  checkObject,
  fault,
  isBlank,
  missing,
  notOneOf,
  objectIn,
  unknownField,
} from './check-card-fields.ts'
import {
  type CardType,
  type CardWarning,
  cardTypes,
  interactiveTypes,
  type TemplateCard,
} from './template-card.ts'

/** A card as WeCom would take it is small; what is larger than this was not meant for one. */
const cardBytesAtMost = 30_000

/** `path`: how the caller calls the card. `isUpdate`: it takes the place of one that was sent. */
export type CardUse = { path: string; isUpdate?: boolean }

/**
 * Checks a card before anything is stored (docs/upstream/wecom-cards.md#fields): fields that are unknown, of another kind, missing or
 * wrong, numbers and lengths beyond what WeCom takes. Throws 1000 that names the path, the limit and what was given. Returns what WeCom
 * takes but does not show as it is written.
 */
export function checkCard(given: unknown, use: CardUse = { path: 'card' }): CardWarning[] {
  const { path } = use
  const card = objectIn(given, path)
  const bytes = Buffer.byteLength(JSON.stringify(card))
  if (bytes > cardBytesAtMost)
    throw fault(
      path,
      told`最多 ${own(cardBytesAtMost)} 字节，收到 ${own(bytes)} 字节`,
      told`takes at most ${own(cardBytesAtMost)} bytes, got ${own(bytes)}`,
    )
  const kind = kindOf(card['card_type'], `${path}.card_type`)
  if (card['task_id'] !== undefined)
    throw fault(
      `${path}.task_id`,
      told`由平台生成，不能填写`,
      told`is made by the platform and cannot be given`,
    )
  const check: CardCheck = { isUpdate: use.isUpdate ?? false, warnings: [] }
  const { card_type: _, ...rest } = card
  const fields = partsOfCard(kind)
  for (const name in rest) {
    if (Object.hasOwn(fields, name)) continue
    if (!isBlank(rest[name]) || kindsWith(name).length === 0) throw unknownPart(path, name, kind, fields)
    // Client libraries send every field that any kind has, those without a value as null or as an empty list.
    delete rest[name]
  }
  checkObject(check, { fields }, rest, path)
  checkTogether(card as unknown as TemplateCard, path)
  return check.warnings
}

/** The card as it is sent: without what was left empty. */
export function cardOf(given: object): TemplateCard {
  return JSON.parse(
    JSON.stringify(given, (_key, value) => (isBlank(value) ? undefined : value)),
  ) as TemplateCard
}

export function isInteractive({ card_type }: Pick<TemplateCard, 'card_type'>): boolean {
  return (interactiveTypes as readonly string[]).includes(card_type)
}

/** Whether people can tell the application something by the card, for which WeCom needs its callback. */
export function isAnswerable(card: TemplateCard): boolean {
  return isInteractive(card) || card.action_menu !== undefined
}

function kindOf(value: unknown, path: string): CardType {
  const kind = cardTypes.find(one => one === value)
  if (kind) return kind
  if (value === undefined || value === null || value === '') throw missing(path)
  throw notOneOf(path, cardTypes, value)
}

/** What no field says by itself. */
function checkTogether(card: TemplateCard, path: string): void {
  const { main_title } = card
  if (card.card_type === 'text_notice') {
    if (isBlank(main_title?.title) && isBlank(card.sub_title_text))
      throw fault(
        `${path}.main_title.title`,
        told`与 ${own(`${path}.sub_title_text`)} 至少填一个`,
        told`or ${own(`${path}.sub_title_text`)} is needed`,
      )
  } else if (isBlank(main_title?.title?.trim())) throw missing(`${path}.main_title.title`)
  if ((card.card_type === 'text_notice' || card.card_type === 'news_notice') && !card.card_action.type)
    throw card.card_action.type === undefined
      ? missing(`${path}.card_action.type`)
      : notOneOf(`${path}.card_action.type`, [1, 2], card.card_action.type)
  if (card.card_type === 'news_notice' && !card.card_image && !card.image_text_area)
    throw fault(
      `${path}.card_image`,
      told`与 ${own(`${path}.image_text_area`)} 至少填一个`,
      told`or ${own(`${path}.image_text_area`)} is needed`,
    )
  checkChosen(card, path)
}

/** What is chosen beforehand. */
function checkChosen(card: TemplateCard, path: string): void {
  const selected = (
    select: { selected_id?: string; option_list: readonly { id: string }[] },
    at: string,
  ): void => {
    const { selected_id } = select
    if (isBlank(selected_id) || select.option_list.some(one => one.id === selected_id)) return
    throw fault(
      `${at}.selected_id`,
      told`不是 option_list 中的 id：${String(selected_id)}`,
      told`is no id of option_list: ${String(selected_id)}`,
    )
  }
  if (card.card_type === 'button_interaction' && card.button_selection)
    selected(card.button_selection, `${path}.button_selection`)
  if (card.card_type === 'multiple_interaction')
    card.select_list.forEach((one, index) => {
      selected(one, `${path}.select_list[${index}]`)
    })
  if (card.card_type !== 'vote_interaction' || card.checkbox.mode === 1) return
  const checked = card.checkbox.option_list.filter(one => one.is_checked).length
  if (checked > 1)
    throw fault(
      `${path}.checkbox.option_list`,
      told`单选（mode 0）最多预选 1 项，收到 ${own(checked)} 项`,
      told`with mode 0 at most 1 is checked, got ${own(checked)}`,
    )
}

function unknownPart(path: string, name: string, kind: CardType, fields: object): ApiError {
  const others = kindsWith(name)
  if (others.length === 0) return unknownField(path, name, fields)
  return fault(
    `${path}.${name}`,
    told`不能用于 ${own(kind)}，只用于 ${own(others.join('、'))}`,
    told`cannot stand in ${own(kind)}, only in ${own(others.join(', '))}`,
  )
}
