import { describe, expect, test } from 'vitest'
import { ApiError } from '../../../platform/http/errors.ts'
import { sampleCards } from './card-samples.ts'
import { cardOf, checkCard, isAnswerable, isInteractive } from './check-card.ts'
import { type CardType, cardTypes } from './template-card.ts'

type Json = Record<string, unknown>

/** The sample with another value at this path; undefined takes the field away. */
function changed(kind: CardType, path: string, value: unknown): Json {
  const card = structuredClone(sampleCards[kind]) as unknown as Json
  const keys = path.split(/[.[\]]+/).filter(Boolean)
  const last = keys.pop() as string
  let at: Json = card
  for (const key of keys) {
    at[key] ??= {}
    at = at[key] as Json
  }
  if (value === undefined) delete at[last]
  else at[last] = value
  return card
}

function refusal(card: unknown, use?: Parameters<typeof checkCard>[1]): { zh: string; en: string } {
  try {
    checkCard(card, use)
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError)
    const fault = error as ApiError
    expect(fault.code).toBe('1000')
    return { zh: fault.messageIn('zh'), en: fault.messageIn('en') }
  }
  throw new Error('nothing was refused')
}

/** All paths of a value, objects and lists included. */
function pathsIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([key, one]) =>
    pathsIn(one, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key),
  )
  return path ? [path, ...below] : below
}

describe.each(cardTypes)('%s', kind => {
  test('the sample is right, and nothing of it is cut', () => {
    expect(checkCard(sampleCards[kind])).toEqual([])
  })

  test('each field of another type is refused where it stands', () => {
    for (const path of pathsIn(sampleCards[kind])) {
      for (const wrong of [{ wrong: 1 }, [1], 99.5]) {
        const { zh, en } = refusal(changed(kind, path, wrong))
        expect(zh).toContain(`card.${path}`)
        expect(en).toContain(`card.${path}`)
      }
    }
  })

  test('a field that nobody knows is refused in each object, with what was probably meant', () => {
    const objects = pathsIn(sampleCards[kind]).filter(path => {
      const value = path.split(/[.[\]]+/).reduce<unknown>((at, key) => (at as Json)[key], sampleCards[kind])
      return typeof value === 'object' && !Array.isArray(value)
    })
    for (const path of ['', ...objects.map(one => `${one}.`)]) {
      expect(refusal(changed(kind, `${path}colour`, 1)).zh).toContain(`card.${path}colour 不是卡片的字段`)
    }
  })
})

const long = (n: number) => '长'.repeat(n)
const buttons = (n: number) => Array.from({ length: n }, (_, i) => ({ text: `按钮${i}`, key: `k${i}` }))
const options = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `o${i}`, text: `选项${i}` }))
const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ keyname: `行${i}` }))

test.each<[string, CardType, string, unknown, string]>([
  ['no kind', 'text_notice', 'card_type', undefined, 'card.card_type 没有填写'],
  ['an unknown kind', 'text_notice', 'card_type', 'notice', 'card.card_type 应为 text_notice、'],
  ['a given task_id', 'vote_interaction', 'task_id', 't1', 'card.task_id 由平台生成'],
  [
    'a part of another kind',
    'text_notice',
    'checkbox',
    {},
    'card.checkbox 不能用于 text_notice，只用于 vote_interaction',
  ],
  [
    'replace_text as a field',
    'button_interaction',
    'replace_text',
    '已处理',
    'card.replace_text 不是卡片的字段',
  ],
  [
    'a mistyped field',
    'button_interaction',
    'main_titel',
    {},
    'card.main_titel 不是卡片的字段，是否为 main_title？',
  ],
  [
    'a mistyped field below',
    'button_interaction',
    'button_list[1].keys',
    'x',
    'card.button_list[1].keys 不是卡片的字段，是否为 key？',
  ],
  [
    'a wrong colour',
    'text_notice',
    'source.desc_color',
    4,
    'card.source.desc_color 应为 0、1、2、3 之一，收到 4',
  ],
  [
    'a number as a text',
    'text_notice',
    'source.desc_color',
    '1',
    'card.source.desc_color 应为 0、1、2、3 之一，收到 "1"',
  ],
  ['neither title nor subtitle', 'text_notice', 'main_title', undefined, ''],
  ['no title', 'button_interaction', 'main_title.title', '', 'card.main_title.title 没有填写'],
  ['a blank title', 'vote_interaction', 'main_title.title', '  ', 'card.main_title.title 没有填写'],
  ['no main_title', 'multiple_interaction', 'main_title', undefined, 'card.main_title 没有填写'],
  ['no card_action', 'text_notice', 'card_action', undefined, 'card.card_action 没有填写'],
  [
    'a card_action that leads nowhere',
    'news_notice',
    'card_action',
    { type: 0 },
    'card.card_action.type 应为 1、2 之一，收到 0',
  ],
  [
    'a card_action without a type',
    'news_notice',
    'card_action',
    { url: 'https://a.example' },
    'card.card_action.type 没有填写',
  ],
  [
    'a link without an address',
    'text_notice',
    'card_action',
    { type: 1 },
    'card.card_action.url 没有填写，type 为 1 时必填',
  ],
  [
    'a mini-program without an appid',
    'text_notice',
    'card_action',
    { type: 2 },
    'card.card_action.appid 没有填写，type 为 2 时必填',
  ],
  [
    'an address of a script',
    'text_notice',
    'card_action.url',
    'javascript:alert(1)',
    'card.card_action.url 应为完整的 http(s) 地址，收到 javascript:alert(1)',
  ],
  [
    'an address without a scheme',
    'text_notice',
    'jump_list[0].url',
    'oa.example.com',
    'card.jump_list[0].url 应为完整的 http(s) 地址',
  ],
  [
    'an address that is too long',
    'text_notice',
    'jump_list[0].url',
    `https://a.example/${'x'.repeat(2048)}`,
    'card.jump_list[0].url 最多 2048 字节，收到 2066 字节',
  ],
  [
    'an icon without http',
    'news_notice',
    'card_image.url',
    'data:image/png;base64,AA',
    'card.card_image.url 应为完整的 http(s) 地址',
  ],
  [
    'a picture that is too narrow',
    'news_notice',
    'card_image.aspect_ratio',
    1.2,
    'card.card_image.aspect_ratio 应为不小于 1.3、小于 2.25 的数字，收到 1.2',
  ],
  [
    'a picture that is too wide',
    'news_notice',
    'card_image.aspect_ratio',
    2.25,
    'card.card_image.aspect_ratio 应为不小于 1.3、小于 2.25',
  ],
  [
    'seven lines',
    'text_notice',
    'horizontal_content_list',
    rows(7),
    'card.horizontal_content_list 最多 6 项，收到 7 项',
  ],
  [
    'a line without a name',
    'text_notice',
    'horizontal_content_list[1].keyname',
    '',
    'card.horizontal_content_list[1].keyname 没有填写',
  ],
  [
    'a member without a userid',
    'text_notice',
    'horizontal_content_list[0].userid',
    undefined,
    'card.horizontal_content_list[0].userid 没有填写，type 为 3 时必填',
  ],
  [
    'a file without a media_id',
    'text_notice',
    'horizontal_content_list[1].type',
    2,
    'card.horizontal_content_list[1].media_id 没有填写',
  ],
  [
    'four jumps',
    'text_notice',
    'jump_list',
    Array(4).fill({ title: 'x' }),
    'card.jump_list 最多 3 项，收到 4 项',
  ],
  [
    'five vertical lines',
    'news_notice',
    'vertical_content_list',
    Array(5).fill({ title: 'x' }),
    'card.vertical_content_list 最多 4 项，收到 5 项',
  ],
  ['an empty menu', 'text_notice', 'action_menu.action_list', [], 'card.action_menu.action_list 没有填写'],
  [
    'four lines of the menu',
    'text_notice',
    'action_menu.action_list',
    buttons(4),
    'card.action_menu.action_list 最多 3 项，收到 4 项',
  ],
  [
    'the same line of the menu twice',
    'text_notice',
    'action_menu.action_list[1].key',
    'cancel',
    'card.action_menu.action_list[1].key 与 card.action_menu.action_list[0].key 重复：cancel',
  ],
  ['seven buttons', 'button_interaction', 'button_list', buttons(7), 'card.button_list 最多 6 项，收到 7 项'],
  ['no button', 'button_interaction', 'button_list', [], 'card.button_list 没有填写'],
  [
    'the same key twice',
    'button_interaction',
    'button_list[1].key',
    'agree',
    'card.button_list[1].key 与 card.button_list[0].key 重复：agree',
  ],
  [
    'a button without a key',
    'button_interaction',
    'button_list[1].key',
    undefined,
    'card.button_list[1].key 没有填写，type 为 0 时必填',
  ],
  [
    'a key that is too long',
    'button_interaction',
    'button_list[1].key',
    long(342),
    'card.button_list[1].key 最多 1024 字节，收到 1026 字节',
  ],
  [
    'a style of 5',
    'button_interaction',
    'button_list[0].style',
    5,
    'card.button_list[0].style 应为 1、2、3、4 之一，收到 5',
  ],
  [
    'a choice that is none',
    'button_interaction',
    'button_selection.selected_id',
    'lisi',
    'card.button_selection.selected_id 不是 option_list 中的 id：lisi',
  ],
  [
    'eleven options of a selection',
    'button_interaction',
    'button_selection.option_list',
    options(11),
    'card.button_selection.option_list 最多 10 项，收到 11 项',
  ],
  [
    'a vote with 21 options',
    'vote_interaction',
    'checkbox.option_list',
    options(21),
    'card.checkbox.option_list 最多 20 项，收到 21 项',
  ],
  [
    'a vote without options',
    'vote_interaction',
    'checkbox.option_list',
    [],
    'card.checkbox.option_list 没有填写',
  ],
  [
    'the same option twice',
    'vote_interaction',
    'checkbox.option_list[2].id',
    'd1',
    'card.checkbox.option_list[2].id 与 card.checkbox.option_list[0].id 重复',
  ],
  [
    'an option id that is too long',
    'vote_interaction',
    'checkbox.option_list[0].id',
    'x'.repeat(129),
    'card.checkbox.option_list[0].id 最多 128 字节，收到 129 字节',
  ],
  ['a mode of 2', 'vote_interaction', 'checkbox.mode', 2, 'card.checkbox.mode 应为 0、1 之一，收到 2'],
  [
    'two ticks where one is taken',
    'vote_interaction',
    'checkbox',
    { question_key: 'q', option_list: options(2).map(one => ({ ...one, is_checked: true })) },
    'card.checkbox.option_list 单选（mode 0）最多预选 1 项，收到 2 项',
  ],
  [
    'a tick that is no boolean',
    'vote_interaction',
    'checkbox.option_list[0].is_checked',
    1,
    'card.checkbox.option_list[0].is_checked 应为 true 或 false',
  ],
  [
    'disable in a new card',
    'vote_interaction',
    'checkbox.disable',
    true,
    'card.checkbox.disable 只能在更新卡片时填写',
  ],
  ['no submit button', 'vote_interaction', 'submit_button', undefined, 'card.submit_button 没有填写'],
  [
    'four questions',
    'multiple_interaction',
    'select_list',
    Array.from({ length: 4 }, (_, i) => ({ question_key: `q${i}`, option_list: options(1) })),
    'card.select_list 最多 3 项，收到 4 项',
  ],
  [
    'the same question twice',
    'multiple_interaction',
    'select_list[1].question_key',
    'lunch',
    'card.select_list[1].question_key 与 card.select_list[0].question_key 重复',
  ],
  [
    'a question without a key',
    'multiple_interaction',
    'select_list[1].question_key',
    undefined,
    'card.select_list[1].question_key 没有填写',
  ],
  ['a control character', 'text_notice', 'source.desc', 'a\u0000b', 'card.source.desc 含有控制字符，请去掉'],
  ['half a character', 'text_notice', 'source.desc', 'a\ud800', 'card.source.desc 含有不成对的代理字符'],
])('%s is refused', (_name, kind, path, value, expected) => {
  const card = changed(kind, path, value)
  if (path === 'main_title' && kind === 'text_notice') {
    delete card['sub_title_text']
    expect(refusal(card).zh).toContain('card.main_title.title 与 card.sub_title_text 至少填一个')
    return
  }
  const { zh, en } = refusal(card)
  expect(zh).toContain(expected)
  expect(en).toMatch(/card\./)
})

test.each([
  ['six buttons', 'button_interaction', 'button_list', buttons(6)],
  ['twenty options', 'vote_interaction', 'checkbox.option_list', options(20)],
  ['ten options', 'button_interaction', 'button_selection', { question_key: 'q', option_list: options(10) }],
  ['a key of 1024 bytes', 'button_interaction', 'button_list[0].key', 'k'.repeat(1024)],
  ['the usual aspect', 'news_notice', 'card_image.aspect_ratio', 1.3],
  [
    'a button that opens an address',
    'button_interaction',
    'button_list[1]',
    { type: 1, text: '打开', url: 'https://a.example' },
  ],
  ['empty optional fields', 'text_notice', 'source', { desc: '', icon_url: null }],
] as const)('%s is taken', (_name, kind, path, value) => {
  expect(checkCard(changed(kind, path, value))).toEqual([])
})

test('what is not a card at all is refused', () => {
  for (const wrong of [null, 'text', 7, [], [sampleCards.text_notice]])
    expect(refusal(wrong).zh).toContain('card 应为 JSON 对象')
  const large = changed('text_notice', 'sub_title_text', long(12_000))
  expect(refusal(large).zh).toContain('card 最多 30000 字节')
})

test('characters that WeCom cuts, tags and fields without effect are warnings', () => {
  const warned = (kind: CardType, path: string, value: unknown) => checkCard(changed(kind, path, value))
  expect(warned('text_notice', 'main_title.title', long(36))).toEqual([])
  expect(warned('text_notice', 'main_title.title', long(37))).toEqual([
    { path: 'card.main_title.title', why: 'long', limit: 36, given: 37 },
  ])
  expect(warned('button_interaction', 'button_list[1].text', '😀'.repeat(11))).toEqual([
    { path: 'card.button_list[1].text', why: 'long', limit: 10, given: 11 },
  ])
  expect(warned('vote_interaction', 'main_title.title', '<b>重要</b>')).toEqual([
    { path: 'card.main_title.title', why: 'markup' },
  ])
  expect(warned('vote_interaction', 'main_title.title', '3 < 5 > 2')).toEqual([])
  expect(warned('text_notice', 'card_action', { type: 2, appid: 'wx1', url: 'https://a.example' })).toEqual([
    { path: 'card.card_action.url', why: 'ignored' },
  ])
})

test('a card that takes the place of another may have ten lines in its menu and be disabled', () => {
  const use = { path: 'onPress.card', isUpdate: true }
  expect(checkCard(changed('text_notice', 'action_menu.action_list', buttons(10)), use)).toEqual([])
  expect(refusal(changed('text_notice', 'action_menu.action_list', buttons(11)), use).zh).toContain(
    'onPress.card.action_menu.action_list 最多 10 项',
  )
  expect(checkCard(changed('vote_interaction', 'checkbox.disable', true), use)).toEqual([])
})

test('what was left empty is not sent', () => {
  const card = changed('text_notice', 'source', { desc: '', icon_url: null, desc_color: 0 })
  expect(cardOf(card).source).toEqual({ desc_color: 0 })
})

test('which cards need the callback of the agent', () => {
  expect(cardTypes.filter(kind => isInteractive(sampleCards[kind]))).toEqual([
    'button_interaction',
    'vote_interaction',
    'multiple_interaction',
  ])
  expect(isAnswerable(sampleCards.text_notice)).toBe(true)
  expect(isAnswerable(sampleCards.news_notice)).toBe(false)
})
