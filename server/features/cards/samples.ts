import type { Words } from '../../platform/words.ts'
import type { CardChange } from '../../upstream/wecom/cards/card-reply.ts'
import { sampleCards } from '../../upstream/wecom/cards/card-samples.ts'
import type { TemplateCard } from '../../upstream/wecom/cards/template-card.ts'

export type CardSample = {
  id: string
  name: Words
  about: Words
  /** Something that administrators send as it stands, with their own words. */
  isNotice: boolean
  card: TemplateCard
  onPress?: CardChange
  firstPressWins: boolean
}

/** Nothing is chosen beforehand: who sends a sample as it stands decides for nobody. */
function unchosen<T>(given: T): T {
  return JSON.parse(
    JSON.stringify(given, (name, value) =>
      name === 'is_checked' || name === 'selected_id' ? undefined : value,
    ),
  ) as T
}

const usual = { isNotice: false, firstPressWins: false }
const notice = { isNotice: true, firstPressWins: false }

/** What the editor of cards begins with: notices that collect, and a card of each kind. */
export const cardSamples: readonly CardSample[] = [
  {
    ...notice,
    id: 'received',
    name: { zh: '收到回执', en: 'Receipt' },
    about: { zh: '请每个人点一下「收到」', en: 'Everybody presses one button' },
    card: {
      card_type: 'button_interaction',
      main_title: { title: '关于调整作息时间的通知', desc: '自下周一起执行' },
      sub_title_text: '上班时间改为 9:00，下班时间改为 18:00。看到后请点「收到」。',
      button_list: [{ text: '收到', style: 1, key: 'received' }],
    },
    onPress: { replaceName: '已收到' },
  },
  {
    ...notice,
    id: 'choice',
    name: { zh: '选择', en: 'Choose' },
    about: { zh: '每人在几个问题里各选一项', en: 'Everybody chooses one option for each question' },
    card: {
      card_type: 'multiple_interaction',
      main_title: { title: '下周三团建安排', desc: '请在周五前选好' },
      select_list: [
        {
          question_key: 'place',
          title: '去哪里',
          option_list: [
            { id: 'hill', text: '爬山' },
            { id: 'lake', text: '游湖' },
          ],
        },
        {
          question_key: 'bus',
          title: '是否坐班车',
          option_list: [
            { id: 'yes', text: '坐' },
            { id: 'no', text: '不坐' },
          ],
        },
      ],
      submit_button: { text: '提交', key: 'submit' },
    },
    onPress: { replaceName: '已提交' },
  },
  {
    ...notice,
    id: 'vote',
    name: { zh: '投票', en: 'Vote' },
    about: { zh: '从一列选项里投一项或几项', en: 'Votes for one or several of a list' },
    card: unchosen(sampleCards.vote_interaction),
    onPress: { replaceName: '已投票' },
  },
  {
    ...usual,
    id: 'button_interaction',
    name: { zh: '审批', en: 'Approval' },
    about: {
      zh: '审批：先点的人决定，其他人看到是谁',
      en: 'An approval: the first press decides, and the others see whose',
    },
    card: unchosen(sampleCards.button_interaction),
    onPress: { replaceName: '已处理' },
    firstPressWins: true,
  },
  {
    ...usual,
    id: 'multiple_interaction',
    name: { zh: '订餐', en: 'Meals' },
    about: { zh: '最多三个下拉问题', en: 'Up to three questions' },
    card: unchosen(sampleCards.multiple_interaction),
  },
  {
    ...usual,
    id: 'vote_interaction',
    name: { zh: '选日期', en: 'Dates' },
    about: { zh: '最多二十个选项', en: 'Up to twenty options' },
    card: unchosen(sampleCards.vote_interaction),
  },
  {
    ...usual,
    id: 'text_notice',
    name: { zh: '会议提醒', en: 'Meeting' },
    about: {
      zh: '带引用、列表和右上角菜单的通知',
      en: 'A notice with a quotation, lines and a menu in its corner',
    },
    card: unchosen(sampleCards.text_notice),
  },
  {
    ...usual,
    id: 'news_notice',
    name: { zh: '图文通知', en: 'Notice with picture' },
    about: { zh: '带图片的通知，不需要回答', en: 'A notice with a picture, not to be answered' },
    card: unchosen(sampleCards.news_notice),
  },
]
