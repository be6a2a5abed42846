import type { CardButton, TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { MemberNotice } from '../../messages/accept/tell-members.ts'
import type { Todo } from '../todo.ts'
import type { CardFace } from './card-store.ts'

/** Keys of what people press on a card. */
export const cardKeys = { finish: 'finish', refresh: 'refresh' } as const

/** What a card says besides its to-do. `dueAt` is already in the corp's time. */
export type CardFrame = { appName: string; url: string; dueAt: string }

/** WeCom cuts what is longer. */
const titleAtMost = 36
const lineAtMost = 30
const aboutAtMost = 44
const contentAtMost = 112

const cut = (text: string, atMost: number) => {
  const all = [...text]
  return all.length > atMost ? `${all.slice(0, atMost - 1).join('')}…` : text
}

/**
 * The card of an open to-do. One that its person finishes has a button for it; any other has a corner menu, because WeCom changes
 * no card without either (docs/upstream/wecom-cards.md#the-life-of-a-card).
 */
export function openCard(todo: Todo, around: CardFrame): TemplateCard {
  const common = commonOf(todo, around)
  if (todo.finishBy !== 'person')
    return {
      card_type: 'text_notice',
      ...common,
      action_menu: {
        desc: '待办',
        action_list: [{ text: '刷新状态', key: cardKeys.refresh }],
      },
      jump_list: [{ type: 1, title: '去处理', url: around.url }],
    }
  const buttons: CardButton[] = [
    { type: 1, text: '查看', style: 2, url: around.url },
    { text: '完成', style: 1, key: cardKeys.finish },
  ]
  return { card_type: 'button_interaction', ...common, button_list: buttons }
}

const endings: Record<Exclude<CardFace, 'open'>, string> = {
  done: '已完成',
  withdrawn: '已撤回',
  moved: '已由他人处理',
}

/** What the card becomes when there is nothing to do any more. Its link stays, and tells the truth. */
export function endedCard(todo: Todo, shows: Exclude<CardFace, 'open'>, around: CardFrame): TemplateCard {
  return {
    card_type: 'text_notice',
    ...commonOf(todo, around),
    emphasis_content: { title: endings[shows], desc: todo.kind === 'read' ? '待阅' : '待办' },
  }
}

function commonOf(todo: Todo, { appName, url, dueAt }: CardFrame) {
  const about = [todo.process, todo.step].filter(Boolean).join(' · ')
  const lines = [
    { keyname: '发起人', value: cut(todo.sender, lineAtMost) },
    { keyname: '截止', value: dueAt },
    { keyname: '优先级', value: ['', '重要', '紧急'][todo.priority] ?? '' },
  ].filter(line => line.value !== '')
  return {
    source: { desc: cut(appName, 20) },
    main_title: { title: cut(todo.title, titleAtMost), ...(about ? { desc: cut(about, aboutAtMost) } : {}) },
    ...(todo.content ? { sub_title_text: cut(todo.content, contentAtMost) } : {}),
    ...(lines.length > 0 ? { horizontal_content_list: lines } : {}),
    card_action: { type: 1 as const, url },
  }
}

/** The same for people who read in WeChat or by mail: nothing of it changes, and its link tells the truth. */
export function noticeOf(todo: Todo, { appName, url, dueAt }: CardFrame): MemberNotice {
  const lines = [
    [todo.process, todo.step].filter(Boolean).join(' · '),
    todo.sender && `发起人：${todo.sender}`,
    dueAt && `截止：${dueAt}`,
    todo.content,
  ].filter(Boolean)
  return {
    msgType: '01',
    agentName: appName,
    title: todo.title,
    content: lines.join('\n') || (todo.kind === 'read' ? '请阅读' : '请处理'),
    url,
    btntxt: todo.kind === 'read' ? '去阅读' : '去处理',
  }
}
