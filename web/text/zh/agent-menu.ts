import { text as menu } from './official-menu.ts'

/** Those of official accounts, but for what is otherwise with agents. */
export const text = {
  ...menu,
  hint: '应用会话底部的菜单。保存后发布，成员重新进入会话后看到。',
  publishWhat: '成员会看到新的菜单，原来的菜单（包括在企业微信管理后台设置的）不再显示。',
  pull: '从企业微信拉取',
  pulledNone: '企业微信那边没有菜单',
  withdrawWhat: '菜单会从应用的会话里消失；这里编辑的内容会保留。',
  statePublished: '企业微信显示的是版本 {n}',
  stateNewer: '企业微信显示的是版本 {n}，当前编辑的版本 {m} 还没有发布',
  sourcePull: '从企业微信拉取',
  current: '企业微信显示的',
  pic_weixin: '从手机相册选择',
  view_miniprogram: '打开小程序',
  app: '打开平台里的应用',
  other: '本平台不认识的类型（不能发布）',
  appPicked: '应用',
  appPath: '页面，可不填',
  appPathHint: '应用菜单里的 path，或应用自己网站上的地址；不填打开首页。成员自动登录，应用收到 jessionId。',
}
