export const text = {
  clearSelection: '取消选择',
  noContent: '没有内容：平台会自己去读取。',
  plain: '解密后的内容',
  raw: '收到的原文',
  replay: '重放',
  replayOne: '重放这一条',
  replayAll: '重放筛选出的全部 {n} 条',
  replayed: '{n} 条已重新排队',
  replaySelected: '重放选中的 {n} 条',
  replayTitle: '重放 {n} 条？',
}
