import { text as replies } from './official-replies.ts'

/** Those of official accounts, but for what is otherwise with agents. */
export const text = {
  ...replies,
  hint: '按规则回复给应用发消息、进入应用、点应用菜单的成员。',
  'kindHint:subscribe': '成员进入应用的可见范围时回复。',
  'kind:subscribe': '进入可见范围时',
  'kindHint:menu':
    '点击有 key 的菜单按钮时，按 key 回复；拍照、相册、位置、直接扫码的按钮由应用另发消息回复。',
  'wordsHint:regex': 'RE2 语法，没有环视和反向引用；每个应用的规则与流程合计最多 50 个。',
  emptyHint: '添加欢迎语、关键词回复或默认回复，右侧可以试试效果。',
  timeoutTextHint: '到时还没有回答，就由应用发出。',
  removeFlowHint: '正在流程中的成员会离开流程。',
  simulatorHint: '像成员一样发消息，看看由哪条规则回复。什么也不会发出去。',
  'do:subscribe': '进入可见范围',
  'do:unsubscribe': '离开可见范围',
  'did:subscribe': '（进入可见范围）',
  'did:unsubscribe': '（离开可见范围）',
  notHeard: '企业微信还没有把成员的消息推送到这里，规则不会生效。',
  toCallback: '设置接收消息',
  unsent: '最近一天有 {n} 条回复没有发出：{why}',
  forwardHint: '有规则符合时由规则回复；没有规则符合、又设置了转发时，由原来的系统回复。',
}
