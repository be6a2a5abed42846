import { expect, test } from 'vitest'
import { cardOf, checkCard } from './check-card.ts'

/** What go-workwx and WxJava serialise of a text notice: each field that any kind of card has. */
const emptyFields = {
  source: null,
  action_menu: null,
  quote_area: null,
  emphasis_content: null,
  card_image: null,
  image_text_area: null,
  checkbox: null,
  submit_button: null,
  button_selection: null,
  horizontal_content_list: null,
  jump_list: [],
  vertical_content_list: [],
  button_list: null,
  select_list: [],
}

test('fields of any kind without a value are absent, for the check and in what is sent', () => {
  const card = {
    card_type: 'text_notice',
    main_title: { title: '会议室已为你保留', desc: null },
    card_action: { type: 1, url: 'https://meeting.example.com/', appid: null, pagepath: null },
    ...emptyFields,
  }
  expect(checkCard(card)).toEqual([])
  expect(cardOf(card)).toEqual({
    card_type: 'text_notice',
    main_title: { title: '会议室已为你保留' },
    card_action: { type: 1, url: 'https://meeting.example.com/' },
  })
  expect(() => checkCard({ ...card, butonlist: null })).toThrow('card.butonlist 不是卡片的字段')
  expect(() => checkCard({ ...card, button_list: [{}] })).toThrow('不能用于 text_notice')
  expect(() => checkCard({ ...card, card_action: null })).toThrow('card.card_action 没有填写')
})
