import type { CardType } from './template-card.ts'

/**
 * What WeCom takes in a card (docs/upstream/wecom-cards.md#fields). `shown`: how many characters are shown; more are cut, which is no
 * mistake. `bytes`: a limit that WeCom refuses.
 */
export type FieldRule =
  | { is: 'text'; required?: true; shown?: number; bytes?: number }
  | { is: 'url'; required?: true }
  | { is: 'choice'; required?: true; of: readonly number[] }
  | { is: 'number'; above: number; below: number }
  | { is: 'flag'; onUpdate?: true }
  | { is: 'object'; required?: true; of: ObjectRule }
  | { is: 'list'; required?: true; max: number; maxOnUpdate?: number; unique?: string; of: ObjectRule }

/** `byType`: what is required of, and without effect beside, each value of the field `type`. */
export type ObjectRule = {
  fields: Readonly<Record<string, FieldRule>>
  byType?: Readonly<Record<number, readonly string[]>>
  /** The type without the field. */
  usualType?: number
}

const textOf = (shown?: number): FieldRule => (shown === undefined ? { is: 'text' } : { is: 'text', shown })
const requiredText = (shown?: number): FieldRule => ({ ...textOf(shown), required: true }) as FieldRule
const key = (required = true): FieldRule => ({
  is: 'text',
  bytes: 1024,
  ...(required ? { required: true as const } : {}),
})
const choice = (of: readonly number[]): FieldRule => ({ is: 'choice', of })

const linkFields = { url: { is: 'url' }, appid: textOf(), pagepath: textOf() } as const
/** 0 leads nowhere, 1 to an address, 2 to a page of a mini-program. */
const linkTypes = { 1: ['url'], 2: ['appid', 'pagepath'] } as const

const optionId: FieldRule = { is: 'text', required: true, bytes: 128 }
const options = (max: number, shown: number, more: Readonly<Record<string, FieldRule>> = {}): FieldRule => ({
  is: 'list',
  required: true,
  max,
  unique: 'id',
  of: { fields: { id: optionId, text: requiredText(shown), ...more } },
})

const parts = {
  source: {
    is: 'object',
    of: { fields: { icon_url: { is: 'url' }, desc: textOf(20), desc_color: choice([0, 1, 2, 3]) } },
  },
  action_menu: {
    is: 'object',
    of: {
      fields: {
        desc: textOf(),
        action_list: {
          is: 'list',
          required: true,
          max: 3,
          maxOnUpdate: 10,
          unique: 'key',
          of: { fields: { text: requiredText(), key: key() } },
        },
      },
    },
  },
  main_title: { is: 'object', of: { fields: { title: textOf(36), desc: textOf(44) } } },
  quote_area: {
    is: 'object',
    of: {
      fields: { type: choice([0, 1, 2]), ...linkFields, title: textOf(), quote_text: textOf() },
      byType: linkTypes,
    },
  },
  sub_title_text: textOf(160),
  horizontal_content_list: {
    is: 'list',
    max: 6,
    of: {
      fields: {
        type: choice([0, 1, 2, 3]),
        keyname: requiredText(5),
        value: textOf(30),
        url: { is: 'url' },
        media_id: textOf(),
        userid: textOf(),
      },
      byType: { 1: ['url'], 2: ['media_id'], 3: ['userid'] },
    },
  },
  jump_list: {
    is: 'list',
    max: 3,
    of: { fields: { type: choice([0, 1, 2]), title: requiredText(18), ...linkFields }, byType: linkTypes },
  },
  card_action: {
    is: 'object',
    of: { fields: { type: choice([0, 1, 2]), ...linkFields }, byType: linkTypes },
  },
  emphasis_content: { is: 'object', of: { fields: { title: textOf(14), desc: textOf(22) } } },
  card_image: {
    is: 'object',
    of: {
      fields: { url: { is: 'url', required: true }, aspect_ratio: { is: 'number', above: 1.3, below: 2.25 } },
    },
  },
  image_text_area: {
    is: 'object',
    of: {
      fields: {
        type: choice([0, 1, 2]),
        ...linkFields,
        title: textOf(),
        desc: textOf(),
        image_url: { is: 'url', required: true },
      },
      byType: linkTypes,
    },
  },
  vertical_content_list: {
    is: 'list',
    max: 4,
    of: { fields: { title: requiredText(38), desc: textOf(160) } },
  },
  button_selection: {
    is: 'object',
    of: {
      fields: {
        question_key: key(),
        title: textOf(),
        option_list: options(10, 16),
        selected_id: { is: 'text', bytes: 128 },
        disable: { is: 'flag', onUpdate: true },
      },
    },
  },
  button_list: {
    is: 'list',
    max: 6,
    unique: 'key',
    of: {
      fields: {
        type: choice([0, 1]),
        text: requiredText(10),
        style: choice([1, 2, 3, 4]),
        key: key(false),
        url: { is: 'url' },
      },
      byType: { 0: ['key'], 1: ['url'] },
      usualType: 0,
    },
  },
  checkbox: {
    is: 'object',
    of: {
      fields: {
        question_key: key(),
        option_list: options(20, 17, { is_checked: { is: 'flag' } }),
        mode: choice([0, 1]),
        disable: { is: 'flag', onUpdate: true },
      },
    },
  },
  select_list: {
    is: 'list',
    max: 3,
    unique: 'question_key',
    of: {
      fields: {
        question_key: key(),
        title: textOf(13),
        selected_id: { is: 'text', bytes: 128 },
        option_list: options(10, 16),
        disable: { is: 'flag', onUpdate: true },
      },
    },
  },
  submit_button: { is: 'object', of: { fields: { text: textOf(10), key: key() } } },
} as const satisfies Readonly<Record<string, FieldRule>>

export type CardPart = keyof typeof parts

/** The parts of each kind. `required` of those that stand in all of its cards. */
const kinds: Readonly<Record<CardType, { required: readonly CardPart[]; optional: readonly CardPart[] }>> = {
  text_notice: {
    required: ['card_action'],
    optional: [
      'source',
      'action_menu',
      'main_title',
      'quote_area',
      'emphasis_content',
      'sub_title_text',
      'horizontal_content_list',
      'jump_list',
    ],
  },
  news_notice: {
    required: ['main_title', 'card_action'],
    optional: [
      'source',
      'action_menu',
      'quote_area',
      'card_image',
      'image_text_area',
      'vertical_content_list',
      'horizontal_content_list',
      'jump_list',
    ],
  },
  button_interaction: {
    required: ['main_title', 'button_list'],
    optional: [
      'source',
      'action_menu',
      'quote_area',
      'sub_title_text',
      'horizontal_content_list',
      'card_action',
      'button_selection',
    ],
  },
  vote_interaction: {
    required: ['main_title', 'checkbox', 'submit_button'],
    optional: ['source', 'action_menu'],
  },
  multiple_interaction: {
    required: ['main_title', 'select_list', 'submit_button'],
    optional: ['source', 'action_menu'],
  },
}

/** The fields of a kind besides `card_type`, with whether each is required. */
export function partsOfCard(kind: CardType): Readonly<Record<string, FieldRule>> {
  const { required, optional } = kinds[kind]
  return Object.fromEntries([
    ...required.map(name => [name, { ...parts[name], required: true }] as const),
    ...optional.map(name => [name, parts[name]] as const),
  ])
}

/** The kinds that have this part; empty for a name that none has. */
export function kindsWith(part: string): CardType[] {
  return (Object.keys(kinds) as CardType[]).filter(kind => Object.hasOwn(partsOfCard(kind), part))
}
