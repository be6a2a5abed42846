export const text = {
  by: '{who} 删除于',
  empty: '30 天内没有删除过',
  hintApp: '删除后 30 天内可以恢复，编号、登录密钥、菜单和图标与删除前相同。待办和登录凭证不恢复。',
  hintDeveloper: '删除后 30 天内可以恢复，devId、密钥、负责人、Webhook 和设备与删除前相同。',
  restore: '恢复',
  restoreNamed: '恢复 {name}',
  restored: '已恢复 {name}',
  restoredSame: '已恢复 {name}；现在有同名的 {ids}',
  title: '最近删除',
  until: '可恢复至',
}
