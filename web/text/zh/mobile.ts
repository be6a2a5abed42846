export const text = {
  apps: '工作台',
  edit: '管理',
  favouritesHint: '点“管理”，把常用的应用放到这里',
  me: '我的',
  messages: '消息',
  tabs: '主要页面',
  todos: '待办',
}
