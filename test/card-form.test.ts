import { describe, expect, it } from 'vitest'
import { cardSamples } from '../server/features/cards/samples.ts'
import { withLabel } from '../web/console/messages/compose/card/card-draft.ts'
import { besideField, fieldWords, inLabels } from '../web/console/messages/compose/card/card-words.ts'
import { text } from '../web/text/zh/cards.ts'
import type { WecomCard } from '../web/ui/wecom-card/wecom-card.ts'

const t = (key: keyof typeof text, values: Record<string, string | number> = {}) =>
  text[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))

describe('the keys of a card', () => {
  const buttons = (...list: { key?: string; text?: string }[]): WecomCard => ({
    card_type: 'button_interaction',
    button_list: list,
  })
  it('are made of the labels, each once', () => {
    let card = buttons({ key: 'button_1' }, { key: 'button_2' })
    for (const label of ['同', '同意']) card = withLabel(card, 'button_list[0].text', label, 'key')
    card = withLabel(card, 'button_list[1].text', '同意', 'key')
    expect(card.button_list).toEqual([
      { key: '同意', text: '同意' },
      { key: '同意 2', text: '同意' },
    ])
    // A label that is emptied and written again is followed still.
    card = withLabel(card, 'button_list[1].text', '', 'key')
    card = withLabel(card, 'button_list[1].text', '驳回', 'key')
    expect(card.button_list?.[1]).toEqual({ key: '驳回', text: '驳回' })
  })

  it('stay as somebody wrote them', () => {
    const card = withLabel(buttons({ key: 'agree', text: '同意' }), 'button_list[0].text', '批准', 'key')
    expect(card.button_list).toEqual([{ key: 'agree', text: '批准' }])
  })

  it('take what is chosen beforehand along', () => {
    const select = { question_key: 'meal', selected_id: '1', option_list: [{ id: '1' }, { id: '2' }] }
    const card = { card_type: 'multiple_interaction', select_list: [select] } as WecomCard
    const named = withLabel(card, 'select_list[0].option_list[0].text', '米饭', 'id')
    expect(named.select_list?.[0]).toMatchObject({
      selected_id: '米饭',
      option_list: [{ id: '米饭' }, { id: '2' }],
    })
  })
})

it.each([
  ['main_title.title', '卡片标题'],
  ['button_list[1].text', '按钮 2 · 按钮文字'],
  ['select_list[0].option_list[2].id', '选择题 1 · 选项 3 · 选项 id'],
  ['card_action.url', '点击整张卡片 · 链接'],
  ['horizontal_content_list[0].keyname', '行 1 · 名称'],
  ['colour', 'colour'],
])('the field %s is called %s', (path, words) => {
  expect(fieldWords(t, path)).toBe(words)
})

it('says what is wrong with a card without its paths', () => {
  const said = 'card.main_title.title 与 card.sub_title_text 至少填一个'
  expect(inLabels(t, said)).toBe('“卡片标题” 与 “二级文本” 至少填一个')
  expect(besideField(t, said)).toBe('与 “二级文本” 至少填一个')
  expect(inLabels(t, 'onPress.card.button_list[0].key 没有填写')).toBe('“按钮 1 · 标识 key” 没有填写')
})

it('chooses nothing beforehand in a sample, so that sending it as it stands votes for nobody', () => {
  expect(JSON.stringify(cardSamples)).not.toMatch(/is_checked|selected_id/)
})
