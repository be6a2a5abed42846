export const text = {
  acknowledge: '知道了',
  acknowledgedBy: '{who} 知道了',
  ended: '结束',
  fix: '怎么改：',
  hint: '问题解决后，提醒从总览移到这里。',
  none: '没有已结束的提醒',
  noneHint: '问题解决后，提醒会出现在这里。',
  notTold: '没有能通知到的管理员',
  open: '需要处理',
  over: '提醒记录',
  since: '开始',
  told: '已通知管理员',
}
